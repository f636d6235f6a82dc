"""Statements that branch: if, loops, switch, try."""

from __future__ import annotations

from tree_sitter import Node

from archlint.extract.ecma.grammar import statement
from archlint.extract.ecma.lowering import DEPTH, SPINE, Lowering
from archlint.extract.ecma.statements import branch
from archlint.model.ir import (
    Assign,
    Block,
    Case,
    Expr,
    ExprStmt,
    If,
    Literal,
    Loop,
    Stmt,
    Switch,
    Try,
)


def _too_deep(s: Lowering, node: Node, out: list[Stmt]) -> None:
    out.append(ExprStmt(node.start_byte, node.end_byte, s.too_deep(node)))


@statement("if_statement")
def if_statement(s: Lowering, node: Node, d: int, out: list[Stmt]) -> None:
    """``if`` with its chain of ``else if``."""
    if d > SPINE and (d > DEPTH or not s.flat):
        _long_chain(s, node, out)
        return
    g = s.grammar
    at = node.start_byte
    test = s.one(node.child_by_field_id(g.f_condition), d + 1, at)
    then = branch(s, node.child_by_field_id(g.f_consequence), d + 1)
    other = _else(s, node)
    rest: tuple[Stmt, ...] = () if other is None else branch(s, other, d + 1)
    out.append(If(at, node.end_byte, test, then, rest))


def _else(s: Lowering, node: Node) -> Node | None:
    """The statement after ``else``."""
    clause = node.child_by_field_id(s.grammar.f_alternative)
    if clause is None:
        return None
    for kid in reversed(clause.children):
        if kid.kind_id not in s.grammar.extras:
            return kid
    return None


def _long_chain(s: Lowering, node: Node, out: list[Stmt]) -> None:
    """An ``else if`` chain beyond the depth, as ``switch (true)``."""
    if s.flat:
        _too_deep(s, node, out)
        return
    s.flat = True
    g = s.grammar
    at = node.start_byte
    cases: list[Case] = []
    rest: Node | None = node
    while rest is not None and rest.kind_id == g.if_statement:
        test = s.one(rest.child_by_field_id(g.f_condition), SPINE, at)
        then = branch(s, rest.child_by_field_id(g.f_consequence), SPINE)
        cases.append(Case(rest.start_byte, (test,), then))
        rest = _else(s, rest)
    if rest is not None:
        cases.append(Case(rest.start_byte, (), branch(s, rest, SPINE)))
    s.flat = False
    out.append(Switch(at, node.end_byte, "switch", Literal(at, "bool", "true"), tuple(cases)))


@statement("for_statement")
def for_statement(s: Lowering, node: Node, d: int, out: list[Stmt]) -> None:
    """``for (init; test; update)``."""
    if d > DEPTH:
        _too_deep(s, node, out)
        return
    g = s.grammar
    update = _optional(s, node.child_by_field_id(g.f_increment), d)
    stmt: Stmt | None = None
    if update is not None:
        stmt = update if type(update) is Assign else ExprStmt(update.at, node.end_byte, update)
    out.append(
        Loop(
            node.start_byte,
            node.end_byte,
            "for",
            branch(s, node.child_by_field_id(g.f_body), d + 1),
            _initializer(s, node.child_by_field_id(g.f_initializer), d),
            _optional(s, node.child_by_field_id(g.f_condition), d),
            stmt,
        )
    )


def _optional(s: Lowering, node: Node | None, d: int) -> Expr | None:
    """An expression of a ``for`` header; an empty statement is none."""
    if node is None or not node.is_named or node.type == "empty_statement":
        return None
    return s.one(node, d + 1)


def _initializer(s: Lowering, node: Node | None, d: int) -> Stmt | None:
    if node is None:
        return None
    if node.type.endswith("declaration"):
        found = branch(s, node, d + 1)
        return found[0] if len(found) == 1 else Block(node.start_byte, found)
    value = _optional(s, node, d)
    if value is None or type(value) is Assign:
        return value
    return ExprStmt(node.start_byte, node.end_byte, value)


