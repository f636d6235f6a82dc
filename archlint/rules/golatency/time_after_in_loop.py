"""A timer made by time.After in every turn of a loop lives until it fires.

Why it matters: Before Go 1.23 such a timer is not collected while it runs: a busy select loop with
a timeout of a minute keeps a minute's worth of timers in memory.
What to do: Make one time.Timer before the loop and Reset it, or raise go.mod's go line to 1.23.
Guide: Stable memory under sustained load is what Go services are chosen for (L43).
"""

from __future__ import annotations

from collections.abc import Iterator

from archlint.model import ir
from archlint.model.finding import Confidence, Context, Report, Severity
from archlint.model.walk import walk
from archlint.program.golang_flow.modules import go_version
from archlint.program.golang_flow.sites import sites, statements
from archlint.program.program import FunctionId, Program
from archlint.rules.registry import rule
from archlint.rules.reporting import ANYWHERE, Extra, Site, site_report

_COLLECTED_SINCE = (1, 23)
_SCALE = {**ANYWHERE, Context.STARTUP: Severity.NOTE, Context.UNKNOWN: Severity.NOTE}


@rule(
    "time-after-in-loop", severity=Severity.WARNING, confidence=Confidence.HIGH, languages=("go",)
)
def time_after_in_loop(program: Program) -> Iterator[Report]:
    """``case <-time.After(d)`` beside another case that goes on looping."""
    found = sites(program)
    for ident, call, callee in found.calls(("After",)):
        if callee.canonical != "time.After" or not found.loops_around(ident, call.at):
            continue
        version = go_version(program, ident[0])
        if (
            version is None
            or version >= _COLLECTED_SINCE
            or not _left_running(program, ident, call)
        ):
            continue
        site = Site(function=ident, at=call.at, end=call.end, label="time.After")
        message = (
            "time.After in a loop: each turn that another case wins leaves a timer behind "
            f"(go.mod says go {version[0]}.{version[1]})"
        )
        report = site_report(program, site, message, "time.After", Extra(scale=_SCALE))
        if report is not None:
            yield report


def _left_running(program: Program, ident: FunctionId, call: ir.Call) -> bool:
    """Whether the call is a select's case and another case can win and loop on."""
    for stmt in statements(program.function(ident).body or ()):
        if not isinstance(stmt, ir.Switch) or stmt.kind != "select":
            continue
        own = [case for case in stmt.cases if case.comm is not None and _holds(case.comm, call)]
        if own:
            return any(not _ends(case.body) for case in stmt.cases if case is not own[0])
    return False


def _holds(comm: ir.Stmt, call: ir.Call) -> bool:
    return any(node is call for node in walk((comm,)))


def _ends(body: tuple[ir.Stmt, ...]) -> bool:
    """Whether the case leaves the loop (a plain ``break`` leaves only the select)."""
    if not body:
        return False
    last = body[-1]
    return isinstance(last, ir.Return) or (isinstance(last, ir.Jump) and last.label != "")
