"""Go's statements."""

from __future__ import annotations

from tree_sitter import Node

from archlint.extract.golang.declarations import variables
from archlint.extract.golang.expressions import expressions
from archlint.extract.golang.kinds import (
    CAP,
    COMMENT,
    ERROR,
    EXPR,
    EXPRESSION_LIST,
    OPERATORS,
    STATEMENT_LIST,
    STMT,
    ids,
    stmt,
    token,
)
from archlint.extract.golang.state import Lowering
from archlint.extract.golang.types import declare_type
from archlint.model.ir import (
    Assign,
    Block,
    Defer,
    Expr,
    ExprStmt,
    Jump,
    Labeled,
    Return,
    Send,
    Spawn,
    Stmt,
    TypeDecl,
)

_SEMICOLON = token(";")
_FOR_CLAUSE = ids("for_clause")[0]
_RANGE_CLAUSE = ids("range_clause")[0]
_DEFINE = token(":=")
_SET = token("=")
_DEFAULT_CASE = ids("default_case")[0]
_CASES = {_DEFAULT_CASE, *ids("expression_case"), *ids("type_case"), *ids("communication_case")}


def body_of(lo: Lowering, block: Node, depth: int) -> tuple[Stmt, ...]:
    """The statements of a block, or of anything that holds a statement list."""
    out: list[Stmt] = []
    table = STMT
    for part in block.children:
        kind = part.kind_id
        if kind == STATEMENT_LIST:
            if depth > CAP:
                deep = lo.defer(part)
                return (ExprStmt(deep.at, part.end_byte, deep),)
            for kid in part.named_children:
                table[kid.kind_id](lo, kid, depth, out)
        elif kind == COMMENT:
            lo.comments.append(part)
        elif kind == ERROR:
            table[ERROR](lo, part, depth, out)
    return tuple(out)


def value_of(lo: Lowering, node: Node, depth: int) -> Expr:
    """An expression."""
    result: Expr = EXPR[node.kind_id](lo, node, depth)
    return result


@stmt("expression_statement")
def _expression(lo: Lowering, node: Node, depth: int, out: list[Stmt]) -> None:
    kids = node.children
    if len(kids) != 1:
        kids = lo.clean(kids)
    value = EXPR[kids[0].kind_id](lo, kids[0], depth)
    out.append(ExprStmt(value.at, node.end_byte, value))


@stmt("assignment_statement", "short_var_declaration")
def _assign(lo: Lowering, node: Node, depth: int, out: list[Stmt]) -> None:
    kids = node.children
    if len(kids) != 3:
        kids = lo.clean(kids)
    left, operator, right = kids
    targets = expressions(lo, left, depth)
    values = expressions(lo, right, depth)
    out.append(Assign(node.start_byte, node.end_byte, OPERATORS[operator.kind_id], targets, values))


@stmt("inc_statement", "dec_statement")
def _step(lo: Lowering, node: Node, depth: int, out: list[Stmt]) -> None:
    target, operator = lo.clean(node.children)
    value = value_of(lo, target, depth)
    out.append(Assign(value.at, node.end_byte, OPERATORS[operator.kind_id], (value,)))


@stmt("send_statement")
def _send(lo: Lowering, node: Node, depth: int, out: list[Stmt]) -> None:
    channel, value = lo.named(node)
    out.append(Send(node.start_byte, value_of(lo, channel, depth), value_of(lo, value, depth)))


@stmt("receive_statement")
def _receive(lo: Lowering, node: Node, depth: int, out: list[Stmt]) -> None:
    kids = lo.clean(node.children)
    value = value_of(lo, kids[-1], depth)
    if len(kids) == 3:
        targets = expressions(lo, kids[0], depth)
        operator = OPERATORS[kids[1].kind_id]
        out.append(Assign(node.start_byte, node.end_byte, operator, targets, (value,)))
    else:
        out.append(ExprStmt(value.at, node.end_byte, value))


@stmt("return_statement")
def _return(lo: Lowering, node: Node, depth: int, out: list[Stmt]) -> None:
    values: tuple[Expr, ...] = ()
    for kid in lo.named(node):
        if kid.kind_id == EXPRESSION_LIST:
            values = expressions(lo, kid, depth)
    out.append(Return(node.start_byte, node.end_byte, values))


@stmt("go_statement")
def _go(lo: Lowering, node: Node, depth: int, out: list[Stmt]) -> None:
    out.append(Spawn(node.start_byte, node.end_byte, value_of(lo, lo.named(node)[0], depth)))


@stmt("defer_statement")
def _defer(lo: Lowering, node: Node, depth: int, out: list[Stmt]) -> None:
    out.append(Defer(node.start_byte, node.end_byte, value_of(lo, lo.named(node)[0], depth)))


@stmt("block")
def _block(lo: Lowering, node: Node, depth: int, out: list[Stmt]) -> None:
    out.append(Block(node.start_byte, body_of(lo, node, depth + 1)))


@stmt("statement_list")
def _statements(lo: Lowering, node: Node, depth: int, out: list[Stmt]) -> None:
    """The statements of a block that was nested too deep, or of a broken stretch."""
    inside: list[Stmt] = []
    for kid in node.named_children:
        STMT[kid.kind_id](lo, kid, depth + 1, inside)
    out.append(Block(node.start_byte, tuple(inside)))


@stmt("break_statement", "continue_statement", "goto_statement", "fallthrough_statement")
def _jump(lo: Lowering, node: Node, depth: int, out: list[Stmt]) -> None:
    words = lo.text[node.start_byte : node.end_byte].split()
    out.append(Jump(node.start_byte, words[0], words[-1] if len(words) > 1 else ""))


@stmt("labeled_statement")
def _labeled(lo: Lowering, node: Node, depth: int, out: list[Stmt]) -> None:
    label, *rest = lo.named(node)
    text = lo.text[label.start_byte : label.end_byte]
    inside: list[Stmt] = []
    for kid in rest:
        deeper(lo, kid, depth, inside)
    out.append(Labeled(node.start_byte, text, tuple(inside)))


def deeper(lo: Lowering, node: Node, depth: int, out: list[Stmt]) -> None:
    """One more level, or a stand-in when there have been too many."""
    if depth > CAP:
        deep = lo.defer(node)
        out.append(ExprStmt(deep.at, node.end_byte, deep))
    else:
        STMT[node.kind_id](lo, node, depth + 1, out)


@stmt("var_declaration", "const_declaration")
def _variables(lo: Lowering, node: Node, depth: int, out: list[Stmt]) -> None:
    out.extend(variables(lo, node, depth))


@stmt("type_declaration")
def _type(lo: Lowering, node: Node, depth: int, out: list[Stmt]) -> None:
    found = [TypeDecl(kid.start_byte, declare_type(lo, kid)) for kid in lo.named(node)]
    if lo.current:
        out.extend(found)


@stmt("empty_statement")
def _empty(lo: Lowering, node: Node, depth: int, out: list[Stmt]) -> None:
    return
