"""An error is thrown away by assigning it to the blank identifier.

Why it matters: `x, _ := f()` goes on with a value that means nothing when `f` failed; the wrong
result surfaces far from its cause.
What to do: Handle the error or return it. Where it cannot matter, say why in a comment beside it.
Guide: Go is chosen for predictable services under load; a failure must be seen where it happens
(L18).
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator

from archlint.model import ir
from archlint.model.facts import FileFacts
from archlint.model.finding import Confidence, Context, Report, Severity
from archlint.model.location import line_of
from archlint.program.program import FunctionId, Program
from archlint.rules.goerrors._paths import text_of
from archlint.rules.goerrors._tiers import Dropped, excluded, our_functions, tier
from archlint.rules.registry import rule
from archlint.rules.reporting import Extra, Site, site_report

_SCALE: dict[Context, Severity | None] = dict.fromkeys(Context, Severity.NOTE)
_LOST: dict[Context, Severity | None] = dict.fromkeys(Context, Severity.WARNING)


@rule("blank-error", severity=Severity.NOTE, confidence=Confidence.MEDIUM, languages=("go",))
def blank_error(program: Program) -> Iterator[Report]:
    """Assignments whose error result goes to ``_`` without a comment beside it."""
    go = program.golang
    for function in our_functions(program):
        for stmt in go.body(function).assigns:
            if not any(type(target) is ir.Name and target.id == "_" for target in stmt.targets):
                continue
            for call in _blanked(program, function, stmt):
                facts = program.files[function[0]]
                report = _report(program, facts, Dropped(function, call, stmt))
                if report is not None:
                    yield report


def _blanked(program: Program, function: FunctionId, stmt: ir.Assign) -> Iterator[ir.Call]:
    """Calls of the assignment whose error goes to ``_``."""
    single = len(stmt.values) == 1
    for i, value in enumerate(stmt.values):
        targets = stmt.targets if single else stmt.targets[i : i + 1]
        blanks = [j for j, t in enumerate(targets) if isinstance(t, ir.Name) and t.id == "_"]
        if not blanks or not isinstance(value, ir.Call):
            continue
        errors, source = program.golang.error_results(function, value)
        if source == "signature" and any(j in blanks for j in errors):
            yield value


def _report(program: Program, facts: FileFacts, dropped: Dropped) -> Report | None:
    go, call, stmt = program.golang, dropped.call, dropped.stmt
    assert isinstance(stmt, ir.Assign)
    callee = go.callee(dropped.function, call)
    if excluded(go, dropped, callee) or _explained(facts, stmt):
        return None
    found = tier(go, dropped, callee)
    partial = any(not (isinstance(t, ir.Name) and t.id == "_") for t in stmt.targets)
    lost = found.severity is Severity.ERROR
    name = text_of(call.callee) or callee.canonical or "the call"
    kept = "its other result is used" if partial else "nothing else is done about it"
    why = f": {found.why}" if lost else ""
    shown = found.severity is not None and (partial or lost)
    return site_report(
        program,
        Site(function=dropped.function, at=stmt.at, end=call.end, label=name),
        f"error of `{name}()` is assigned to `_`; {kept}{why}",
        callee.canonical or name,
        Extra(
            scale=_LOST if lost else _SCALE,
            confidence=Confidence.MEDIUM if shown else Confidence.LOW,
            evidence={"callee": callee.canonical, "partial": partial},
        ),
    )


def _explained(facts: FileFacts, stmt: ir.Assign) -> bool:
    """Whether a comment stands on the statement's lines or the line before it."""
    first, last = line_of(facts, stmt.at), line_of(facts, stmt.end)
    index = bisect_left(facts.comment_lines, first - 1)
    return index < len(facts.comment_lines) and facts.comment_lines[index] <= last
