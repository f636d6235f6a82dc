"""A loop over query results that never asks whether it ended by an error.

Why it matters: When the connection breaks, Next returns false just as at the end: the caller works
with half of the rows and nobody notices.
What to do: Check rows.Err() after the loop.
Guide: Go's errors are explicit, and it is the programmer who must look at them (L48, L116).
"""

from __future__ import annotations

from collections.abc import Iterator

from archlint.knowledge.golang.calls import names
from archlint.model import ir
from archlint.model.finding import Confidence, Context, Report, Severity
from archlint.model.walk import walk
from archlint.program.golang_flow.shapes import is_name, type_name
from archlint.program.golang_flow.sites import sites
from archlint.program.program import FunctionId, Program
from archlint.rules.registry import rule
from archlint.rules.reporting import ANYWHERE, Extra, Site, site_report

_SCALE = {
    **dict.fromkeys(ANYWHERE, Severity.ERROR),
    Context.CLI: Severity.WARNING,
    Context.TEST: None,
    Context.BUILD: None,
}


@rule("missing-rows-err", severity=Severity.ERROR, confidence=Confidence.HIGH, languages=("go",))
def missing_rows_err(program: Program) -> Iterator[Report]:
    """``for rows.Next()`` without ``rows.Err()``."""
    found = sites(program)
    for ident in sorted({ident for ident, _ in found.named("Next")}):
        for loop in found.loops(ident):
            rows = _rows(program, ident, loop)
            if rows is not None and not _looked_at(program, ident, rows):
                message = f"{rows.id}.Err() is never checked after the loop over {rows.id}"
                test = loop.test
                end = test.end if isinstance(test, ir.Call) else loop.at + 3
                site = Site(function=ident, at=loop.at, end=end, label=f"{rows.id}.Next")
                key = f"{rows.id}.Next"
                report = site_report(program, site, message, key, Extra(scale=_SCALE))
                if report is not None:
                    yield report


def _rows(program: Program, ident: FunctionId, loop: ir.Loop) -> ir.Name | None:
    """The variable of a rows type that the loop's condition moves on."""
    test = loop.test
    if not isinstance(test, ir.Call) or not isinstance(test.callee, ir.Member):
        return None
    rows = test.callee.object
    if test.callee.name != "Next" or not isinstance(rows, ir.Name):
        return None
    return rows if type_name(program, ident, rows) in names("rows") else None


def _looked_at(program: Program, ident: FunctionId, rows: ir.Name) -> bool:
    """Whether the function asks for the error, or hands the rows to somebody who may."""
    found = sites(program)
    outer = found.outermost(ident)
    for holder in (outer, *found.closures(outer)):
        for node in walk(program.function(holder).body or ()):
            if isinstance(node, ir.Member) and node.name == "Err" and is_name(node.object, rows.id):
                return True
            if isinstance(node, ir.Call) and any(is_name(arg, rows.id) for arg in node.args):
                return True
            if isinstance(node, ir.Return) and any(is_name(v, rows.id) for v in node.values):
                return True
    return False
