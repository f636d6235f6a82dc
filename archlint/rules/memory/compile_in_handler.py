"""A pattern or template that never changes is compiled anew for every request.

Why it matters: Compiling costs hundreds of times what matching or executing does, and its garbage
slows every other request.
What to do: Compile once, in a package variable or when the handler is made.
Guide: Predictable allocation keeps Go's latency stable (L42, L43).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from archlint.knowledge.golang.calls import last_parts, names
from archlint.model import ir
from archlint.model.finding import Confidence, Context, Related, Report, Severity
from archlint.model.location import locate
from archlint.program.golang_flow.constants import is_constant
from archlint.program.golang_flow.guards import reached_once, runs_once
from archlint.program.golang_flow.sites import sites
from archlint.program.program import FunctionId, Program
from archlint.rules.registry import rule
from archlint.rules.reporting import ON_REQUEST_PATH, Extra, Site, entry_phrase, site_report

_SCALE = {
    **ON_REQUEST_PATH,
    Context.REQUEST: Severity.WARNING,
    Context.BACKGROUND: Severity.NOTE,
    Context.STARTUP: None,
    Context.CLI: None,
    Context.UNKNOWN: None,
}
_SINGLY = 3
"""Places of one function that are told one by one."""
_SHOWN = 6
_IN_LOOP = {**_SCALE, Context.STARTUP: Severity.NOTE, Context.UNKNOWN: Severity.NOTE}


class _Place(NamedTuple):
    """A compilation and the canonical name of what compiles."""

    call: ir.Call
    canonical: str


@rule(
    "compile-in-handler", severity=Severity.WARNING, confidence=Confidence.HIGH, languages=("go",)
)
def compile_in_handler(program: Program) -> Iterator[Report]:
    """Compilations of constants on a request path, or in a loop."""
    places: dict[FunctionId, list[_Place]] = {}
    table = names("compiles")
    for ident, call, callee in sites(program).calls(last_parts("compiles")):
        if ident[1] == 0 or callee.canonical not in table:
            continue
        if not _is_fixed(program, ident, call, callee.canonical) or runs_once(program, ident, call):
            continue
        places.setdefault(ident, []).append(_Place(call, callee.canonical))
    for ident in sorted(places):
        yield from _function(program, ident, sorted(places[ident], key=lambda p: p.call.at))


def _function(program: Program, ident: FunctionId, places: list[_Place]) -> Iterator[Report]:
    """A report for each place, or one for all where there are many."""
    looped = [bool(sites(program).loops_around(ident, place.call.at)) for place in places]
    if not any(looped) and reached_once(program, ident):
        return
    if len(places) > _SINGLY and not any(looped):
        yield from _report(program, ident, places, False)
        return
    for place, in_loop in zip(places, looped, strict=True):
        yield from _report(program, ident, [place], in_loop)


def _report(
    program: Program, ident: FunctionId, places: list[_Place], looped: bool
) -> Iterator[Report]:
    call, canonical = places[0]
    name = canonical.rpartition("/")[2]
    way = entry_phrase(program, ident) or ("in a loop" if looped else "")
    more = f" (and {len(places) - 1} more in this function)" if len(places) > 1 else ""
    facts = program.files[ident[0]]
    related = tuple(
        Related(locate(facts, place.call.at, place.call.end), "here too")
        for place in places[1:_SHOWN]
    )
    site = Site(function=ident, at=call.at, end=call.end, label=name)
    message = f"{name} compiles the same source every time{more} ({way})"
    extra = Extra(scale=_IN_LOOP if looped else _SCALE, related=related)
    report = site_report(program, site, message, canonical, extra)
    if report is not None:
        yield report


def _is_fixed(program: Program, ident: FunctionId, call: ir.Call, canonical: str) -> bool:
    """Whether what is compiled is known when the program is built."""
    args = call.args[:1] if canonical.startswith("regexp.") else call.args
    if canonical.endswith("FS"):
        args = call.args[1:]
    return bool(args) and all(is_constant(program, ident, arg) for arg in args)
