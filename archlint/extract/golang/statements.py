"""Go's statements."""

from __future__ import annotations

from tree_sitter import Node

from archlint.extract.golang.declarations import variables
from archlint.extract.golang.expressions import expressions
from archlint.extract.golang.kinds import (
    BLOCK,
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
from archlint.extract.golang.types import declare_type, type_of
from archlint.model.ir import (
    Assign,
    Block,
    Case,
    Defer,
    Expr,
    ExprStmt,
    If,
    Jump,
    Labeled,
    Loop,
    Opaque,
    Return,
    Send,
    Spawn,
    Stmt,
    Switch,
    Type,
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


def _value(lo: Lowering, node: Node, depth: int) -> Expr:
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
    value = _value(lo, target, depth)
    out.append(Assign(value.at, node.end_byte, OPERATORS[operator.kind_id], (value,)))


@stmt("send_statement")
def _send(lo: Lowering, node: Node, depth: int, out: list[Stmt]) -> None:
    channel, value = lo.named(node)
    out.append(Send(node.start_byte, _value(lo, channel, depth), _value(lo, value, depth)))


@stmt("receive_statement")
def _receive(lo: Lowering, node: Node, depth: int, out: list[Stmt]) -> None:
    kids = lo.clean(node.children)
    value = _value(lo, kids[-1], depth)
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
    out.append(Spawn(node.start_byte, node.end_byte, _value(lo, lo.named(node)[0], depth)))


@stmt("defer_statement")
def _defer(lo: Lowering, node: Node, depth: int, out: list[Stmt]) -> None:
    out.append(Defer(node.start_byte, node.end_byte, _value(lo, lo.named(node)[0], depth)))


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
        _deeper(lo, kid, depth, inside)
    out.append(Labeled(node.start_byte, text, tuple(inside)))


def _deeper(lo: Lowering, node: Node, depth: int, out: list[Stmt]) -> None:
    """One more level, or a stand-in when there have been too many."""
    if depth > CAP:
        deep = lo.defer(node)
        out.append(ExprStmt(deep.at, node.end_byte, deep))
    else:
        STMT[node.kind_id](lo, node, depth + 1, out)


@stmt("if_statement")
def _if(lo: Lowering, node: Node, depth: int, out: list[Stmt]) -> None:
    kids = lo.named(node)
    init, at = _init(lo, kids, depth)
    test = _value(lo, kids[at], depth)
    then = body_of(lo, kids[at + 1], depth + 1)
    other: list[Stmt] = []
    if len(kids) > at + 2:
        last = kids[at + 2]
        if last.kind_id == BLOCK:
            other.extend(body_of(lo, last, depth + 1))
        else:
            _deeper(lo, last, depth, other)
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
        test = _value(lo, clause, depth)
    out.append(Loop(at, end, "for", body_of(lo, kids[-1], depth + 1), init, test, update))


def _range(lo: Lowering, clause: Node, depth: int) -> tuple[tuple[Expr, ...], str, Expr | None]:
    kids = lo.clean(clause.children)
    targets: tuple[Expr, ...] = ()
    op = ""
    if kids[0].kind_id == EXPRESSION_LIST:
        targets = expressions(lo, kids[0], depth)
        op = OPERATORS.get(kids[1].kind_id, "")
    return targets, op, _value(lo, kids[-1], depth)


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
            test = _value(lo, kid, depth)
        else:
            update = _simple(lo, kid, depth)
    return init, test, update


@stmt("expression_switch_statement")
def _switch(lo: Lowering, node: Node, depth: int, out: list[Stmt]) -> None:
    kids = lo.named(node)
    init, at = _init(lo, kids, depth)
    subject: Expr | None = None
    if at < len(kids) and kids[at].kind_id not in _CASES:
        subject = _value(lo, kids[at], depth)
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
    subject = _value(lo, kids[at], depth)
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


def _comment(lo: Lowering, node: Node, depth: int, out: list[Stmt]) -> None:
    lo.comments.append(node)


def _error(lo: Lowering, node: Node, depth: int, out: list[Stmt]) -> None:
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


STMT[COMMENT] = _comment
STMT[ERROR] = _error
