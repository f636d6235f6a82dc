"""Statements without branches: declarations, expressions, jumps, blocks, comments."""

from __future__ import annotations

from tree_sitter import Node

from archlint.extract.ecma.grammar import significant, statement
from archlint.extract.ecma.lowering import DEPTH, Lowering
from archlint.extract.ecma.types import annotation
from archlint.model.ir import (
    Array,
    Assign,
    Block,
    Expr,
    ExprStmt,
    Jump,
    Labeled,
    Literal,
    Member,
    Name,
    Object,
    Opaque,
    Return,
    Stmt,
    Throw,
    Type,
)

_SILENT = (Name, Member, Literal, Object, Array)


@statement("")
def expression_alone(s: Lowering, node: Node, d: int, out: list[Stmt]) -> None:
    """An expression where a statement is expected: what is left of broken code."""
    handle = s.expr[node.kind_id]
    if handle is None:
        return
    value = handle(s, node, d + 1)
    if type(value) is Opaque and not value.parts and value.reason == node.type:
        return
    if type(value) not in _SILENT:
        out.append(ExprStmt(node.start_byte, node.end_byte, value))


@statement("ERROR")
def broken(s: Lowering, node: Node, d: int, out: list[Stmt]) -> None:
    """Unreadable code: the statements and expressions that can be read."""
    if d > DEPTH:
        s.too_deep(node)
        return
    out.extend(s.body(node, d + 1))


@statement("comment", "html_comment")
def comment(s: Lowering, node: Node, d: int, out: list[Stmt]) -> None:
    """A comment between or behind statements."""
    s.comments.append((node.start_byte, node.end_byte))


@statement("empty_statement", "debugger_statement", "hash_bang_line")
def nothing(s: Lowering, node: Node, d: int, out: list[Stmt]) -> None:
    """Statements that leave no trace."""


@statement("expression_statement")
def expression_statement(s: Lowering, node: Node, d: int, out: list[Stmt]) -> None:
    """An expression as a statement; TypeScript's namespaces hide in one."""
    kids = node.children
    first = kids[0]
    kind = first.kind_id
    handle = s.expr[kind]
    last = kids[-1].kind_id
    if handle is None or kind in s.grammar.in_statement or last in s.grammar.extras:
        _odd_statement(s, node, d, out)
    else:
        at, end = node.start_byte, node.end_byte
        out.append(ExprStmt(at, end, handle(s, first, d + 1)))


def _odd_statement(s: Lowering, node: Node, d: int, out: list[Stmt]) -> None:
    """An expression statement with comments, unreadable parts or a namespace in it."""
    for kid in node.children:
        handle = s.expr[kid.kind_id]
        if handle is None:
            if kid.is_named:
                comment(s, kid, d, out)
            continue
        special = s.stmt[kid.kind_id]
        if kid.kind_id in s.grammar.in_statement and special is not None:
            special(s, kid, d, out)
        else:
            out.append(ExprStmt(node.start_byte, node.end_byte, handle(s, kid, d + 1)))


@statement("lexical_declaration", "variable_declaration", "using_declaration")
def declaration(s: Lowering, node: Node, d: int, out: list[Stmt]) -> None:
    """``const``, ``let``, ``var``, ``using``: one assignment per declarator."""
    kids = node.children
    g = s.grammar
    op = g.keywords.get(kids[0].kind_id, "var")
    for kid in kids:
        if kid.kind_id == g.declarator:
            out.append(_declarator(s, kid, d, op))
        elif kid.kind_id == g.comment:
            comment(s, kid, d, out)


def _declarator(s: Lowering, node: Node, d: int, op: str) -> Assign:
    g = s.grammar
    kids = node.children
    at, end = node.start_byte, node.end_byte
    first = kids[0]
    name = ""
    if first.kind_id == g.identifier:
        name = s.src[at : first.end_byte]
        target: Expr = Name(at, name)
    else:
        target = s.one(first, d + 1)
    count = len(kids)
    if count == 1:
        return Assign(at, end, op, (target,))
    kind: Type | None = None
    value: Expr | None = None
    name_at = at if name else 0
    if count == 3 and not kids[1].is_named:
        value = s.value(kids[2], d + 1, name, name_at)
    else:
        for kid in significant(g, kids)[1:]:
            if kid.kind_id == g.type_annotation:
                kind = annotation(s, kid, d)
            elif kid.is_named:
                value = s.value(kid, d + 1, name, name_at)
    return Assign(at, end, op, (target,), () if value is None else (value,), kind)


@statement("return_statement")
def return_statement(s: Lowering, node: Node, d: int, out: list[Stmt]) -> None:
    """``return value``."""
    out.append(Return(node.start_byte, node.end_byte, _values(s, node, d, out)))


@statement("throw_statement")
def throw_statement(s: Lowering, node: Node, d: int, out: list[Stmt]) -> None:
    """``throw value``."""
    at = node.start_byte
    values = _values(s, node, d, out)
    out.append(Throw(at, values[0] if values else Opaque(at, "missing")))


def _values(s: Lowering, node: Node, d: int, out: list[Stmt]) -> tuple[Expr, ...]:
    """The expression of a statement (none or one); comments behind it are noted."""
    values: list[Expr] = []
    for kid in node.children:
        handle = s.expr[kid.kind_id]
        if handle is not None:
            values.append(handle(s, kid, d + 1))
        elif kid.kind_id == s.grammar.comment:
            comment(s, kid, d, out)
    return tuple(values)


@statement("statement_block")
def block(s: Lowering, node: Node, d: int, out: list[Stmt]) -> None:
    """A nested block."""
    if d > DEPTH:
        out.append(ExprStmt(node.start_byte, node.end_byte, s.too_deep(node)))
        return
    out.append(Block(node.start_byte, s.body(node, d + 1)))


@statement("break_statement", "continue_statement")
def jump(s: Lowering, node: Node, d: int, out: list[Stmt]) -> None:
    """``break`` and ``continue``."""
    label = node.child_by_field_id(s.grammar.f_label)
    out.append(
        Jump(node.start_byte, s.text(node.children[0]), "" if label is None else s.text(label))
    )


@statement("labeled_statement")
def labeled(s: Lowering, node: Node, d: int, out: list[Stmt]) -> None:
    """``label: statement``."""
    if d > DEPTH:
        out.append(ExprStmt(node.start_byte, node.end_byte, s.too_deep(node)))
        return
    kids = significant(s.grammar, node.children)
    out.append(Labeled(node.start_byte, s.text(kids[0]), branch(s, kids[-1], d + 1)))


def branch(s: Lowering, node: Node | None, d: int) -> tuple[Stmt, ...]:
    """The statements of a branch: those in its block, or the single one."""
    if node is None:
        return ()
    if node.kind_id == s.grammar.block and d <= DEPTH:
        return s.body(node, d)
    found: list[Stmt] = []
    handle = s.stmt[node.kind_id]
    if handle is not None:
        handle(s, node, d, found)
    return tuple(found)
