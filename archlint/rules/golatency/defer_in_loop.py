"""A deferred call inside a loop runs only when the function returns, not when the iteration ends.

Why it matters: Files, rows and locks pile up for as long as the loop runs; in an endless loop
nothing is ever released, and a deferred Unlock makes the second iteration wait for ever.
What to do: Move the loop's body into a function of its own, or release explicitly at its end.
Guide: Go is chosen for predictable, efficient use of resources in long-running services (L18, L42).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from archlint.model import ir
from archlint.model.finding import Confidence, Context, Report, Severity
from archlint.model.pattern import lazy_regex
from archlint.model.walk import walk
from archlint.program.golang.types import Chan, underlying
from archlint.program.golang_flow.flow import Analysis, State, follow
from archlint.program.golang_flow.shapes import is_name, mentions, nil_test
from archlint.program.golang_flow.sites import sites, statements
from archlint.program.program import FunctionId, Program
from archlint.rules.registry import rule
from archlint.rules.reporting import ANYWHERE, Extra, Site, site_report

_SCALE = {**ANYWHERE, Context.STARTUP: Severity.NOTE}
_RELEASES = lazy_regex(r"(close|cancel|release|stop|free|remove|rollback|done|function)\w*$", re.I)
"""Deferred calls that give something back ("function" stands for a literal)."""
_SMALL = 8
"""Elements of a literal that a loop may run over without the delay mattering."""


@rule("defer-in-loop", severity=Severity.WARNING, confidence=Confidence.HIGH, languages=("go",))
def defer_in_loop(program: Program) -> Iterator[Report]:
    """Every ``defer`` inside a loop that can run more than once."""
    found = sites(program)
    for ident, stmt in found.launched:
        if not isinstance(stmt, ir.Defer):
            continue
        loops = [loop for loop in found.loops_around(ident, stmt.at) if _repeats(loop)]
        if loops and _first_time(program, ident, stmt, loops[-1]):
            continue
        if not loops or not _is_of_iteration(program, ident, stmt, loops):
            continue
        if _comes_again(program, ident, stmt, loops):
            report = _report(program, ident, stmt, loops)
            if report is not None:
                yield report


class _Again(Analysis):
    """Whether a loop goes on after the deferred call was queued."""

    def __init__(self, stmt: ir.Defer) -> None:
        self.stmt = stmt
        self.queued = False
        self.again = False

    def defer(self, node: ir.Defer, state: State) -> State:
        """Queued."""
        self.queued = self.queued or node is self.stmt
        return state | {"queued"} if node is self.stmt else state

    def repeat(self, loop: ir.Loop, state: State) -> State:
        """Another iteration may follow."""
        self.again = self.again or (bool(state) and loop.at < self.stmt.at < loop.end)
        return state


def _comes_again(program: Program, ident: FunctionId, stmt: ir.Defer, loops: list[ir.Loop]) -> bool:
    """By the paths from the start; where none comes here, by those from the loop."""
    analysis = _Again(stmt)
    follow(program.function(ident).body or (), analysis)
    if not analysis.queued:
        follow((loops[0],), analysis)
    return analysis.again


def _is_of_iteration(
    program: Program, ident: FunctionId, stmt: ir.Defer, loops: list[ir.Loop]
) -> bool:
    """Whether the deferred call ends something that the iteration began.

    A loop that only queues what was opened before (``for _, c := range closers``) is fine.
    """
    label = _label(stmt.call)
    if label.endswith("Unlock") or _never_ends(loops[-1]):
        return True
    subject = loops[-1].subject
    if subject is not None and isinstance(underlying(program.golang.type_of(ident, subject)), Chan):
        return True
    if not _RELEASES.search(label):
        return False
    made = {
        target.id
        for assign in program.golang.body(ident).assigns
        if any(loop.at < assign.at < loop.end for loop in loops)
        for target in assign.targets
        if isinstance(target, ir.Name)
    }
    stack: list[Any] = [stmt.call]
    while stack:
        for node in walk((stack.pop(),)):
            if isinstance(node, ir.Name) and node.id in made:
                return True
            if isinstance(node, ir.FunctionRef):
                stack.extend(program.files[ident[0]].functions[node.index].body or ())
    return False


def _first_time(program: Program, ident: FunctionId, stmt: ir.Defer, loop: ir.Loop) -> bool:
    """Whether only the first iteration comes here: ``if ticker == nil { ticker = ... }``."""
    for branch in program.golang.body(ident).ifs:
        inside = loop.at < branch.at < stmt.at < branch.end
        checked = nil_test(branch.test) if inside else None
        if checked is not None and not checked[1] and isinstance(checked[0], ir.Name):
            name = checked[0].id
            return any(
                is_name(target, name) and branch.at < assign.at < branch.end
                for assign in program.golang.body(ident).assigns
                for target in assign.targets
            )
    return False


def _repeats(loop: ir.Loop) -> bool:
    """Whether the loop runs over more than a few elements."""
    subject = loop.subject
    return not (isinstance(subject, ir.Composite) and len(subject.entries) <= _SMALL)


def _report(
    program: Program, ident: FunctionId, stmt: ir.Defer, loops: list[ir.Loop]
) -> Report | None:
    label = _label(stmt.call)
    endless = any(_never_ends(loop) for loop in loops)
    if label.endswith("Unlock"):
        message = f"deferred {label} in a loop: the next iteration finds the lock still held"
    elif endless:
        message = f"deferred {label} in an endless loop runs only when the function returns"
    else:
        message = f"deferred {label} in a loop runs only when the function returns"
    site = Site(function=ident, at=stmt.at, end=stmt.end, label=f"defer {label}")
    name = label.partition(".")[0]
    late = label.endswith(("Remove", "RemoveAll")) or _goes_on(program, ident, name, loops[-1])
    cap = Severity.NOTE if late or _is_kept(program, ident, name, loops[-1]) else None
    return site_report(program, site, message, f"defer {label}", Extra(scale=_SCALE, cap=cap))


def _goes_on(program: Program, ident: FunctionId, name: str, loop: ir.Loop) -> bool:
    """Whether the iteration hands what is released to a closure that may run on behind it."""
    functions = program.files[ident[0]].functions
    for closure in sites(program).closures(ident):
        use = sites(program).given.get(closure)
        if use is None or use[2] == "defer" or not loop.at < use[1].at < loop.end:
            continue
        launched = use[2] == "spawn" or (
            isinstance(use[1].callee, ir.Member) and use[1].callee.name in {"Go", "Submit", "Add"}
        )
        if launched and mentions(functions[closure[1]].body or (), name):
            return True
    return False


def _is_kept(program: Program, ident: FunctionId, name: str, loop: ir.Loop) -> bool:
    """Whether the loop stores what is released later: then it may well be needed until the end."""
    for assign in program.golang.body(ident).assigns:
        if not loop.at < assign.at < loop.end or not mentions(assign.values, name):
            continue
        grows = any(isinstance(v, ir.Call) and is_name(v.callee, "append") for v in assign.values)
        if grows or any(isinstance(target, (ir.Index, ir.Member)) for target in assign.targets):
            return True
    return False


def _never_ends(loop: ir.Loop) -> bool:
    """Whether nothing leaves the loop."""
    ways_out = any(isinstance(s, (ir.Return, ir.Jump)) for s in statements(loop.body))
    return loop.kind == "for" and loop.test is None and not ways_out


def _label(call: ir.Expr) -> str:
    """The deferred call as a reader knows it: ``f.Close``."""
    callee = call.callee if isinstance(call, ir.Call) else call
    parts: list[str] = []
    while isinstance(callee, ir.Member):
        parts.append(callee.name)
        callee = callee.object
    if isinstance(callee, ir.Name):
        parts.append(callee.id)
    return ".".join(reversed(parts)) or "function"
