"""An error is assigned and then overwritten, or the function ends, before anybody reads it.

Why it matters: The failure is lost although the code looks as if it handled errors.
What to do: Check the error before the variable is used again; use errors.Join to keep several.
Guide: Errors that nobody looks at defeat Go's explicit handling (L48, L116).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from archlint.model import ir
from archlint.model.finding import Confidence, Context, Report, Severity
from archlint.model.location import line_of
from archlint.model.walk import nodes_of
from archlint.program.golang_flow.flow import Analysis, State, follow
from archlint.program.golang_flow.shapes import captured_names
from archlint.program.golang_flow.sites import sites
from archlint.program.program import FunctionId, Program
from archlint.rules.goerrors._tiers import writes_response
from archlint.rules.registry import rule
from archlint.rules.reporting import ANYWHERE, Extra, Site, site_report

_SCALE = {**ANYWHERE, Context.STARTUP: Severity.WARNING}


class _Unread(NamedTuple):
    """An error nobody has read yet: its variable (name and where its scope starts), its origin.

    ``slight`` where a failure means only that the client has gone away.
    """

    name: str
    scope: int
    at: int
    end: int
    slight: bool


class _Reads(Analysis):
    """Follows errors from their assignment to the first read."""

    def __init__(self, program: Program, ident: FunctionId, tracked: dict[int, _Unread]) -> None:
        self.program = program
        self.ident = ident
        self.tracked = tracked
        self.names = {fact.name for fact in tracked.values()}
        results = program.function(ident).results
        self.named = {field.name for field in results if field.name}
        self.read: set[int] = set()
        self.lost: dict[_Unread, int] = {}

    def visit(self, node: Any, state: State) -> State:
        """Reads first, then what an assignment overwrites and brings."""
        if type(node) is not ir.Assign:
            return self._reads(node, state, []) if state else state
        targets = self._targets(node)
        if state:
            state = self._reads(node, state, targets)
        for target in targets:
            if target.id in self.names:
                state = self._overwrite(node, target, state)
        fact = self.tracked.get(node.at)
        return state | {fact} if fact is not None else state

    def leave(self, node: ir.Return | None, state: State) -> None:
        """A bare return reads the named results."""
        for fact in state:
            if fact.name in self.named and (node is None or not node.values):
                self.read.add(fact.at)
            else:
                self.lost.setdefault(fact, -1)

    def _targets(self, node: ir.Assign) -> list[ir.Name]:
        if node.op not in {"=", ":=", "var"}:
            return []
        return [target for target in node.targets if type(target) is ir.Name]

    def _reads(self, node: Any, state: State, targets: list[ir.Name]) -> State:
        written = {target.at for target in targets}
        wanted = {fact.name for fact in state}
        for inner in nodes_of(ir.Name, (node,)):
            if inner.id in wanted and inner.at not in written:
                scope = _scope(self.program, self.ident, inner.id, inner.at)
                hit = {f for f in state if f.name == inner.id and f.scope == scope}
                self.read.update(fact.at for fact in hit)
                state -= hit
        return state

    def _overwrite(self, node: ir.Assign, target: ir.Name, state: State) -> State:
        scope = _scope(self.program, self.ident, target.id, node.end)
        hit = {f for f in state if f.name == target.id and f.scope == scope}
        for fact in hit:
            if fact.at != node.at:
                self.lost.setdefault(fact, node.at)
        return state - hit


def _scope(program: Program, ident: FunctionId, name: str, at: int) -> int:
    """Where the scope of the function's own variable starts; -1 for one from outside it."""
    found = program.golang.binding(ident, ir.Name(at, name))
    return found[0].start if found is not None and found[1] == ident else -1


@rule("overwritten-error", severity=Severity.WARNING, confidence=Confidence.HIGH, languages=("go",))
def overwritten_error(program: Program) -> Iterator[Report]:
    """Errors of calls that no path reads."""
    for ident, function in sites(program).functions:
        tracked = _tracked(program, ident)
        if not tracked:
            continue
        analysis = _Reads(program, ident, tracked)
        follow(function.body or (), analysis)
        for fact, by in sorted(analysis.lost.items()):
            if fact.at not in analysis.read:
                yield from _report(program, ident, fact, by)


def _tracked(program: Program, ident: FunctionId) -> dict[int, _Unread]:
    """Assignments of a call's error to a local variable that no closure touches."""
    found: dict[int, _Unread] = {}
    captured: set[str] | None = None
    body = program.golang.body(ident)
    for assign in body.assigns:
        if assign.at in body.compared:
            continue
        last = assign.targets[-1] if assign.targets else None
        if not isinstance(last, ir.Name) or "err" not in last.id.lower():
            continue
        if len(assign.values) != 1 or not isinstance(assign.values[0], ir.Call):
            continue
        if assign.op not in {"=", ":=", "var"} or ident[1] == 0:
            continue
        if program.golang.callee(ident, assign.values[0]).kind == "conversion":
            continue  # error(nil)
        if captured is None:
            captured = captured_names(program, ident) | body.addressed
        scope = _scope(program, ident, last.id, assign.end)
        if last.id not in captured and scope >= 0:
            slight = writes_response(program.golang, ident, assign.values[0])
            found[assign.at] = _Unread(last.id, scope, assign.at, assign.end, slight)
    return found


def _report(program: Program, ident: FunctionId, fact: _Unread, by: int) -> Iterator[Report]:
    name = ir.Name(fact.end, fact.name)
    if not program.golang.implements_error(program.golang.type_of(ident, name)):
        return
    facts = program.files[ident[0]]
    how = f"overwritten at line {line_of(facts, by)}" if by >= 0 else "lost when the function ends"
    message = f"{fact.name} is {how} before anybody reads it"
    site = Site(function=ident, at=fact.at, end=fact.end, label=fact.name)
    extra = Extra(scale=_SCALE, cap=Severity.NOTE if fact.slight else None)
    report = site_report(program, site, message, fact.name, extra)
    if report is not None:
        yield report
