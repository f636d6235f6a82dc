"""A synchronous call holds the event loop on the path of a request.

Why it matters: Node.js serves all requests on one thread. While a synchronous file, process,
compression or key-derivation call runs, no other request is answered, no timer fires, and the
delay of each caller adds up.
What to do: Call the asynchronous twin and await it, read once at start-up and keep the result, or
move work that has no asynchronous form to a worker thread.
Guide: Response times spike when expensive operations block the event loop (L94).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec

from archlint.knowledge.node import Blocking
from archlint.model import ir
from archlint.model.finding import Confidence, Context, Hop, Report, Severity
from archlint.model.pattern import lazy_regex
from archlint.program.ecma.values import LiteralValue
from archlint.program.ecma_flow.blocking import blocking_calls
from archlint.program.ecma_flow.guards import CACHED, GATED, ONCE, SETUP
from archlint.program.ecma_flow.paths import WayIn, trace, way_in
from archlint.program.ecma_flow.places import dotted, names_in, place
from archlint.program.ecma_flow.sites import OuterCall
from archlint.program.program import Program
from archlint.rules.registry import rule
from archlint.rules.reporting import Extra, Site, entry_phrase, site_report

_COSTS = {
    "cheap-stat": "a file system lookup",
    "file-read": "time grows with the file",
    "file-write": "time grows with the data written",
    "process-spawn": "waits until the process has ended",
    "key-derivation": "deliberately slow cryptography",
    "compression": "time grows with the data",
    "database": "the query runs on this thread",
    "wait": "the thread sleeps",
}
_SYNC_FLAG = lazy_regex(r"^(?:is|use|force)?_?sync$", re.IGNORECASE)
_FEW = 3
"""Up to so many implementations of one call leave the severity as it is."""
_GUARDED = {
    ONCE: "runs once only",
    CACHED: "its result is cached",
    GATED: "does not run in production",
    SETUP: "runs only while the system is set up",
}
_FROM_PARENT = ("process ", "worker ")
"""Labels of what a forked process or a worker thread hears from the one that started it."""
_WORTH_A_NOTE = frozenset({"process-spawn", "key-derivation", "wait"})
"""Costs worth a word at start-up and in commands; reading a file there is good practice."""


@rule(
    "blocking-call",
    severity=Severity.ERROR,
    confidence=Confidence.HIGH,
    languages=("javascript", "typescript"),
)
def blocking_call(program: Program) -> Iterator[Report]:
    """Report synchronous calls by the gravest context that reaches them freely."""
    for outer, found in blocking_calls(program):
        report = _report(program, outer, found) if found.cost in _COSTS else None
        if report is not None:
            yield report


def _report(program: Program, outer: OuterCall, found: Blocking) -> Report | None:
    way = way_in(program, outer.function, outer.call.at)
    if way.context not in {Context.REQUEST, Context.BACKGROUND}:
        if found.cost not in _WORTH_A_NOTE or way.context is Context.UNKNOWN:
            return None
    elif way.guard == GATED:
        return None
    label = short_name(found.name)
    site = Site(function=outer.function, at=outer.call.at, end=outer.call.end, label=f"{label}()")
    extra = Extra(
        cap=_ceiling(program, outer, found, way),
        confidence=_confidence(outer, way),
        advice=_advice(found),
        evidence={"cost": found.cost, "twin": found.twin, "guard": way.guard},
    )
    report = site_report(program, site, _message(program, outer, found, way), label, extra)
    if report is None or way.entry is None:
        return report
    last = Hop(report.location.path, report.location.line, site.label)
    shown = trace(program, way, last)
    return msgspec.structs.replace(report, trace=shown, context=way.context)


def _message(program: Program, outer: OuterCall, found: Blocking, way: WayIn) -> str:
    parts = [f"{short_name(found.name)} blocks the event loop ({_COSTS[found.cost]})"]
    phrase = _phrase(program, outer, way)
    if phrase:
        parts.append(phrase)
    if way.guard:
        parts.append(_GUARDED[way.guard])
    elif way.context is Context.BACKGROUND and _in_child(program, outer):
        parts.append("in a forked process or worker")
    return ", ".join(parts)


def _phrase(program: Program, outer: OuterCall, way: WayIn) -> str:
    """How the call is reached: by the free way in when there is one."""
    if way.entry is None:
        return entry_phrase(program, outer.function)
    others = program.reach.entry_count(outer.function) - 1
    return f"reachable from {way.entry.label}" + (f" and {others} more" if others > 0 else "")


def _ceiling(program: Program, outer: OuterCall, found: Blocking, way: WayIn) -> Severity | None:
    if way.context is Context.BACKGROUND and _in_child(program, outer):
        return Severity.NOTE
    if found.cost == "compression" and _is_constant(program, outer):
        return Severity.NOTE
    return Severity.WARNING if _by_flag(program, outer) and not way.guard else _cap(way, found)


def _is_constant(program: Program, outer: OuterCall) -> bool:
    """Whether what is compressed is a text of the program: ``gzipSync(Buffer.from(PAGE))``."""
    given = outer.call.args[0] if outer.call.args else None
    if isinstance(given, ir.Call) and dotted(given.callee) == "Buffer.from" and given.args:
        given = given.args[0]
    values = program.ecma.value_of(outer.function, given)
    return bool(values) and all(
        isinstance(value, LiteralValue) and "*" not in value.text for value in values
    )


def _in_child(program: Program, outer: OuterCall) -> bool:
    """Whether only messages of a parent process or thread lead there: no request waits for it."""
    mask = program.reach.entry_masks().get(outer.function, 0)
    points = [p for bit, p in enumerate(program.entry_points) if mask >> bit & 1]
    return all(p.framework == "node" and p.label.startswith(_FROM_PARENT) for p in points)


def _cap(way: WayIn, found: Blocking) -> Severity | None:
    """The gravest severity the call deserves, however it is reached."""
    if way.guard:
        return Severity.NOTE
    if way.context is Context.BACKGROUND:
        return Severity.NOTE if found.cost == "cheap-stat" else Severity.WARNING
    if found.cost in {"cheap-stat", "database"} or _candidates(way.note) > _FEW:
        return Severity.WARNING
    return None


def _by_flag(program: Program, outer: OuterCall) -> bool:
    """Whether a flag such as ``sync`` chooses the synchronous form: callers may not set it."""
    conditions = place(program, outer.function, outer.call.at).conditions
    return any(
        _SYNC_FLAG.search(name.rpartition(".")[2])
        for condition in conditions
        for name in names_in(condition.test)
    )


def _candidates(note: str) -> int:
    """How many functions the least certain call on the way may mean."""
    match = re.search(r"(\d+) (?:candidates|implementations)", note)
    return int(match.group(1)) if match else int(bool(note))


def _confidence(outer: OuterCall, way: WayIn) -> Confidence:
    """Lower where the callee, or a call on the way, is one of several things."""
    return Confidence.MEDIUM if outer.note or way.note or len(outer.names) > 1 else Confidence.HIGH


def _advice(found: Blocking) -> str:
    if not found.twin:
        return "There is no asynchronous form: run it in a worker thread or outside of requests."
    if found.name == "node:fs.existsSync":
        return "Use fs.promises.access, or do the operation and handle its error."
    return f"Use {short_name(found.twin)} and await it, or do it once at start-up."


def short_name(name: str) -> str:
    """A canonical name as a programmer writes it: ``fs.readFileSync``, ``bcrypt.hashSync``."""
    text = name.partition(":")[2] if ":" in name else name
    return text.replace("fs/promises.", "fs.promises.").removesuffix(".default")
