"""A type assertion without ``, ok`` on a value that comes from outside.

Why it matters: The first request whose JSON, token or header has another type than expected makes
the handler panic.
What to do: Use the two-value form and answer with an error, or decode into a struct.
Guide: Go asks the programmer to decide what happens when a step fails (L48, L49).
"""

from __future__ import annotations

from collections.abc import Iterator

from archlint.knowledge.golang.calls import names
from archlint.model import ir
from archlint.model.finding import Confidence, Context, Related, Report, Severity
from archlint.model.location import locate
from archlint.model.walk import nodes_of, walk
from archlint.program.golang.types import Interface, Map, Slice, underlying
from archlint.program.golang_flow.shapes import dotted, is_name, type_name
from archlint.program.golang_flow.sites import sites
from archlint.program.program import FunctionId, Program
from archlint.rules.registry import rule
from archlint.rules.reporting import ON_REQUEST_PATH, Extra, Site, site_report

_SCALE = {
    **ON_REQUEST_PATH,
    Context.REQUEST: Severity.ERROR,
    Context.BACKGROUND: Severity.WARNING,
}

_QUIET = Extra(scale=_SCALE, cap=Severity.NOTE, confidence=Confidence.LOW)
_OPEN = "unchecked type assertion on an interface: any other type panics"
_BLIND = "the check of this type assertion is dropped: any other type gives the zero value"
_ROW_SCANS = {"MapScan", "MapScanCAS", "MapExecuteBatchCAS"}
"""Methods of database rows that fill a map."""
_ROW_DEPTH = 3
"""Functions through which a row is followed back."""
_SHOWN = 6
"""Places of one function that a report lists."""


@rule(
    "unchecked-assertion", severity=Severity.WARNING, confidence=Confidence.HIGH, languages=("go",)
)
def unchecked_assertion(program: Program) -> Iterator[Report]:
    """Single-value assertions: loud for decoded data, quiet for the rest."""
    for ident, function in sites(program).functions:
        body = program.golang.body(ident)
        casts = [cast for cast in body.casts if cast.assertion]
        if casts:
            casts.sort(key=lambda cast: cast.at)
            switches = nodes_of(ir.Switch, function.body or ())
            yield from _casts(program, ident, casts, switches)


def _casts(
    program: Program, ident: FunctionId, casts: list[ir.Cast], switches: list[ir.Switch]
) -> Iterator[Report]:
    checked: set[int] = set()
    switched = [
        (dotted(stmt.subject), stmt.at, stmt.end)
        for stmt in switches
        if stmt.kind == "type-switch" and stmt.subject
    ]
    end = program.function(ident).end
    tested: list[tuple[str, int, int]] = []
    for assign in program.golang.body(ident).assigns:
        if len(assign.targets) == 2 and len(assign.values) == 1:
            value = assign.values[0]
            if isinstance(value, ir.Cast):
                checked.add(id(value))
                tested.append((dotted(value.value), assign.at, end))
                if value.assertion and is_name(assign.targets[1], "_"):
                    yield from _report(program, ident, (value, _BLIND), _QUIET)
    open_ = [
        cast
        for cast in casts
        if id(cast) not in checked and not _is_tested(cast, switched) and not _is_any(cast.type)
    ]
    decoded = [
        cast
        for cast in open_
        if not _is_tested(cast, tested) and _is_decoded(program, ident, cast.value)
    ]
    if decoded:
        yield from _decoded(program, ident, decoded)
    for cast in open_:
        if cast not in decoded:
            yield from _report(program, ident, (cast, _OPEN), _QUIET)


def _is_tested(cast: ir.Cast, tested: list[tuple[str, int, int]]) -> bool:
    """Whether the code around, or before, asked for the type of the same value."""
    text = dotted(cast.value)
    return "?" not in text and any(
        text == other and start < cast.at < end for other, start, end in tested
    )


def _is_any(type_: ir.Type | None) -> bool:
    """Whether every value but nil passes."""
    if isinstance(type_, ir.TInterface):
        return not type_.members and not type_.embeds
    return type_ == ir.TName("any")


def _decoded(program: Program, ident: FunctionId, casts: list[ir.Cast]) -> Iterator[Report]:
    """One report for a function's assertions on decoded values, at the first."""
    facts = program.files[ident[0]]
    more = f" (and {len(casts) - 1} more in this function)" if len(casts) > 1 else ""
    message = f"unchecked type assertion on a decoded value{more}: any other type panics"
    related = tuple(Related(locate(facts, cast.at), "here too") for cast in casts[1:_SHOWN])
    yield from _report(program, ident, (casts[0], message), Extra(scale=_SCALE, related=related))


def _report(
    program: Program, ident: FunctionId, what: tuple[ir.Cast, str], extra: Extra
) -> Iterator[Report]:
    cast, message = what
    site = Site(function=ident, at=cast.at, end=cast.at + 1, label="type assertion")
    report = site_report(program, site, message, f"assert {dotted(cast.value)}", extra)
    if report is not None:
        yield report


