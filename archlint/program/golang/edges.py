"""The call graph's Go half: an edge for each call, spawn and function value handed over."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import msgspec

from archlint.model import ir
from archlint.program.golang.calls import Callee
from archlint.program.golang.place import Place
from archlint.program.golang.scopes import Body
from archlint.program.golang.source import Unit
from archlint.program.golang.types import Func, FunctionId, Type
from archlint.program.golang.values import Value
from archlint.program.program import CallEdge, Linked

if TYPE_CHECKING:
    from archlint.program.golang.linker import GoLinker

_NO_CALL = {"builtin", "conversion"}
_HELD = {ir.FunctionRef, ir.Member, ir.Name}
_ONCE = {"sync.Once.Do", "sync.OnceFunc", "sync.OnceValue", "sync.OnceValues"}
VALUE_CAP = 12
"""Functions that a field or variable may hold and a call through it still follows."""


class Resolution(msgspec.Struct, frozen=True, gc=False, eq=False):
    """What a call runs: in-repo ``targets``, or ``external``, the name of what is outside.

    ``note`` says what was assumed ("interface with 3 implementations"). ``kind`` is function,
    method, dynamic, value, closure, builtin, conversion or unknown; ``receiver`` the receiver's
    type.
    """

    targets: tuple[FunctionId, ...] = ()
    external: str = ""
    note: str = ""
    kind: str = "unknown"
    signature: Func | None = None
    receiver: Type | None = None


class CallGraph:
    """Resolves every call once."""

    def __init__(self, linker: GoLinker) -> None:
        self._linker = linker
        self._memo: dict[int, Resolution] = {}

    def resolve(self, unit: Unit, index: int, call: ir.Call) -> Resolution:
        """What the call runs."""
        callee = self._linker.calls.callee(unit, index, call)
        found: Resolution | None = callee.resolution
        if found is None:
            found = self._memo.get(id(call))
            if found is None:
                found = self._resolution(Place(unit, index, call), callee)
                if callee.kind == "value" or self._by_value(callee, call):
                    self._memo[id(call)] = found
                else:
                    callee.resolution = found
        return found

    def _resolution(self, place: Place, callee: Callee) -> Resolution:
        kind, signature = callee.kind, callee.signature
        if kind in _NO_CALL:
            return Resolution(external=callee.canonical, kind=kind, signature=signature)
        if callee.functions:
            note = "build constraints choose" if len(callee.functions) > 1 else ""
            return Resolution(callee.functions, "", note, kind, signature, callee.receiver)
        targets: tuple[FunctionId, ...] = ()
        note = ""
        assert isinstance(place.expr, ir.Call)
        if kind == "dynamic" and isinstance(place.expr.callee, ir.Member):
            targets = self._dispatched(place, callee, place.expr.callee)
            note = f"interface with {len(targets)} implementations" if len(targets) > 1 else ""
        elif kind == "value":
            targets = self.functions(Place(place.unit, place.holder, place.expr.callee))
            note = f"function value, {len(targets)} possible" if len(targets) > 1 else ""
        external = callee.canonical if self._outside(callee) else ""
        return Resolution(targets, external, note, kind, signature, callee.receiver)

    def _by_value(self, callee: Callee, call: ir.Call) -> bool:
        """Whether what an interface call runs depends on where its receiver comes from."""
        method = call.callee
        return (
            callee.kind == "dynamic"
            and type(method) is ir.Member
            and self._linker.dispatch.too_many(callee.receiver, method.name)
        )

    def _dispatched(
        self, place: Place, callee: Callee, method: ir.Member
    ) -> tuple[FunctionId, ...]:
        """The methods that an interface call runs; where they are many, of what a factory makes."""
        dispatch = self._linker.dispatch
        if not dispatch.too_many(callee.receiver, method.name):
            return dispatch.targets(callee.receiver, method.name)
        made = self._linker.values.of(Place(place.unit, place.holder, method.object))
        values = self._passed_in(made, 0)
        types = {value.definition for value in values if value.definition is not None}
        return dispatch.among(callee.receiver, method.name, types)

    def _outside(self, callee: Callee) -> bool:
        return bool(callee.canonical) and not self._linker.is_local(callee.package)

    def functions(self, place: Place) -> tuple[FunctionId, ...]:
        """The functions that an expression may hold, parameters left out; none when too many."""
        values = self._linker.values.of(place)
        found = sorted({value.function for value in values if value.kind == "function"})
        return tuple(found) if len(found) <= VALUE_CAP else ()

    def expand(self, values: tuple[Value, ...]) -> set[FunctionId]:
        """The functions among the values, with what callers pass in place of parameters."""
        return {value.function for value in self._passed_in(values, 0) if value.kind == "function"}

    def _passed_in(self, values: tuple[Value, ...], depth: int) -> Iterator[Value]:
        """The values, with what callers pass in place of parameters."""
        for value in values:
            if value.kind != "param":
                yield value
            elif depth < 3:
                for place in self._linker.index.callers.get(value.function, ())[:60]:
                    call = place.expr
                    assert isinstance(call, ir.Call)
                    if value.slot < len(call.args):
                        inner = Place(place.unit, place.holder, call.args[value.slot])
                        yield from self._passed_in(self._linker.values.of(inner), depth + 1)

    # --------------------------------------------------------------- edges

    def link(self, linked: Linked) -> None:
        """Add an edge for each call and function value, and count calls."""
        for unit in self._linker.world.production():
            for function in unit.facts.functions:
                body = unit.body(function.index)
                if body.calls:
                    self._function(unit, function.index, body, linked)

    def _function(self, unit: Unit, index: int, body: Body, linked: Linked) -> None:
        caller = (unit.facts.path, index)
        edges = linked.edges
        spawned = {id(call) for call, stmt in body.dropped if type(stmt) is ir.Spawn}
        for call in body.calls:
            found = self.resolve(unit, index, call)
            value = found.kind == "value"
            if found.kind in _NO_CALL:
                continue
            linked.calls += 1
            if found.targets:
                linked.calls_resolved += 1
                kind = "spawn" if id(call) in spawned else "call"
                for target in found.targets:
                    edges.append(CallEdge(caller, target, call.paren, kind, found.note))
            elif found.external:
                linked.calls_resolved += value or found.signature is not None
                linked.calls_external += 1
            else:
                linked.calls_resolved += value
            once = found.external in _ONCE and self._lasts(unit, index, call)
            for arg in call.args:
                if type(arg) in _HELD:
                    passed = self._passed(unit, index, arg)
                    edges.extend(passed if not once else [_once(edge) for edge in passed])
            if value and not found.targets:
                self._held(Place(unit, index, call.callee), call, caller, linked)

    def _lasts(self, unit: Unit, index: int, call: ir.Call) -> bool:
        """Whether the ``sync.Once``, or what ``sync.OnceValue`` gives, is a package's variable."""
        callee = call.callee
        if index == 0 or not isinstance(callee, ir.Member):
            return index == 0
        once = callee.object
        return (
            callee.name == "Do"
            and type(once) is ir.Name
            and self._linker.evaluator.binding(unit, index, once) is None
        )

    def _passed(self, unit: Unit, index: int, arg: ir.Expr) -> list[CallEdge]:
        """A function value that is handed over is taken to be called."""
        caller = (unit.facts.path, index)
        if type(arg) is ir.FunctionRef:
            return [CallEdge(caller, (unit.facts.path, arg.index), arg.at, "callback")]
        if isinstance(self._linker.evaluator.type_of(unit, index, arg), Func):
            held = self.functions(Place(unit, index, arg))
            return [CallEdge(caller, target, arg.at, "callback") for target in held]
        return []

    def _held(self, place: Place, call: ir.Call, caller: FunctionId, linked: Linked) -> None:
        """A call through a field that was set from a parameter: what callers passed."""
        if type(place.expr) is not ir.Member:
            return
        targets = sorted(self.expand(self._linker.values.of(place)))
        if len(targets) <= VALUE_CAP:
            note = f"function value, {len(targets)} possible" if len(targets) > 1 else ""
            for target in targets:
                linked.edges.append(CallEdge(caller, target, call.paren, "call", note))


def _once(edge: CallEdge) -> CallEdge:
    return msgspec.structs.replace(edge, kind="once")
