"""Query results that nobody asks whether they ended by an error.

Why it matters: When the connection breaks, Next returns false just as at the end: the caller works
with half of the rows and nobody notices. Rows that are dropped keep their connection.
What to do: Check rows.Err() after the loop; use Exec where there are no rows.
Guide: Go's errors are explicit, and it is the programmer who must look at them (L48, L116).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from archlint.knowledge.golang.calls import names
from archlint.model import ir
from archlint.model.finding import Confidence, Context, Related, Report, Severity
from archlint.model.location import line_of, locate
from archlint.model.walk import walk
from archlint.program.golang.types import named
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
_QUERIES = (
    "Query", "QueryContext", "QueryRows", "Queryx", "QueryxContext", "NamedQuery",
    "NamedQueryContext", "Rows",
)  # fmt: skip
"""What calls that give rows are called."""
_CALLERS = 20


class _Rows(NamedTuple):
    """A variable of a rows type, by the function that declares it and where its scope starts.

    Only from ``since`` to ``until``: between what gives it rows and what gives it others.
    """

    holder: FunctionId
    name: str
    start: int
    since: int
    until: int


@rule("missing-rows-err", severity=Severity.ERROR, confidence=Confidence.HIGH, languages=("go",))
def missing_rows_err(program: Program) -> Iterator[Report]:
    """``rows.Next()`` without ``rows.Err()``, and rows that are dropped."""
    moved: dict[_Rows, tuple[FunctionId, ir.Call]] = {}
    for ident, call in sites(program).named("Next"):
        rows = _moved(program, ident, call)
        if rows is not None:
            moved.setdefault(rows, (ident, call))
    for rows, (ident, call) in sorted(moved.items(), key=lambda item: item[0]):
        if not _looked_at(program, rows):
            yield from _unasked(program, rows, ident, call)
    for ident, call, callee in sites(program).calls(_QUERIES):
        if _gives_rows(program, ident, call):
            name = callee.canonical.rpartition("/")[2] or "the query"
            yield from _unused(program, ident, call, (name, set(moved)))


def _moved(program: Program, ident: FunctionId, call: ir.Call) -> _Rows | None:
    """The variable of a rows type that a call moves on."""
    rows = call.callee.object if isinstance(call.callee, ir.Member) else None
    if not isinstance(rows, ir.Name) or type_name(program, ident, rows) not in names("rows"):
        return None
    return _rows(program, ident, rows)


def _rows(program: Program, ident: FunctionId, name: ir.Name) -> _Rows | None:
    """What a variable holds at a place."""
    local = program.golang.binding(ident, name)
    if local is None:
        return None
    (binding, holder), since, until = local, -1, program.function(local[1]).end
    for assign in program.golang.body(holder).assigns:
        if assign.end >= binding.start and any(is_name(t, name.id) for t in assign.targets):
            if assign.at < name.at:
                since = max(since, assign.at)
            elif assign.op == "=":
                until = min(until, assign.at)
    return _Rows(holder, name.id, binding.start, since, until)


def _unasked(program: Program, rows: _Rows, ident: FunctionId, call: ir.Call) -> Iterator[Report]:
    """Rows that are gone through and not asked: told where the query is, when it is here."""
    facts = program.files[ident[0]]
    looped = bool(sites(program).loops_around(ident, call.at)) or _is_test(program, ident, call)
    line = line_of(facts, call.at)
    what = f"after the loop over {rows.name}" if looped else f"although {rows.name}.Next may fail"
    source = _source(program, rows) if rows.holder == ident else None
    message = f"{rows.name}.Err() is never checked {what}"
    at, end = call.at, call.end
    related: tuple[Related, ...] = ()
    if source is not None:
        at, end = source.at, source.end
        message += f" (line {line})"
        related = (Related(locate(facts, call.at, call.end), "gone through here"),)
    site = Site(function=ident, at=at, end=end, label=f"{rows.name}.Next")
    unsure = source is None and not program.golang.index.callers.get(rows.holder)
    extra = Extra(
        scale=_SCALE,
        cap=None if looped else Severity.WARNING,
        confidence=Confidence.MEDIUM if unsure else None,
        related=related,
    )
    report = site_report(program, site, message, f"{rows.name}.Next", extra)
    if report is not None:
        yield report


def _is_test(program: Program, ident: FunctionId, call: ir.Call) -> bool:
    """Whether the call is a loop's condition."""
    return any(
        loop.test is not None and any(node is call for node in walk((loop.test,)))
        for loop in sites(program).loops(ident)
    )


