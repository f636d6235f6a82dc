"""A type assertion without ``, ok`` on a value that comes from outside.

Why it matters: The first request whose JSON, token or header has another type than expected makes
the handler panic.
What to do: Use the two-value form and answer with an error, or decode into a struct.
Guide: Go asks the programmer to decide what happens when a step fails (L48, L49).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from archlint.model import ir
from archlint.model.finding import Confidence, Context, Report, Severity
from archlint.model.walk import walk
from archlint.program.golang.types import Interface, Map, Slice, underlying
from archlint.program.golang_flow.shapes import dotted, is_name
from archlint.program.golang_flow.sites import sites
from archlint.program.program import FunctionId, Program
from archlint.rules.registry import rule
from archlint.rules.reporting import ON_REQUEST_PATH, Extra, Site, site_report

_SCALE = {
    **ON_REQUEST_PATH,
    Context.REQUEST: Severity.ERROR,
    Context.BACKGROUND: Severity.WARNING,
}


@rule(
    "unchecked-assertion", severity=Severity.WARNING, confidence=Confidence.HIGH, languages=("go",)
)
def unchecked_assertion(program: Program) -> Iterator[Report]:
    """Single-value assertions: loud for decoded data, quiet for the rest."""
    for ident, function in sites(program).functions:
        nodes = [
            node
            for node in walk(function.body or ())
            if isinstance(node, (ir.Cast, ir.Assign, ir.Switch))
        ]
        if any(isinstance(node, ir.Cast) for node in nodes):
            yield from _casts(program, ident, nodes)


def _casts(program: Program, ident: FunctionId, nodes: Sequence[object]) -> Iterator[Report]:
    checked: set[int] = set()
    tested: set[str] = set()
    for node in nodes:
        if isinstance(node, ir.Assign) and len(node.targets) == 2 and len(node.values) == 1:
            value = node.values[0]
            if isinstance(value, ir.Cast):
                checked.add(id(value))
                tested.add(dotted(value.value))
        elif isinstance(node, ir.Switch) and node.kind == "type-switch" and node.subject:
            tested.add(dotted(node.subject))
    for node in nodes:
        if isinstance(node, ir.Cast) and node.assertion and id(node) not in checked:
            text = dotted(node.value)
            if "?" in text or text not in tested:
                yield from _report(program, ident, node)


def _report(program: Program, ident: FunctionId, cast: ir.Cast) -> Iterator[Report]:
    decoded = _is_decoded(program, ident, cast.value)
    what = "a decoded value" if decoded else "an interface"
    message = f"unchecked type assertion on {what}: any other type panics"
    extra = Extra(
        scale=_SCALE,
        cap=None if decoded else Severity.NOTE,
        confidence=None if decoded else Confidence.LOW,
    )
    site = Site(function=ident, at=cast.at, end=cast.at + 1, label="type assertion")
    report = site_report(program, site, message, f"assert {dotted(cast.value)}", extra)
    if report is not None:
        yield report


def _is_decoded(program: Program, ident: FunctionId, value: ir.Expr) -> bool:
    """An element of a map or list of anything: what JSON, YAML or token decoding gives."""
    if not isinstance(value, ir.Index) or _made_here(program, ident, value.object):
        return False
    shape = underlying(program.golang.type_of(ident, value.object))
    if not isinstance(shape, (Map, Slice)):
        return False
    elem = underlying(shape.elem)
    return isinstance(elem, Interface) and not elem.methods and not elem.embeds


def _made_here(program: Program, ident: FunctionId, value: ir.Expr) -> bool:
    """Whether the function fills the map or list itself, so that it knows what is in it."""
    if not isinstance(value, ir.Name):
        return False
    local = program.golang.binding(ident, value)
    if local is None or local[0].kind != "value":
        return False
    node = local[0].node
    made = isinstance(node, ir.Composite) or (
        isinstance(node, ir.Call) and is_name(node.callee, "make")
    )
    return made and not any(
        isinstance(inner, ir.Unary) and inner.op == "&" and is_name(inner.value, value.id)
        for inner in walk(program.function(ident).body or ())
    )
