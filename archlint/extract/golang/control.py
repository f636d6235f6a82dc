"""Go's control structures: if, for, switch and select."""

from __future__ import annotations

from tree_sitter import Node

from archlint.extract.golang.expressions import expressions
from archlint.extract.golang.kinds import (
    BLOCK,
    EXPRESSION_LIST,
    OPERATORS,
    STATEMENT_LIST,
    STMT,
    ids,
    stmt,
    token,
)
from archlint.extract.golang.state import Lowering
from archlint.extract.golang.statements import body_of, deeper, value_of
from archlint.extract.golang.types import type_of
from archlint.model.ir import Case, Expr, If, Loop, Stmt, Switch, Type

_SEMICOLON = token(";")
_FOR_CLAUSE = ids("for_clause")[0]
_RANGE_CLAUSE = ids("range_clause")[0]
_DEFAULT_CASE = ids("default_case")[0]
_CASES = {_DEFAULT_CASE, *ids("expression_case"), *ids("type_case"), *ids("communication_case")}


@stmt("if_statement")
def _if(lo: Lowering, node: Node, depth: int, out: list[Stmt]) -> None:
    kids = lo.named(node)
    init, at = _init(lo, kids, depth)
    test = value_of(lo, kids[at], depth)
    then = body_of(lo, kids[at + 1], depth + 1)
    other: list[Stmt] = []
    if len(kids) > at + 2:
        last = kids[at + 2]
        if last.kind_id == BLOCK:
            other.extend(body_of(lo, last, depth + 1))
        else:
            deeper(lo, last, depth, other)
    out.append(If(node.start_byte, node.end_byte, test, then, tuple(other), init))


def _init(lo: Lowering, kids: list[Node], depth: int) -> tuple[Stmt | None, int]:
    """The simple statement that may lead a header, and the index of what follows it."""
    if not kids or kids[0].kind_id not in STMT:
        return None, 0
    return _simple(lo, kids[0], depth), 1


def _simple(lo: Lowering, node: Node, depth: int) -> Stmt | None:
    out: list[Stmt] = []
    STMT[node.kind_id](lo, node, depth, out)
    return out[0] if out else None


@stmt("for_statement")
def _for(lo: Lowering, node: Node, depth: int, out: list[Stmt]) -> None:
    kids = lo.named(node)
    at, end = node.start_byte, node.end_byte
    clause = kids[0] if len(kids) > 1 else None
    if clause is not None and clause.kind_id == _RANGE_CLAUSE:
        targets, op, subject = _range(lo, clause, depth)
        body = body_of(lo, kids[-1], depth + 1)
        out.append(Loop(at, end, "range", body, targets=targets, op=op, subject=subject))
        return
    init: Stmt | None = None
    test: Expr | None = None
    update: Stmt | None = None
    if clause is not None and clause.kind_id == _FOR_CLAUSE:
        init, test, update = _clause(lo, clause, depth)
    elif clause is not None:
        test = value_of(lo, clause, depth)
    out.append(Loop(at, end, "for", body_of(lo, kids[-1], depth + 1), init, test, update))


def _range(lo: Lowering, clause: Node, depth: int) -> tuple[tuple[Expr, ...], str, Expr | None]:
    kids = lo.clean(clause.children)
    targets: tuple[Expr, ...] = ()
    op = ""
    if kids[0].kind_id == EXPRESSION_LIST:
        targets = expressions(lo, kids[0], depth)
        op = OPERATORS.get(kids[1].kind_id, "")
    return targets, op, value_of(lo, kids[-1], depth)


def _clause(lo: Lowering, clause: Node, depth: int) -> tuple[Stmt | None, Expr | None, Stmt | None]:
    """``init; test; update``: told apart by the semicolons before them."""
    init: Stmt | None = None
    test: Expr | None = None
    update: Stmt | None = None
    part = 0
    for kid in lo.clean(clause.children):
        if kid.kind_id == _SEMICOLON:
            part += 1
        elif part == 0:
            init = _simple(lo, kid, depth)
        elif part == 1:
            test = value_of(lo, kid, depth)
        else:
            update = _simple(lo, kid, depth)
    return init, test, update


@stmt("expression_switch_statement")
def _switch(lo: Lowering, node: Node, depth: int, out: list[Stmt]) -> None:
    kids = lo.named(node)
    init, at = _init(lo, kids, depth)
    subject: Expr | None = None
    if at < len(kids) and kids[at].kind_id not in _CASES:
        subject = value_of(lo, kids[at], depth)
    cases = _cases(lo, kids, depth)
    out.append(Switch(node.start_byte, node.end_byte, "switch", subject, cases, init))


@stmt("type_switch_statement")
def _type_switch(lo: Lowering, node: Node, depth: int, out: list[Stmt]) -> None:
    kids = lo.named(node)
    init, at = _init(lo, kids, depth)
    bind = ""
    if kids[at].kind_id == EXPRESSION_LIST:
        bind = lo.text[kids[at].start_byte : kids[at].end_byte]
        at += 1
    subject = value_of(lo, kids[at], depth)
    cases = _cases(lo, kids, depth)
    out.append(Switch(node.start_byte, node.end_byte, "type-switch", subject, cases, init, bind))


@stmt("select_statement")
def _select(lo: Lowering, node: Node, depth: int, out: list[Stmt]) -> None:
    cases = _cases(lo, lo.named(node), depth)
    out.append(Switch(node.start_byte, node.end_byte, "select", None, cases))


def _cases(lo: Lowering, kids: list[Node], depth: int) -> tuple[Case, ...]:
    return tuple([_case(lo, kid, depth) for kid in kids if kid.kind_id in _CASES])


def _case(lo: Lowering, node: Node, depth: int) -> Case:
    tests: tuple[Expr, ...] = ()
    types: list[Type] = []
    comm: Stmt | None = None
    for kid in lo.named(node):
        kind = kid.kind_id
        if kind == STATEMENT_LIST:
            continue
        if kind == EXPRESSION_LIST:
            tests = expressions(lo, kid, depth)
        elif kind in STMT:
            comm = _simple(lo, kid, depth)
        else:
            types.append(type_of(lo, kid, depth))
    return Case(node.start_byte, tests, body_of(lo, node, depth + 3), tuple(types), comm)
