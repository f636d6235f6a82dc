"""A pattern or template that never changes is compiled anew for every request.

Why it matters: Compiling costs hundreds of times what matching or executing does, and its garbage
slows every other request.
What to do: Compile once, in a package variable or when the handler is made.
Guide: Predictable allocation keeps Go's latency stable (L42, L43).
"""

from __future__ import annotations

from collections.abc import Iterator

from archlint.knowledge.golang.calls import last_parts, names
from archlint.model import ir
from archlint.model.finding import Confidence, Context, Report, Severity
from archlint.program.golang_flow.constants import is_constant
from archlint.program.golang_flow.guards import runs_once
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
_IN_LOOP = {**_SCALE, Context.STARTUP: Severity.NOTE, Context.UNKNOWN: Severity.NOTE}


@rule(
    "compile-in-handler", severity=Severity.WARNING, confidence=Confidence.HIGH, languages=("go",)
)
def compile_in_handler(program: Program) -> Iterator[Report]:
    """Compilations of constants on a request path, or in a loop."""
    found = sites(program)
    table = names("compiles")
    for ident, call, callee in found.calls(last_parts("compiles")):
        if ident[1] == 0 or callee.canonical not in table:
            continue
        if not _is_fixed(program, ident, call, callee.canonical) or runs_once(program, ident, call):
            continue
        name = callee.canonical.rpartition("/")[2]
        looped = bool(found.loops_around(ident, call.at))
        way = entry_phrase(program, ident) or ("in a loop" if looped else "")
        site = Site(function=ident, at=call.at, end=call.end, label=name)
        message = f"{name} compiles the same source every time ({way})"
        extra = Extra(scale=_IN_LOOP if looped else _SCALE)
        report = site_report(program, site, message, callee.canonical, extra)
        if report is not None:
            yield report


def _is_fixed(program: Program, ident: FunctionId, call: ir.Call, canonical: str) -> bool:
    """Whether what is compiled is known when the program is built."""
    args = call.args[:1] if canonical.startswith("regexp.") else call.args
    if canonical.endswith("FS"):
        args = call.args[1:]
    return bool(args) and all(is_constant(program, ident, arg) for arg in args)
