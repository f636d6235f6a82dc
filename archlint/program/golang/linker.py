"""The Go linker: the resolver's public face, and the program's Go half."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from functools import cached_property

from archlint.knowledge.frameworks import Framework, expand, frameworks
from archlint.model import ir
from archlint.model.facts import FileFacts, FunctionFacts
from archlint.model.workspace import Workspace
from archlint.program.golang import select as selecting
from archlint.program.golang.callindex import CallIndex
from archlint.program.golang.calls import Callee, Calls
from archlint.program.golang.dispatch import Dispatch
from archlint.program.golang.edges import CallGraph, Resolution
from archlint.program.golang.entries import entry_points
from archlint.program.golang.evaluate import Evaluator
from archlint.program.golang.imports import module_edges
from archlint.program.golang.literals import Literals
from archlint.program.golang.own_use import OwnUse, error_results
from archlint.program.golang.place import Place
from archlint.program.golang.scopes import Binding, Body
from archlint.program.golang.source import SourcePackage, Unit
from archlint.program.golang.types import (
    FunctionId,
    Pointer,
    Type,
)
from archlint.program.golang.values import Values
from archlint.program.golang.world import World
from archlint.program.program import Linked


class GoLinker:
    """Answers questions about Go code, and links it; see the package's docstring."""

    def __init__(
        self,
        workspace: Workspace,
        files: dict[str, FileFacts],
        tables: tuple[Framework, ...] = (),
        *,
        sources: bool = True,
    ) -> None:
        """``tables`` are the user's; ``sources`` lets ``vendor`` and the module cache be read."""
        vendored = {file.path for file in workspace.files if file.role == "vendored"}
        self.workspace = workspace
        self.files = {path: facts for path, facts in files.items() if path not in vendored}
        self.world = World(workspace, self.files, sources=sources)
        self.evaluator = Evaluator(self.world)
        self.calls = Calls(self.evaluator)
        self.evaluator.calls = self.calls
        self.tables = (*frameworks("go"), *tables)
        self.calls.made = dict(self._aliases())
        self.dispatch = Dispatch(self.world)
        self.values = Values(self)
        self.graph = CallGraph(self)
        self.own_use = OwnUse(self)
        self.handlers: set[FunctionId] = set()
        """Functions that are entry points."""
        self._dropped_of: dict[str, tuple[int, int]] = {}
        self._local_paths = {
            package.path for found in self.world.local.values() for package in found.values()
        }
        self.world.prepare(self._prepare)

    def _prepare(self, package: SourcePackage) -> None:
        package.variable_type = self.evaluator.declared

    def _aliases(self) -> Iterator[tuple[str, Type]]:
        """What calls of packages give that may be at hand by name alone."""
        for table in self.tables:
            for alias in table.alias:
                package, _, name = alias.means.rpartition(".")
                type_ = Pointer(self.world.definition(package, name).instance)
                for pattern in alias.name:
                    for made in expand(pattern):
                        yield made.removesuffix("()"), type_

    def unit(self, path: str) -> Unit:
        """The resolver's view of a file."""
        return self.world.units[path]

    def body(self, function: FunctionId) -> Body:
        """A function's bindings, calls, dropped calls, assignments and returns."""
        return self.world.units[function[0]].body(function[1])

    def functions(self) -> Iterator[tuple[FunctionId, FunctionFacts]]:
        """Every function with a body, by path and index, package initialisation (0) included."""
        for path in sorted(self.files):
            for function in self.files[path].functions:
                if function.body is not None:
                    yield (path, function.index), function

    def type_of(self, function: FunctionId, expr: ir.Expr) -> Type | None:
        """The type of an expression; a ``Tuple`` for several values; None when unknown."""
        return self.evaluator.type_of(self.world.units[function[0]], function[1], expr)

    def callee(self, function: FunctionId, call: ir.Call) -> Callee:
        """What a call names: its canonical name, signature and in-repo declarations."""
        return self.calls.callee(self.world.units[function[0]], function[1], call)

    def function_of(self, function: FunctionId, expr: ir.Expr) -> str:
        """The canonical name of the function that a function value names, "" for any other."""
        found = self.calls.function(self.world.units[function[0]], function[1], expr)
        return found.canonical if found is not None else ""

    def call_results(self, function: FunctionId, call: ir.Call) -> tuple[Type | None, ...] | None:
        """The types of a call's results; None when the callee is unknown."""
        return self.calls.results(self.world.units[function[0]], function[1], call)

    def binding(self, function: FunctionId, name: ir.Name) -> tuple[Binding, FunctionId] | None:
        """The local declaration that a name means, with the function that declares it."""
        found = self.evaluator.binding(self.world.units[function[0]], function[1], name)
        return (found[0], (function[0], found[1])) if found is not None else None

    def error_results(self, function: FunctionId, call: ir.Call) -> tuple[tuple[int, ...], str]:
        """Which results of a call are errors, and how that is known: "signature", "use" or ""."""
        return error_results(self, function, call)

    def implements_error(self, type_: Type | None) -> bool:
        """Whether values of the type are errors."""
        return selecting.implements_error(type_)

    def select(self, type_: Type | None, name: str) -> selecting.Selection | None:
        """Field or method ``name`` of a value, promoted ones included."""
        return selecting.select(type_, name)

    def holds(self, function: FunctionId, expr: ir.Expr) -> tuple[FunctionId, ...]:
        """The in-repo functions that an expression may hold (a name, field, method value, ...)."""
        return self.graph.functions(Place(self.world.units[function[0]], function[1], expr))

    def resolve_call(self, function: FunctionId, call: ir.Call) -> Resolution:
        """What a call runs: in-repo functions, or the canonical name of what is outside."""
        return self.graph.resolve(self.world.units[function[0]], function[1], call)

    def static_targets(self, unit: Unit, index: int, call: ir.Call) -> tuple[FunctionId, ...]:
        """The in-repo functions that a call names or dispatches to; function values left out."""
        callee = self.calls.callee(unit, index, call)
        if callee.functions or callee.kind != "dynamic":
            return callee.functions
        name = call.callee.name if isinstance(call.callee, ir.Member) else ""
        return self.dispatch.targets(callee.receiver, name)

    def imports(self, package: str) -> bool:
        """Whether any file imports the package."""
        return package in self._imported

    @cached_property
    def _imported(self) -> set[str | None]:
        return {item.specifier for facts in self.files.values() for item in facts.imports}

    def is_local(self, package: str) -> bool:
        """Whether an import path is a package of the repo."""
        return package in self._local_paths

    @cached_property
    def constants(self) -> dict[tuple[str, str], str]:
        """String constants and variables of every package by (import path, name)."""
        found: dict[tuple[str, str], str] = {}
        for unit in self.world.production():
            for stmt in unit.facts.functions[0].body or ():
                if isinstance(stmt, ir.Assign) and len(stmt.targets) == len(stmt.values):
                    for target, value in zip(stmt.targets, stmt.values, strict=True):
                        if isinstance(target, ir.Name) and isinstance(value, ir.Literal):
                            found.setdefault((unit.package.path, target.id), value.value)
        return found

    @cached_property
    def index(self) -> CallIndex:
        """Every call by what it names and runs."""
        return CallIndex(self)

    def calls_of(self, names: set[str]) -> list[Place]:
        """The calls whose callee has one of these canonical names, by name, then place."""
        index = self.index.by_callee
        return [place for name in sorted(names & index.keys()) for place in index[name]]

    @property
    def written(self) -> dict[str, list[Place]]:
        """Calls by the name that is written: ``Get`` of ``r.Get()``, ``serve`` of ``serve()``."""
        return self.index.written

    @cached_property
    def _dropped(self) -> set[int]:
        return {
            id(call)
            for unit in self.world.production()
            for function in unit.facts.functions
            for call, _ in unit.body(function.index).dropped
        }

    def is_dropped(self, place: Place) -> bool:
        """Whether nobody takes the call's results."""
        return id(place.expr) in self._dropped

    def dropped_of(self, canonical: str) -> tuple[int, int]:
        """Of a callee's calls: those whose results nobody takes, and all."""
        found = self._dropped_of.get(canonical)
        if found is None:
            calls = self.calls_of({canonical})
            dropped = sum(1 for place in calls if self.is_dropped(place))
            found = self._dropped_of[canonical] = (dropped, len(calls))
        return found

    def chained(self, place: Place) -> Place | None:
        """The call made on this call's result: ``.Methods`` of ``r.HandleFunc().Methods()``."""
        return self.index.chains.get(id(place.expr))

    @cached_property
    def literals(self) -> Literals:
        """Composite literals."""
        return Literals(self)

    def link(self) -> Linked:
        """The Go half of the program: call edges, imports and entry points."""
        linked = Linked()
        collecting = gc.isenabled()
        gc.disable()  # only long-lived records are made here: tracing them finds nothing
        try:
            self.graph.link(linked)
            linked.modules.extend(module_edges(self.files, self.world.modules))
            linked.entry_points.extend(entry_points(self, linked.edges))
        finally:
            if collecting:
                gc.enable()
        return linked
