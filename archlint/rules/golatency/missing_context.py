"""An outgoing call that ignores the context of the request it works for.

Why it matters: When the client is gone or its deadline has passed, the call goes on and holds its
connection, goroutine and database session; load piles up just when the service is slow.
What to do: Pass the request's context on: NewRequestWithContext, QueryContext, CommandContext.
Guide: Stable latency under unpredictable traffic is what separates the runtimes (L77, L79).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain
from typing import NamedTuple

from archlint.knowledge.golang.calls import last_parts, mapping
from archlint.model import ir
from archlint.model.finding import Confidence, Context, Related, Report, Severity
from archlint.model.location import locate
from archlint.model.pattern import lazy_regex
from archlint.program.golang import show
from archlint.program.golang_flow.contexts import at_hand, detached, only_measures
from archlint.program.golang_flow.shapes import has_comment, is_name, nil_test, type_name
from archlint.program.golang_flow.sites import is_production, sites, statements
from archlint.program.program import FunctionId, Program
from archlint.rules.registry import rule
from archlint.rules.reporting import (
    ANYWHERE,
    ON_REQUEST_PATH,
    Extra,
    Site,
    entry_phrase,
    site_report,
)

_AT_HAND = {
    **ANYWHERE,
    Context.STARTUP: Severity.NOTE,
    Context.UNKNOWN: Severity.NOTE,
}
_FAR = {**ON_REQUEST_PATH, Context.REQUEST: Severity.NOTE, Context.BACKGROUND: None}
_FAR |= dict.fromkeys((Context.STARTUP, Context.CLI, Context.UNKNOWN), None)
_TIDIES = lazy_regex(
    r"(Abort|Clean[Uu]p|Deactivate|Deregister|Release|Revoke|Roll[Bb]ack|Shutdown|Unlock|Unregister)",
    re.IGNORECASE,
)
"""What is done after a failure, too: then the request's context may be over already."""
_QUIETLY = Extra(scale=ANYWHERE, cap=Severity.NOTE, confidence=Confidence.LOW)
_DEPTH = 3
"""Calls between a context at hand and a function that makes one of its own."""
_SHOWN = 6
"""Places of one file that a report lists."""
_QUICK = ("net.Listen", "net.Lookup")
"""Calls that matter only where a request waits for them."""


class _Place(NamedTuple):
    """A call without a context, its canonical name and what takes one."""

    function: FunctionId
    call: ir.Call
    canonical: str
    better: str


@rule("missing-context", severity=Severity.WARNING, confidence=Confidence.HIGH, languages=("go",))
def missing_context(program: Program) -> Iterator[Report]:
    """Calls that have a form with a context, and fresh contexts where the request's is at hand."""
    found = sites(program)
    table = mapping("contextless")
    far: dict[str, list[_Place]] = {}
    parts = last_parts("contextless")
    direct = ((ident, call, callee.canonical) for ident, call, callee in found.calls(parts))
    for ident, call, canonical in chain(direct, _renamed(program, frozenset(parts))):
        better = table.get(canonical)
        if better is not None:
            yield from _contextless(program, _Place(ident, call, canonical, better), far)
    for path in sorted(far):
        yield from _far(program, sorted(far[path], key=lambda place: place.call.at))
    own: set[FunctionId] = set()
    for ident, call, callee in found.calls(("Background", "TODO")):
        if callee.canonical in {"context.Background", "context.TODO"}:
            yield from _fresh(program, ident, call, callee.canonical)
            if _is_argument(program, ident, call) and at_hand(program, ident, call.at) is None:
                own.add(ident)
    yield from _own_contexts(program, own)


def _renamed(program: Program, parts: frozenset[str]) -> Iterator[tuple[FunctionId, ir.Call, str]]:
    """Calls through a local variable that holds one of the functions: ``get := http.Get``."""
    for ident, _ in sites(program).functions:
        body = program.golang.body(ident)
        for assign in body.assigns:
            if len(assign.targets) != 1 or len(assign.values) != 1:
                continue
            target, value = assign.targets[0], assign.values[0]
            if type(value) is not ir.Member or value.name not in parts:
                continue
            held = program.golang.function_of(ident, value)
            name = target.id if isinstance(target, ir.Name) else ""
            for call in body.calls if held and name else ():
                if is_name(call.callee, name):
                    yield ident, call, held


def _given_later(program: Program, ident: FunctionId, call: ir.Call) -> bool:
    """Whether the request that the call makes gets a context later: ``req.WithContext(ctx)``."""
    for assign in program.golang.body(ident).assigns:
        if call in assign.values and isinstance(assign.targets[0], ir.Name):
            name = assign.targets[0].id
            return any(
                isinstance(other.callee, ir.Member)
                and other.callee.name == "WithContext"
                and is_name(other.callee.object, name)
                for other in program.golang.body(ident).calls
            )
    return False


def _contextless(program: Program, place: _Place, far: dict[str, list[_Place]]) -> Iterator[Report]:
    """Reports a call that could have the context; what it has to reach first goes to ``far``."""
    ident, call, canonical, better = place
    context = program.context(ident)
    name = canonical.rpartition("/")[2]
    alone = detached(program, ident)
    carrier = None if alone else at_hand(program, ident, call.at)
    quick = canonical.startswith(_QUICK) and context is not Context.REQUEST
    if _given_later(program, ident, call):
        message = f"{name} makes a request that gets its context later; {better} does it at once"
        extra = _QUIETLY
    elif carrier is not None and not quick:
        message = f"{name} ignores {carrier[0]}; use {better} with {carrier[1]}"
        extra = Extra(scale=_AT_HAND)
    elif context is Context.REQUEST and not alone:
        far.setdefault(ident[0], []).append(place)
        return
    else:
        message = f"{name} takes no context; use {better}"
        extra = _QUIETLY
    site = Site(function=ident, at=call.at, end=call.end, label=name)
    report = site_report(program, site, message, canonical, extra)
    if report is not None:
        yield report


