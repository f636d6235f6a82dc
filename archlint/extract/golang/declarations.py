"""Go's variables and constants."""

from __future__ import annotations

from tree_sitter import Node

from archlint.extract.golang.expressions import expressions
from archlint.extract.golang.kinds import EXPRESSION_LIST, IDENTIFIER, ids
from archlint.extract.golang.state import Lowering
from archlint.extract.golang.types import type_of
from archlint.model.ir import Assign, Expr, Name, Type

_SPEC_LIST = ids("var_spec_list")[0]
_CONST = ids("const_spec")[0]
_SPECS = {_CONST, *ids("var_spec")}


def variables(lo: Lowering, node: Node, depth: int) -> list[Assign]:
    """``var`` and ``const`` declarations, one assignment per specification.

    A constant without a value repeats the type and the expressions of the one before it.
    """
    out: list[Assign] = []
    before: Assign | None = None
    for spec in _specs(lo, node):
        op = "const" if spec.kind_id == _CONST else "var"
        before = _spec(lo, spec, depth, op, before if op == "const" else None)
        out.append(before)
    return out


def _specs(lo: Lowering, node: Node) -> list[Node]:
    found: list[Node] = []
    for kid in lo.named(node):
        found += lo.named(kid) if kid.kind_id == _SPEC_LIST else [kid]
    return [spec for spec in found if spec.kind_id in _SPECS]


def _spec(lo: Lowering, node: Node, depth: int, op: str, before: Assign | None) -> Assign:
    targets: list[Expr] = []
    kind: Type | None = None
    values: tuple[Expr, ...] | None = None
    for kid in lo.named(node):
        if kid.kind_id == IDENTIFIER and kind is None and values is None:
            at = kid.start_byte
            targets.append(Name(at, lo.text[at : kid.end_byte]))
        elif kid.kind_id == EXPRESSION_LIST:
            values = expressions(lo, kid, depth)
        else:
            kind = type_of(lo, kid, depth)
    if values is None and before is not None:
        values, kind = before.values, before.type
    return Assign(node.start_byte, node.end_byte, op, tuple(targets), values or (), kind)
