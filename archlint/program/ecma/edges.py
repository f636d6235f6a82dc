"""Call edges: direct calls, callbacks, events and process boundaries; and how much was resolved."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archlint.model import ir
from archlint.program.ecma.accessors import Accessors
from archlint.program.ecma.calls import Reached
from archlint.program.ecma.entries import Entries
from archlint.program.ecma.events import Events
from archlint.program.ecma.implicit import Implicit
from archlint.program.ecma.index import FunctionIndex
from archlint.program.ecma.values import FunctionValue, ListValue, Value
from archlint.program.program import CallEdge, ModuleEdge

if TYPE_CHECKING:
    from archlint.program.ecma.linker import EcmaLinker

Id = tuple[str, int]
Place = tuple[FunctionIndex, ir.Call]
_FUNCTIONAL = (ir.FunctionRef, ir.Name, ir.Member, ir.Call, ir.Conditional, ir.Object, ir.Array)


class Edges:
    """Collects edges, the first site of each (caller, callee)."""

    def __init__(self, linker: EcmaLinker, entries: Entries) -> None:
        self._ev = linker.evaluator
        self._facts = linker.facts
        self._entries = entries
        self._events = Events(linker.evaluator)
        self._edges: dict[tuple[Id, Id, bool], CallEdge] = {}
        self._handed: dict[Id, set[Id]] = {}
        self._counts = [0, 0, 0]
        self.resolved: list[tuple[FunctionIndex, ir.Call, Reached, list[Id]]] = []
        """Calls of which something is known, with what they reach and the functions they pass."""
        files = [file for path in linker.paths if (file := linker.evaluator.file(path))]
        self._callable = {fn.facts.name for file in files for fn in file.functions}
        self._accessors = Accessors(linker.evaluator, files)
        self._implicit = Implicit(linker.evaluator, files)

    def run(self, places: list[Place]) -> None:
        """Add the edges of all calls."""
        resolved = self.resolved
        for fn, call in places:
            reached = self._ev.calls.reached(fn, call)
            given = self._given(fn, call) if call.args else []
            self._count(reached)
            if given:
                for ident in reached.functions:
                    self._handed.setdefault(ident, set()).update(given)
            if reached.known or given:
                resolved.append((fn, call, reached, given))
        for fn, call, reached, given in resolved:
            self._direct(fn, call, reached)
            if given:
                self._callbacks(fn, call, reached, given)
            if reached.externals:
                self._events.emit(fn, call, reached)
        for emit, listener, at in self._events.edges():
            self._add(emit, listener, at, "event", "")
        for caller, listener, at in self._events.unheard():
            self._add(caller, listener, at, "callback", "")
        for unwritten in (self._accessors.edges(), self._implicit.edges()):
            for caller, callee, at, note in unwritten:
                self._add(caller, callee, at, "call", note)

    def found(self) -> list[CallEdge]:
        """All edges, sorted."""
        return sorted(self._edges.values(), key=lambda e: (e.caller, e.callee, e.at, e.kind))

    def counts(self) -> tuple[int, int, int]:
        """Calls, resolved calls, and those of them that lead outside the repo."""
        return (self._counts[0], self._counts[1], self._counts[2])

    def top_levels(self, modules: list[ModuleEdge]) -> None:
        """Importing a module runs its top level."""
        for edge in modules:
            if edge.target in self._facts and not edge.type_only:
                self._add((edge.source, 0), (edge.target, 0), edge.at, "call", "import")

    def _count(self, reached: Reached) -> None:
        self._counts[0] += 1
        if reached.known:
            self._counts[1] += 1
            if not reached.functions and reached.externals:
                self._counts[2] += 1

    def _add(self, caller: Id, callee: Id, at: int, kind: str, note: str) -> None:
        key = (caller, callee, kind == "process")
        known = self._edges.get(key)
        if known is None or (known.kind == "callback" and kind == "call"):
            self._edges[key] = CallEdge(caller, callee, at, kind, note)

    # ---------------------------------------------------------- direct calls

    def _direct(self, fn: FunctionIndex, call: ir.Call, reached: Reached) -> None:
        if reached.functions:
            kind = "construct" if call.new else "call"
            handed = self._handed_here(fn, call)
            for ident in reached.functions:
                if ident not in handed:
                    self._add(fn.id, ident, call.at, kind, reached.note)
        for value in reached.externals:
            for target in self._entries.processes(fn, call, value):
                self._add(fn.id, (target, 0), call.at, "process", "")

    def _handed_here(self, fn: FunctionIndex, call: ir.Call) -> set[Id]:
        """Functions that callers handed in, when the callee is a parameter."""
        callee = call.callee
        if isinstance(callee, ir.Member) and callee.name in {"call", "apply"}:
            callee = callee.object
        return self._owners(fn, callee)

    def _owners(self, fn: FunctionIndex, expr: ir.Expr) -> set[Id]:
        if isinstance(expr, ir.Name):
            binding = self._ev.binding(fn, expr)
            if binding is not None and binding.parameter >= 0:
                return self._handed.get((binding.path, binding.function), set())
        return set()

    # -------------------------------------------------------------- callbacks

    def _given(self, fn: FunctionIndex, call: ir.Call) -> list[Id]:
        """The functions among a call's arguments, in option objects too."""
        found: dict[Id, None] = {}
        for arg in call.args:
            if not isinstance(arg, _FUNCTIONAL):
                continue
            if isinstance(arg, ir.FunctionRef):
                found[(fn.file.path, arg.index)] = None
            elif isinstance(arg, ir.Object):
                for entry in arg.entries:
                    if isinstance(entry.value, ir.FunctionRef) and entry.kind != "get":
                        found[(fn.file.path, entry.value.index)] = None
            elif self._may_be_function(arg):
                self._collect(self._ev.values(fn, arg), found, 0)
        return list(found)

    def _may_be_function(self, arg: ir.Expr) -> bool:
        """Whether it is worth evaluating: members whose name no function has are not."""
        if isinstance(arg, ir.Call):
            callee = arg.callee
            if isinstance(callee, ir.Member):
                return callee.name in self._callable or callee.name == "bind"
            return not isinstance(callee, ir.Name) or callee.id in self._callable
        return not isinstance(arg, ir.Member) or arg.name in self._callable

    def _collect(self, values: tuple[Value, ...], found: dict[Id, None], depth: int) -> None:
        for value in values:
            kind = type(value)
            if kind is FunctionValue:
                found[(value.path, value.index)] = None  # type: ignore[union-attr]
            elif kind is ListValue and depth < 2:
                self._collect(value.items, found, depth + 1)  # type: ignore[union-attr]

    def _callbacks(
        self, fn: FunctionIndex, call: ir.Call, reached: Reached, functions: list[Id]
    ) -> None:
        """Functions that a call hands over run because of it, unless an entry point takes them."""
        if not functions:
            return
        taken = self._entries.taken(call)
        if self._events.note(fn, call, reached, functions):
            return
        passed: set[Id] = set()
        for arg in call.args:
            passed |= self._owners(fn, arg)
        note = ""
        if reached.functions:
            callee = self._ev.function(reached.functions[0])
            note = f"through {callee.facts.name}" if callee and callee.facts.name else ""
        for ident in functions:
            if ident not in taken and ident not in passed:
                self._add(fn.id, ident, call.at, "callback", note)