def _is_decoded(program: Program, ident: FunctionId, value: ir.Expr) -> bool:
    """An element of a map or list of anything: what JSON, YAML or token decoding gives."""
    if not isinstance(value, ir.Index) or _made_here(program, ident, value.object):
        return False
    if (
        _is_own(program, ident, value.object)
        or _is_registry(program, ident, value.object)
        or _is_row(program, ident, value.object)
    ):
        return False
    shape = underlying(program.golang.type_of(ident, value.object))
    if isinstance(shape, Slice) and not _from_decoded(program, ident, value.object):
        return False
    if not isinstance(shape, (Map, Slice)):
        return False
    elem = underlying(shape.elem)
    return isinstance(elem, Interface) and not elem.methods and not elem.embeds


def _is_own(program: Program, ident: FunctionId, value: ir.Expr) -> bool:
    """Whether the program's own middleware put there what is in the map."""
    if not isinstance(value, ir.Member):
        return False
    return f"{type_name(program, ident, value.object)}.{value.name}" in names("own_values")


def _is_registry(program: Program, ident: FunctionId, value: ir.Expr) -> bool:
    """Whether a package's variable holds the map, made empty, whose address nobody takes."""
    go = program.golang
    if not isinstance(value, ir.Name) or go.binding(ident, value) is not None:
        return False
    units = go.unit(ident[0]).package.units
    made = any(
        is_name(target, value.id) and _is_made(node)
        for unit in units
        for stmt in unit.body(0).assigns
        for target, node in zip(stmt.targets, stmt.values, strict=False)
    )
    return made and not any(
        value.id in unit.body(index).addressed
        for unit in units
        for index in range(len(unit.facts.functions))
    )


def _is_row(program: Program, ident: FunctionId, value: ir.Expr, depth: int = 0) -> bool:
    """Whether a database's row is scanned into the map: its columns have the schema's types.

    For a parameter, whether every caller hands on such a map.
    """
    go = program.golang
    found = go.binding(ident, value) if isinstance(value, ir.Name) else None
    if found is None or depth > _ROW_DEPTH:
        return False
    binding, home = found
    if any(
        isinstance(call.callee, ir.Member)
        and call.callee.name in _ROW_SCANS
        and any(is_name(arg, binding.name) for arg in call.args)
        for call in go.body(home).calls
    ):
        return True
    callers = go.index.callers.get(home, ()) if binding.kind == "param" else ()
    return bool(callers) and all(
        isinstance(place.expr, ir.Call)
        and binding.index < len(place.expr.args)
        and _is_row(
            program,
            (place.unit.facts.path, place.holder),
            place.expr.args[binding.index],
            depth + 1,
        )
        for place in callers
    )


def _is_made(node: ir.Expr) -> bool:
    return isinstance(node, ir.Composite) or (
        isinstance(node, ir.Call) and is_name(node.callee, "make")
    )


def _from_decoded(program: Program, ident: FunctionId, value: ir.Expr) -> bool:
    """Whether a list of anything comes out of decoded data: asserted, or an element itself."""
    if isinstance(value, ir.Name):
        local = program.golang.binding(ident, value)
        if local is None or local[0].kind not in {"value", "case"}:
            return False
        if local[0].kind == "case":
            return True
        value = local[0].node if local[0].node is not None else value
    return isinstance(value, (ir.Cast, ir.Index))


def _made_here(program: Program, ident: FunctionId, value: ir.Expr) -> bool:
    """Whether the function fills the map or list itself, so that it knows what is in it.

    For an element of a list, whether all that is appended to it is made so.
    """
    if isinstance(value, ir.Index):
        made = _made_here(program, ident, value.object)
        return made and all(_made_here(program, ident, m) for m in _appended(program, ident, value))
    if _is_made(value):
        return True
    if not isinstance(value, ir.Name):
        return False
    local = program.golang.binding(ident, value)
    if local is None or local[0].kind != "value":
        return False
    return _is_made(local[0].node) and not any(
        isinstance(inner, ir.Unary) and inner.op == "&" and is_name(inner.value, value.id)
        for inner in walk(program.function(ident).body or ())
    )


def _appended(program: Program, ident: FunctionId, element: ir.Index) -> list[ir.Expr]:
    """What the function appends to, or stores in, the list that holds an element."""
    name = element.object.id if isinstance(element.object, ir.Name) else ""
    found: list[ir.Expr] = []
    for assign in program.golang.body(ident).assigns:
        for target, value in zip(assign.targets, assign.values, strict=False):
            if is_name(target, name) and isinstance(value, ir.Call):
                found += value.args[1:]
            elif isinstance(target, ir.Index) and is_name(target.object, name):
                found.append(value)
    return found
