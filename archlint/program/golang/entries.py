"""Every entry point of the Go code: registered ones, start-up, tests, background loops."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from archlint.knowledge.frameworks import Framework, MethodEntry, expand
from archlint.model.finding import Context, EntryPoint
from archlint.model.location import line_of
from archlint.program.golang.commands import tagged_commands
from archlint.program.golang.loops import clock_loops, message_loops
from archlint.program.golang.registrations import Registrations
from archlint.program.golang.select import function_of
from archlint.program.golang.services import service_entries, shaped_handlers
from archlint.program.golang.source import Unit
from archlint.program.golang.types import FunctionId, Interface, underlying
from archlint.program.golang.ungenerated import ungenerated_handlers
from archlint.program.program import CallEdge

if TYPE_CHECKING:
    from archlint.program.golang.linker import GoLinker

_TESTS = ("Test", "Benchmark", "Fuzz", "Example")


def entry_points(linker: GoLinker, edges: list[CallEdge]) -> list[EntryPoint]:
    """Entry points in the order of their files; ``edges`` are the program's calls."""
    registrations = Registrations(linker)
    found = registrations.find()
    edges += registrations.edges
    found += _methods(linker, linker.tables)
    found += service_entries(linker)
    found += message_loops(linker)
    found += tagged_commands(linker)
    found += shaped_handlers(linker, edges)
    found += ungenerated_handlers(linker, edges)
    found += _once(linker, edges)
    commands = {
        main
        for component in linker.workspace.components
        if component.runtime == "go" and component.kind in {"cli", "tool"}
        for main in component.mains
    }
    for path, unit in linker.world.units.items():
        found += _startup(path, unit, path in commands)
    found += clock_loops(linker)
    return found


def _once(linker: GoLinker, edges: list[CallEdge]) -> Iterator[EntryPoint]:
    """What runs once in the life of the process, whoever asks first, is part of starting up."""
    for edge in edges:
        if edge.kind == "once":
            unit = linker.world.units[edge.callee[0]]
            name = (
                unit.facts.functions[edge.callee[1]].name or f"line {line_of(unit.facts, edge.at)}"
            )
            yield _entry(Context.STARTUP, f"once: {name}", unit, edge.at, edge.callee)


def _entry(kind: Context, label: str, unit: Unit, at: int, function: FunctionId) -> EntryPoint:
    line = line_of(unit.facts, at)
    return EntryPoint(kind=kind, label=label, path=unit.facts.path, line=line, function=function)


def _startup(path: str, unit: Unit, command: bool) -> Iterator[EntryPoint]:
    """``main``, ``init``, package variables and tests."""
    is_test = path.endswith("_test.go")
    if not is_test and unit.body(0).calls:
        label = f"package {unit.facts.package}"
        yield _entry(Context.STARTUP, label, unit, 0, (path, 0))
    for function in unit.facts.functions[1:]:
        ident = (path, function.index)
        if function.kind != "function":
            continue
        if is_test:
            if function.name.startswith(_TESTS):
                yield _entry(Context.TEST, function.name, unit, function.at, ident)
        elif function.name == "init":
            label = f"init of {unit.facts.package}"
            yield _entry(Context.STARTUP, label, unit, function.at, ident)
        elif function.name == "main" and unit.facts.package == "main":
            kind = Context.CLI if command else Context.STARTUP
            yield _entry(kind, "main", unit, function.at, ident)


def _methods(linker: GoLinker, tables: tuple[Framework, ...]) -> list[EntryPoint]:
    """Methods that a framework calls on types that implement its interface."""
    found: list[EntryPoint] = []
    for table in tables:
        for entry in table.method:
            for pattern in entry.type:
                for name in expand(pattern):
                    found += _implemented(linker, entry, name, table.name)
    return found


def _implemented(
    linker: GoLinker, entry: MethodEntry, type_: str, framework: str
) -> Iterator[EntryPoint]:
    package, _, name = type_.rpartition(".")
    if not linker.imports(package):
        return
    symbol = linker.world.outside(package).lookup(name)
    shape = underlying(symbol.type) if symbol is not None else None
    if not isinstance(shape, Interface):
        return
    for definition in linker.dispatch.implementers(shape):
        for method in entry.methods:
            function = function_of(definition, method)
            if function is None or function[0].endswith("_test.go"):
                continue
            unit = linker.world.units[function[0]]
            label = entry.label.replace("{class}", definition.name).replace("{method}", method)
            facts = unit.facts.functions[function[1]]
            yield EntryPoint(
                kind=entry.kind,
                label=label,
                path=function[0],
                line=line_of(unit.facts, facts.at),
                framework=framework,
                function=function,
            )
