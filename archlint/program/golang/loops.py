"""Background entry points: goroutines by a clock or a condition, loops that wait for messages."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from archlint.knowledge.frameworks import LoopEntry, expand
from archlint.model import ir
from archlint.model.finding import Context, EntryPoint
from archlint.model.location import line_of
from archlint.model.walk import walk
from archlint.program.golang.place import Place
from archlint.program.golang.source import Unit
from archlint.program.golang.types import Chan, FunctionId, named, underlying

if TYPE_CHECKING:
    from archlint.program.golang.linker import GoLinker

_CLOCKS = {"time.NewTicker", "time.Tick", "time.After", "time.NewTimer", "time.Sleep"}
_CLOCK_METHODS = {"time.Ticker.Stop", "time.Ticker.Reset", "time.Timer.Reset"}
_WAITS = {"sync.Cond.Wait"}
"""A goroutine that loops around these works off a queue."""
_LAUNCHERS = {
    "golang.org/x/sync/errgroup.Group.Go", "golang.org/x/sync/errgroup.Group.TryGo",
    "sync.WaitGroup.Go", "github.com/oklog/run.Group.Add",
    "github.com/sourcegraph/conc.WaitGroup.Go", "github.com/sourcegraph/conc/pool.Pool.Go",
}  # fmt: skip
"""Calls that run their first argument in a goroutine."""
_LAUNCHING = {name.rpartition(".")[2] for name in _LAUNCHERS}


# --------------------------------------------------------------------- clocks


def clock_loops(linker: GoLinker) -> Iterator[EntryPoint]:
    """Functions started as goroutines that loop for ever by a clock or a condition."""
    launching = _launching(linker)
    for unit in linker.world.production():
        for function in unit.facts.functions:
            place = (unit.facts.path, function.index)
            started = [*_spawned(linker, unit, function.index), *launching.get(place, ())]
            for target, at in started:
                found = _ticking(linker, target)
                if found is not None:
                    yield _clocked(linker, unit, function.name, (found, at))


def _clocked(
    linker: GoLinker, unit: Unit, starter: str, started: tuple[FunctionId, int]
) -> EntryPoint:
    function, at = started
    name = linker.world.units[function[0]].facts.functions[function[1]].name
    return EntryPoint(
        kind=Context.BACKGROUND,
        label=f"goroutine {name or 'in ' + starter}",
        path=unit.facts.path,
        line=line_of(unit.facts, at),
        function=function,
    )


def _spawned(linker: GoLinker, unit: Unit, index: int) -> Iterator[tuple[FunctionId, int]]:
    """What a function starts by ``go f()``."""
    for call, stmt in unit.body(index).dropped:
        if type(stmt) is ir.Spawn:
            for target in linker.graph.resolve(unit, index, call).targets[:1]:
                yield target, stmt.at


def _launching(linker: GoLinker) -> dict[FunctionId, list[tuple[FunctionId, int]]]:
    """What each function starts by ``group.Go(f)`` and kin."""
    found: dict[FunctionId, list[tuple[FunctionId, int]]] = {}
    places = [place for name in _LAUNCHING for place in linker.written.get(name, ())]
    for place in sorted(places, key=lambda place: place.expr.at):
        call = place.expr
        if not isinstance(call, ir.Call) or not call.args or type(call.args[0]) is ir.Literal:
            continue
        if linker.calls.callee(place.unit, place.holder, call).canonical in _LAUNCHERS:
            inner = place._replace(expr=call.args[0])
            for target in linker.graph.functions(inner)[:1]:
                home = (place.unit.facts.path, place.holder)
                found.setdefault(home, []).append((target, call.paren))
    return found


def _ticking(linker: GoLinker, function: FunctionId) -> FunctionId | None:
    """The function that loops by a clock: the one started, or what its closure just calls."""
    unit = linker.world.units[function[0]]
    if _ticks(linker, unit, function[1]):
        return function
    if unit.facts.functions[function[1]].kind == "closure":
        for call in unit.body(function[1]).calls:
            for target in linker.calls.callee(unit, function[1], call).functions[:1]:
                if _ticks(linker, linker.world.units[target[0]], target[1]):
                    return target
    return None


def _ticks(linker: GoLinker, unit: Unit, index: int) -> bool:
    """Whether a function loops without end and waits for a clock or to be woken."""
    body = unit.facts.functions[index].body or ()
    endless = any(type(node) is ir.Loop and _endless(node) for node in walk(body))
    return endless and any(
        linker.calls.callee(unit, index, call).canonical in _CLOCKS | _CLOCK_METHODS | _WAITS
        for call in unit.body(index).calls
    )


def _endless(loop: ir.Loop) -> bool:
    if loop.kind == "range":
        subject = loop.subject.callee if type(loop.subject) is ir.Call else loop.subject
        return type(subject) is ir.Member and subject.name in {"C", "Tick"}
    return loop.test is None


# ------------------------------------------------------------------- messages


def message_loops(linker: GoLinker) -> list[EntryPoint]:
    """Functions that take messages of a queue in a loop, as ``[[loop]]`` tables name them."""
    found: dict[FunctionId, EntryPoint] = {}
    for table in linker.tables:
        for entry in table.loop:
            names = {name for pattern in entry.callee for name in expand(pattern)}
            elements = {name for pattern in entry.element for name in expand(pattern)}
            places = linker.calls_of(names) + list(_received(linker, elements))
            for place in places:
                function = (place.unit.facts.path, place.holder)
                if function not in linker.handlers and _loops_around(place):
                    found.setdefault(function, _entry(place, entry, table.name))
    return list(found.values())


def _entry(place: Place, entry: LoopEntry, framework: str) -> EntryPoint:
    facts = place.unit.facts
    function = facts.functions[place.holder]
    while not function.name and function.parent > 0:
        function = facts.functions[function.parent]
    return EntryPoint(
        kind=entry.kind,
        label=f"{entry.label} {function.name}".strip(),
        path=facts.path,
        line=line_of(facts, place.expr.at),
        framework=framework,
        function=(facts.path, place.holder),
    )


def _loops_around(place: Place) -> bool:
    """Whether an expression is evaluated in a loop of its function."""
    at = place.expr.at
    body = place.unit.facts.functions[place.holder].body or ()
    return any(type(node) is ir.Loop and node.at <= at < node.end for node in walk(body))


def _received(linker: GoLinker, elements: set[str]) -> Iterator[Place]:
    """Receives and ranges over channels of these elements, in packages that import their types."""
    packages = {name.rpartition(".")[0] for name in elements}
    folders = {
        id(unit.package)
        for unit in linker.world.production()
        if any(item.specifier in packages for item in unit.facts.imports)
    }
    for unit in linker.world.production() if folders else ():
        if id(unit.package) not in folders:
            continue
        for function in unit.facts.functions:
            for node in walk(function.body or ()):
                channel = _channel(node)
                if channel is not None and _holds(linker, unit, function.index, channel, elements):
                    yield Place(unit, function.index, channel)


def _channel(node: object) -> ir.Expr | None:
    if type(node) is ir.Loop and node.kind == "range":
        return node.subject
    if type(node) is ir.Unary and node.op == "<-":
        return node.value
    return None


def _holds(linker: GoLinker, unit: Unit, index: int, channel: ir.Expr, elements: set[str]) -> bool:
    shape = underlying(linker.evaluator.type_of(unit, index, channel))
    base = named(shape.elem) if isinstance(shape, Chan) else None
    return base is not None and base.definition.canonical in elements
