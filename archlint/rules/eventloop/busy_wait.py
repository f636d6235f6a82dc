"""A loop that burns the event loop's time until a clock or a flag says stop.

Why it matters: The loop keeps the only thread busy. Nothing else runs meanwhile: no request is
answered, and a flag that a callback should set is never set.
What to do: Await a timer (`timers/promises`), an event or a promise; in a worker thread use
`Atomics.wait`.
Guide: Requests end quickly and do not hold the event loop (L62).
"""

from __future__ import annotations

from collections.abc import Iterator

from archlint.model import ir
from archlint.model.facts import FileFacts, Match
from archlint.model.finding import Confidence, Context, Report, Severity
from archlint.model.walk import walk
from archlint.program.ecma_flow.guards import GATED, guard
from archlint.program.program import Program
from archlint.rules.registry import rule
from archlint.rules.reporting import ANYWHERE, Extra, Site, entry_phrase, site_report

_SCALE = {**ANYWHERE, Context.REQUEST: Severity.ERROR}
_PAUSES = (ir.Await, ir.Yield)
_SMALL = 2
"""Statements that a waiting loop may hold; one that does more is at work."""


@rule(
    "busy-wait",
    severity=Severity.ERROR,
    confidence=Confidence.HIGH,
    languages=("javascript", "typescript"),
)
def busy_wait(program: Program) -> Iterator[Report]:
    """Look at the loops that the query found: those that wait and never pause."""
    for path in program.ecma.paths:
        facts = program.files[path]
        for match in facts.matches:
            if match.rule == "busy-wait":
                report = _report(program, facts, match)
                if report is not None:
                    yield report


def _report(program: Program, facts: FileFacts, match: Match) -> Report | None:
    spans = {name: (at, end) for name, at, end, _ in match.captures}
    at, _ = spans["loop"]
    found = _loop(facts, at)
    if found is None:
        return None
    index, loop = found
    function = (facts.path, index)
    if not _waits(loop) or guard(program, function, at) == GATED:
        return None
    parts = ["this loop keeps the event loop busy while it waits", entry_phrase(program, function)]
    site = Site(function=function, at=at, end=spans["condition"][1], label="busy loop")
    extra = Extra(scale=_SCALE, advice="Await a timer or an event instead.")
    return site_report(program, site, ", ".join(filter(None, parts)), "loop", extra)


def _loop(facts: FileFacts, at: int) -> tuple[int, ir.Loop] | None:
    """The loop at a byte, with the function whose body holds it."""
    for function in facts.functions:
        if function.at <= at < function.end or function.index == 0:
            for node in walk(function.body or ()):
                if isinstance(node, ir.Loop) and node.at == at:
                    return function.index, node
    return None


def _waits(loop: ir.Loop) -> bool:
    """Whether the loop neither pauses nor does anything to speak of."""
    parts: list[ir.AnyNode] = [*loop.body]
    parts.extend(part for part in (loop.test, loop.update, loop.init) if part is not None)
    nodes = list(walk(parts))
    if any(isinstance(node, _PAUSES) for node in nodes) or len(loop.body) > _SMALL:
        return False
    if any(isinstance(node, (ir.Loop, ir.Index, ir.FunctionRef)) for node in nodes):
        return False
    calls = [node for node in nodes if isinstance(node, ir.Call)]
    return all(_reads_clock(call) for call in calls)


_CLOCKS = frozenset({"now", "hrtime", "bigint", "uptime", "getTime", "valueOf", "Date"})


def _reads_clock(call: ir.Call) -> bool:
    callee = call.callee
    if isinstance(callee, ir.Member):
        return callee.name in _CLOCKS
    return isinstance(callee, ir.Name) and callee.id in _CLOCKS
