"""Every entry point of the Go code: registered ones, start-up, tests, background loops."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from archlint.knowledge.frameworks import Framework, MethodEntry, expand, frameworks
from archlint.model import ir
from archlint.model.finding import Context, EntryPoint
from archlint.model.location import line_of
from archlint.model.walk import walk
from archlint.program.golang.registrations import Registrations
from archlint.program.golang.source import Unit
from archlint.program.golang.types import FunctionId, Interface, underlying

if TYPE_CHECKING:
    from archlint.program.golang.linker import GoLinker

_TESTS = ("Test", "Benchmark", "Fuzz", "Example")
_CLOCKS = {"time.NewTicker", "time.Tick", "time.After", "time.NewTimer", "time.Sleep"}


def entry_points(linker: GoLinker) -> list[EntryPoint]:
    """Entry points in the order of their files."""
    tables = frameworks("go")
    found = Registrations(linker, tables).find()
    found += _methods(linker, tables)
    commands = {
        main
        for component in linker.workspace.components
        if component.runtime == "go" and component.kind in {"cli", "tool"}
        for main in component.mains
    }
    for path, unit in linker.world.units.items():
        found += _startup(path, unit, path in commands)
        found += _background(linker, unit)
    return found


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


def _background(linker: GoLinker, unit: Unit) -> Iterator[EntryPoint]:
    """Goroutines that loop for ever by a clock."""
    if unit.facts.path.endswith("_test.go"):
        return
    for function in unit.facts.functions:
        for call, stmt in unit.body(function.index).dropped:
            if type(stmt) is not ir.Spawn:
                continue
            for target in linker.graph.resolve(unit, function.index, call).targets[:1]:
                home = linker.world.units[target[0]]
                name = home.facts.functions[target[1]].name
                if _ticks(linker, home, target[1]):
                    label = f"goroutine {name or 'in ' + function.name}"
                    yield _entry(Context.BACKGROUND, label, unit, stmt.at, target)


def _ticks(linker: GoLinker, unit: Unit, index: int) -> bool:
    """Whether a function loops without end and waits for a clock."""
    body = unit.facts.functions[index].body or ()
    endless = any(type(node) is ir.Loop and _endless(node) for node in walk(body))
    return endless and any(
        linker.calls.callee(unit, index, call).canonical in _CLOCKS
        or _reads_ticker(linker, unit, index, call)
        for call in unit.body(index).calls
    )


def _endless(loop: ir.Loop) -> bool:
    if loop.kind == "range":
        return type(loop.subject) is ir.Member and loop.subject.name == "C"
    return loop.test is None


def _reads_ticker(linker: GoLinker, unit: Unit, index: int, call: ir.Call) -> bool:
    callee = linker.calls.callee(unit, index, call).canonical
    return callee in {"time.Ticker.Stop", "time.Ticker.Reset", "time.Timer.Reset"}


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
    for definition, methods in linker.dispatch.implementers(shape):
        for method in entry.methods:
            found = methods.get(method)
            function = found.method.function if found and found.method is not None else None
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
