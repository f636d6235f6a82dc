"""Comments and broken parts where expressions and statements should stand."""

from __future__ import annotations

from tree_sitter import Node

from archlint.extract.golang.kinds import ALL, CAP, COMMENT, ERROR, EXPR, STMT
from archlint.extract.golang.state import Lowering
from archlint.model.ir import Expr, ExprStmt, Opaque, Stmt


def _no_expression(lo: Lowering, node: Node, depth: int) -> None:
    lo.holes = True
    lo.comments.append(node)


def _broken_expression(lo: Lowering, node: Node, depth: int) -> Expr:
    """What is readable of a broken part; its statements follow at the function's end."""
    if depth > CAP:
        return lo.defer(node)
    parts: list[Expr] = []
    for kid in lo.named(node):
        if kid.kind_id in STMT:
            lo.pending.append(kid)
        else:
            parts.append(EXPR[kid.kind_id](lo, kid, depth + 1))
    return Opaque(node.start_byte, "syntax error", tuple(parts))


def _unexpected(lo: Lowering, node: Node, depth: int) -> Expr | None:
    """Punctuation is nothing; what else is no expression stands in a broken part."""
    if not node.is_named:
        lo.holes = True
        return None
    if node.kind_id in STMT:
        lo.pending.append(node)
    return Opaque(node.start_byte, "syntax error")


def _no_statement(lo: Lowering, node: Node, depth: int, out: list[Stmt]) -> None:
    lo.comments.append(node)


def _broken_statement(lo: Lowering, node: Node, depth: int, out: list[Stmt]) -> None:
    """What is readable of a broken stretch: its statements, and its expressions as such."""
    if depth > CAP:
        lo.pending.append(node)
        return
    for kid in node.named_children:
        kind = kid.kind_id
        if kind in STMT:
            STMT[kind](lo, kid, depth + 1, out)
        else:
            _stray(lo, kid, depth + 1, out)


def _stray(lo: Lowering, node: Node, depth: int, out: list[Stmt]) -> None:
    """An expression where a statement should stand."""
    value: Expr | None = EXPR[node.kind_id](lo, node, depth)
    if value is not None and not isinstance(value, Opaque):
        out.append(ExprStmt(value.at, node.end_byte, value))


def register() -> None:
    """Enter the handlers, once all others are there."""
    STMT[COMMENT] = _no_statement
    STMT[ERROR] = _broken_statement
    EXPR[COMMENT] = _no_expression
    EXPR[ERROR] = _broken_expression
    for kind in ALL:
        EXPR.setdefault(kind, _unexpected)