def _far(program: Program, places: list[_Place]) -> Iterator[Report]:
    """One report for a file's calls on a request path that no context reaches yet."""
    ident, call, canonical, better = places[0]
    name = canonical.rpartition("/")[2]
    facts = program.files[ident[0]]
    others = len(places) - 1
    more = f" (and {others} more in this file)" if others else ""
    message = f"{name} takes no context{more}, {entry_phrase(program, ident)}; use {better}"
    related = tuple(
        Related(locate(facts, p.call.at, p.call.end), f"{p.canonical.rpartition('/')[2]} too")
        for p in places[1:_SHOWN]
    )
    site = Site(function=ident, at=call.at, end=call.end, label=name)
    extra = Extra(scale=_FAR, confidence=Confidence.MEDIUM, related=related)
    report = site_report(program, site, message, canonical, extra)
    if report is not None:
        yield report


def _fresh(program: Program, ident: FunctionId, call: ir.Call, canonical: str) -> Iterator[Report]:
    """``context.Background()`` handed on although the request's context is there.

    Quietly where no request is known to come, or where it only replaces the context's variable.
    """
    if detached(program, ident):
        return
    carrier = at_hand(program, ident, call.at)
    if carrier is None or _is_default(program, ident, call, carrier[0]):
        return
    if _beside(program, ident, call):
        return
    handed = _is_argument(program, ident, call)
    replaces = any(
        value is call and is_name(target, carrier[0])
        for assign in program.golang.body(ident).assigns
        for target, value in zip(assign.targets, assign.values, strict=False)
    )
    if not (handed or replaces) or has_comment(program, ident, call.at):
        return
    message = f"{canonical}() cuts the call off from {carrier[0]}; pass {carrier[1]} on"
    site = Site(function=ident, at=call.at, end=call.end, label=canonical)
    loud = handed and program.reach.reaches(Context.REQUEST, ident)
    extra = Extra(scale=_AT_HAND, confidence=Confidence.MEDIUM) if loud else _QUIETLY
    report = site_report(program, site, message, canonical, extra)
    if report is not None:
        yield report


def _own_contexts(program: Program, fresh: set[FunctionId]) -> Iterator[Report]:
    """Calls with a context at hand of functions that make one of their own, a few calls down."""
    graph = program.call_graph
    known = set(fresh)
    level = sorted(fresh)
    for _ in range(_DEPTH):
        above: list[FunctionId] = []
        for ident in level:
            for caller in sorted(graph.pred[ident]) if ident in graph else ():
                edge = graph.edges[caller, ident]["edge"]
                if edge.kind != "call" or edge.note or detached(program, caller):
                    continue
                carrier = at_hand(program, caller, edge.at)
                if carrier is not None and is_production(program, caller[0]):
                    yield from _own_context(program, (caller, edge.at), ident, carrier)
                elif carrier is None and caller not in known:
                    known.add(caller)
                    above.append(caller)
        level = above


def _own_context(
    program: Program, place: tuple[FunctionId, int], callee: FunctionId, carrier: tuple[str, str]
) -> Iterator[Report]:
    (ident, at), name = place, program.function(callee).name
    message = f"{name} works with a context of its own; let it take {carrier[0]}"
    site = Site(function=ident, at=at, end=at + 1, label=name)
    report = site_report(program, site, message, f"own {name}", _QUIETLY)
    if report is not None:
        yield report


def _is_default(program: Program, ident: FunctionId, call: ir.Call, name: str) -> bool:
    """Whether the fresh context only stands in where the given one is nil."""
    for stmt in statements(program.function(ident).body or ()):
        if isinstance(stmt, ir.If):
            checked = nil_test(stmt.test)
            if checked and is_name(checked[0], name) and stmt.at < call.at < stmt.end:
                return True
    return False


def _beside(program: Program, ident: FunctionId, call: ir.Call) -> bool:
    """Whether the call that takes the fresh context takes another one too, for its values."""
    carriers = mapping("carries_context")
    return any(
        any(node is call for node in other.args)
        and any(
            node is not call and type_name(program, ident, node) in carriers for node in other.args
        )
        for other in program.golang.body(ident).calls
    )


def _last(call: ir.Call) -> str:
    """The last part of a callee's name."""
    callee = call.callee
    return callee.name if isinstance(callee, ir.Member) else getattr(callee, "id", "")


def _derives(program: Program, ident: FunctionId, call: ir.Call) -> bool:
    """Whether a call only makes another context of the one that it is given."""
    results = program.golang.call_results(ident, call) or (None,)
    return results[0] is not None and show(results[0]) == "context.Context"


def _is_argument(program: Program, ident: FunctionId, call: ir.Call) -> bool:
    """Whether the context goes straight into a call that waits for something."""
    linker = program.golang
    for other in linker.body(ident).calls:
        if any(node is call for node in other.args):
            return not (
                _TIDIES.match(_last(other))
                or only_measures(program, ident, other)
                or _derives(program, ident, other)
            )
    return False