@statement("for_in_statement")
def for_in_statement(s: Lowering, node: Node, d: int, out: list[Stmt]) -> None:
    """``for (x of y)``, ``for (x in y)``, ``for await (x of y)``."""
    if d > DEPTH:
        _too_deep(s, node, out)
        return
    g = s.grammar
    at = node.start_byte
    operator = node.child_by_field_id(g.f_operator)
    kind = s.text(operator) if operator is not None else "of"
    words = [kid.type for kid in node.children[1:4] if not kid.is_named]
    if kind == "of" and words[:1] == ["await"]:
        kind = "await-of"
    keyword = node.child_by_field_id(g.f_kind)
    op = s.text(keyword) if keyword is not None else "="
    if op == "await":
        op = "await using"
    out.append(
        Loop(
            at,
            node.end_byte,
            kind,
            branch(s, node.child_by_field_id(g.f_body), d + 1),
            targets=(s.one(node.child_by_field_id(g.f_left), d + 1, at),),
            op=op,
            subject=s.one(node.child_by_field_id(g.f_right), d + 1, at),
        )
    )


@statement("while_statement", "do_statement")
def while_statement(s: Lowering, node: Node, d: int, out: list[Stmt]) -> None:
    """``while`` and ``do ... while``."""
    if d > DEPTH:
        _too_deep(s, node, out)
        return
    g = s.grammar
    at = node.start_byte
    out.append(
        Loop(
            at,
            node.end_byte,
            "do" if node.type == "do_statement" else "while",
            branch(s, node.child_by_field_id(g.f_body), d + 1),
            test=s.one(node.child_by_field_id(g.f_condition), d + 1, at),
        )
    )


@statement("switch_statement")
def switch_statement(s: Lowering, node: Node, d: int, out: list[Stmt]) -> None:
    """``switch``."""
    if d > DEPTH:
        _too_deep(s, node, out)
        return
    g = s.grammar
    at = node.start_byte
    body = node.child_by_field_id(g.f_body)
    cases: list[Case] = []
    for kid in body.children if body is not None else ():
        if kid.kind_id == g.comment:
            s.comments.append((kid.start_byte, kid.end_byte))
        elif kid.is_named:
            cases.append(_case(s, kid, d + 1))
    subject = s.one(node.child_by_field_id(g.f_value), d + 1, at)
    out.append(Switch(at, node.end_byte, "switch", subject, tuple(cases)))


def _case(s: Lowering, node: Node, d: int) -> Case:
    value = node.child_by_field_id(s.grammar.f_value)
    found: list[Stmt] = []
    for kid in node.children:
        handle = s.stmt[kid.kind_id]
        if handle is not None and (value is None or kid.id != value.id):
            handle(s, kid, d + 1, found)
    tests = () if value is None else (s.one(value, d + 1),)
    return Case(node.start_byte, tests, tuple(found))


@statement("try_statement")
def try_statement(s: Lowering, node: Node, d: int, out: list[Stmt]) -> None:
    """``try``; imports in its block count as guarded when there is a catch clause."""
    if d > DEPTH:
        _too_deep(s, node, out)
        return
    g = s.grammar
    at = node.start_byte
    clause = node.child_by_field_name("handler")
    final = node.child_by_field_name("finalizer")
    caught = clause is not None
    s.guards += caught
    body = branch(s, node.child_by_field_id(g.f_body), d + 1)
    s.guards -= caught
    param: Expr | None = None
    handler: tuple[Stmt, ...] | None = None
    commented = False
    if clause is not None:
        first = clause.child_by_field_id(g.f_parameter)
        param = s.one(first, d + 1) if first is not None else None
        inner = clause.child_by_field_id(g.f_body)
        handler = branch(s, inner, d + 1)
        commented = inner is not None and any(kid.kind_id == g.comment for kid in inner.children)
    finalizer: tuple[Stmt, ...] = ()
    if final is not None:
        finalizer = branch(s, final.child_by_field_id(g.f_body), d + 1)
    out.append(
        Try(
            at,
            node.end_byte,
            body,
            param,
            handler,
            clause.start_byte if clause is not None else 0,
            commented,
            finalizer,
        )
    )


@statement("with_statement")
def with_statement(s: Lowering, node: Node, d: int, out: list[Stmt]) -> None:
    """``with``: its object and its body."""
    if d > DEPTH:
        _too_deep(s, node, out)
        return
    value = s.one(node.child_by_field_id(s.grammar.f_object), d + 1, node.start_byte)
    out.append(ExprStmt(value.at, node.end_byte, value))
    out.append(Block(node.start_byte, branch(s, node.child_by_field_id(s.grammar.f_body), d + 1)))