def _source(program: Program, rows: _Rows) -> ir.Call | None:
    """The call that gave the rows."""
    for assign in program.golang.body(rows.holder).assigns:
        value = assign.values[0] if len(assign.values) == 1 else None
        if isinstance(value, ir.Call) and assign.at == rows.since:
            return value
    return None


def _gives_rows(program: Program, ident: FunctionId, call: ir.Call) -> bool:
    results = program.golang.call_results(ident, call)
    base = named(results[0]) if results else None
    return base is not None and base.definition.canonical in names("rows")


def _unused(
    program: Program, ident: FunctionId, call: ir.Call, known: tuple[str, set[_Rows]]
) -> Iterator[Report]:
    """Rows that nobody keeps, or that nobody goes through or asks."""
    name, moved = known
    body = program.golang.body(ident)
    assign = next((a for a in body.assigns if any(value is call for value in a.values)), None)
    target = assign.targets[0] if assign is not None else None
    dropped = any(other is call for other, _ in body.dropped) or is_name(target, "_")
    extra = Extra(scale=_SCALE, cap=Severity.WARNING)
    message = f"the rows of {name} are dropped: their connection is not given back; use Exec"
    if not dropped:
        if assign is None or not isinstance(target, ir.Name):
            return
        rows = _rows(program, ident, ir.Name(assign.end, target.id))
        if rows is None or any(rows[:3] == other[:3] for other in moved):
            return
        if _looked_at(program, rows):
            return
        extra = Extra(scale=_SCALE, cap=Severity.NOTE, confidence=Confidence.LOW)
        message = f"the rows of {name} are neither gone through nor asked for their error"
    site = Site(function=ident, at=call.at, end=call.end, label=name)
    report = site_report(program, site, message, name, extra)
    if report is not None:
        yield report


def _looked_at(program: Program, rows: _Rows) -> bool:
    """Whether somebody asks for the error, or is handed the rows; a parameter's caller may ask."""
    found = sites(program)
    for ident in (rows.holder, *found.closures(rows.holder)):
        whole = ident != rows.holder
        for node in walk(program.function(ident).body or ()):
            if _asks(node, rows.name) and (whole or rows.since < node.at < rows.until):
                return True
    local = program.golang.binding(rows.holder, ir.Name(rows.start, rows.name))
    if local is None or local[0].kind != "param":
        return False
    for place in program.golang.index.callers.get(rows.holder, ())[:_CALLERS]:
        args = place.expr.args if isinstance(place.expr, ir.Call) else ()
        arg = args[local[0].index] if local[0].index < len(args) else None
        body = place.unit.facts.functions[place.holder].body or ()
        if isinstance(arg, ir.Name) and any(_is_err(node, arg.id) for node in walk(body)):
            return True
    return False


def _is_err(node: object, name: str) -> bool:
    return isinstance(node, ir.Member) and node.name == "Err" and is_name(node.object, name)


def _asks(node: object, name: str) -> bool:
    """``rows.Err``, or the rows themselves handed on: an argument, a result, another name."""
    if _is_err(node, name):
        return True
    if isinstance(node, ir.Call):
        return any(is_name(arg, name) for arg in node.args)
    if isinstance(node, (ir.Return, ir.Assign)):
        return any(is_name(value, name) for value in node.values)
    if isinstance(node, ir.Composite):
        return any(is_name(entry.value, name) for entry in node.entries)
    return isinstance(node, ir.Send) and is_name(node.value, name)
