"""The body of an HTTP response is not closed on every path.

Why it matters: An open body keeps its connection out of the pool and its goroutines alive; under
load the service runs out of sockets.
What to do: `defer resp.Body.Close()` right behind the error check, before anything can return.
Guide: Efficient use of resources under sustained load is what Go is chosen for (L18, L79).
"""

from __future__ import annotations

from collections.abc import Iterator
from posixpath import dirname

from archlint.knowledge.golang.calls import names
from archlint.model import ir
from archlint.model.facts import FunctionFacts
from archlint.model.finding import Confidence, Context, Related, Report, Severity
from archlint.model.location import line_of, locate
from archlint.model.walk import walk
from archlint.program.golang_flow.flow import follow
from archlint.program.golang_flow.handed_back import asks_for_head, gives_closed
from archlint.program.golang_flow.responses import Bodies, Opened, is_response
from archlint.program.golang_flow.sites import sites
from archlint.program.program import FunctionId, Program
from archlint.rules.registry import rule
from archlint.rules.reporting import ANYWHERE, Extra, Site, site_report

_SCALE = {
    **ANYWHERE,
    Context.REQUEST: Severity.ERROR,
    Context.STARTUP: Severity.NOTE,
}


@rule("unclosed-body", severity=Severity.WARNING, confidence=Confidence.HIGH, languages=("go",))
def unclosed_body(program: Program) -> Iterator[Report]:
    """Responses that a path leaves open."""
    asking = {
        dirname(path)
        for path, facts in program.golang.files.items()
        if any(item.specifier == "net/http" for item in facts.imports)
    }
    for ident, function in sites(program).functions:
        if dirname(ident[0]) not in asking:
            continue
        yield from _dropped(program, ident)
        opened = _openings(program, ident)
        if not opened or _takes_over(function):
            continue
        analysis = Bodies(program, ident, opened)
        follow(function.body or (), analysis)
        for fact, exits in sorted(_by_origin(analysis.exits).items()):
            yield from _report(program, ident, fact, (exits, analysis.closed))


def _by_origin(exits: dict[Opened, set[int]]) -> dict[Opened, set[int]]:
    """Exits per opening, whatever became of its error variable on the way."""
    merged: dict[Opened, set[int]] = {}
    for fact, places in exits.items():
        merged.setdefault(fact._replace(error=""), set()).update(places)
    return merged


def _openings(program: Program, ident: FunctionId) -> dict[int, Opened]:
    """Assignments of a response: where they start -> the fact."""
    found: dict[int, Opened] = {}
    for assign in program.golang.body(ident).assigns:
        if len(assign.values) != 1 or not isinstance(assign.values[0], ir.Call):
            continue
        call = assign.values[0]
        if len(assign.targets) > 2 or not isinstance(assign.targets[0], ir.Name):
            continue
        results = program.golang.call_results(ident, call)
        if not results or not is_response(results[0]) or len(results) != len(assign.targets):
            continue
        callee = program.golang.callee(ident, call)
        canonical = callee.canonical
        if _has_no_body(program, ident, call):
            continue
        name = assign.targets[0]
        local = program.golang.binding(ident, ir.Name(assign.end, name.id))
        if name.id != "_" and (local is None or local[1] != ident):
            continue
        if canonical.startswith("net/http/httptest."):
            continue
        last = assign.targets[-1]
        error = last.id if len(assign.targets) == 2 and isinstance(last, ir.Name) else ""
        label = canonical.rpartition("/")[2] or "call"
        found[assign.at] = Opened(
            name.id, error, assign.at, call.end, label, not gives_closed(program, ident, call)
        )
    return found


def _has_no_body(program: Program, ident: FunctionId, call: ir.Call) -> bool:
    """Whether what is asked for is the head of a response alone."""
    canonical = program.golang.callee(ident, call).canonical
    return canonical in names("bodiless") or asks_for_head(program, ident, call)


def _sure(is_open: bool) -> Confidence | None:
    """What a function of the repo gives may be closed already: low confidence."""
    return None if is_open else Confidence.LOW


def _takes_over(function: FunctionFacts) -> bool:
    """Whether the function upgrades the connection, so that the body is the connection itself."""
    return any(
        isinstance(node, ir.Member) and node.name in {"StatusSwitchingProtocols", "Hijack"}
        for node in walk(function.body or ())
    )


def _dropped(program: Program, ident: FunctionId) -> Iterator[Report]:
    """Calls whose response nobody takes."""
    for call, stmt in program.golang.body(ident).dropped:
        results = program.golang.call_results(ident, call)
        if results and is_response(results[0]) and not _has_no_body(program, ident, call):
            callee = program.golang.callee(ident, call)
            label = callee.canonical.rpartition("/")[2] or "call"
            message = f"the response of {label} is dropped with its body open"
            site = Site(function=ident, at=stmt.at, end=call.end, label=label)
            report = site_report(
                program,
                site,
                message,
                label,
                Extra(scale=_SCALE, confidence=_sure(not gives_closed(program, ident, call))),
            )
            if report is not None:
                yield report


def _report(
    program: Program, ident: FunctionId, fact: Opened, outcome: tuple[set[int], set[Opened]]
) -> Iterator[Report]:
    exits, closed = outcome
    facts = program.files[ident[0]]
    handled = any(done.at == fact.at for done in closed)
    first = min(exits)
    if fact.name == "_":
        message = f"the response of {fact.label} is dropped with its body open"
    elif handled and first != fact.at:
        line = line_of(facts, first)
        message = f"the body of {fact.name} stays open when the function leaves at line {line}"
    elif handled:
        message = f"the body of {fact.name} stays open on one of the loop's paths"
    else:
        message = f"the body of {fact.name} is never closed"
    related = tuple(
        Related(locate(facts, at), "leaves with the body open") for at in sorted(exits)[:3]
    )
    site = Site(function=ident, at=fact.at, end=fact.end, label=fact.label)
    extra = Extra(scale=_SCALE, related=related if handled else (), confidence=_sure(fact.open))
    report = site_report(program, site, message, fact.label, extra)
    if report is not None:
        yield report
