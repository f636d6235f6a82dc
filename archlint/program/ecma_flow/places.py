"""Under which conditions a place in a function runs: the tests around it and before it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from archlint.model import ir
from archlint.model.walk import children, walk
from archlint.program.program import FunctionId, Program


class Condition(NamedTuple):
    """A test and how it came out where the place is reached."""

    test: ir.Expr
    taken: bool


class Place(NamedTuple):
    """A place in a function: its conditions, loops and the statements and expressions around it.

    Everything is listed from the outside in.
    """

    conditions: tuple[Condition, ...]
    loops: tuple[ir.Loop, ...]
    around: tuple[ir.AnyNode, ...]


_EXITS = (ir.Return, ir.Throw, ir.Jump)


def place(program: Program, function: FunctionId, at: int) -> Place:
    """Where byte ``at`` of a function's own body lies."""
    body = program.function(function).body or ()
    conditions: list[Condition] = []
    loops: list[ir.Loop] = []
    around: list[ir.AnyNode] = []
    statements: tuple[ir.Stmt, ...] = body
    while statements:
        index = _holding(statements, at)
        if index < 0:
            break
        conditions.extend(_passed(statements[:index]))
        statement = statements[index]
        around.append(statement)
        if isinstance(statement, ir.Loop):
            loops.append(statement)
        statements = tuple(_inner(statement, at, conditions))
    if around:
        _expressions(around[-1], at, conditions, around)
    return Place(tuple(conditions), tuple(loops), tuple(around))


def _holding(statements: tuple[ir.Stmt, ...], at: int) -> int:
    """The last statement that starts at or before ``at``."""
    found = -1
    for index, statement in enumerate(statements):
        if statement.at <= at and not isinstance(statement, ir.Declare):
            found = index
    return found


def _passed(statements: tuple[ir.Stmt, ...]) -> Iterator[Condition]:
    """Tests of earlier statements that would have left the block."""
    for statement in statements:
        if isinstance(statement, ir.If):
            if leaves(statement.then):
                yield Condition(statement.test, taken=False)
            elif statement.other and leaves(statement.other):
                yield Condition(statement.test, taken=True)


def leaves(statements: tuple[ir.Stmt, ...]) -> bool:
    """Whether a block always ends in return, throw, break or continue."""
    if not statements:
        return False
    last = statements[-1]
    if isinstance(last, ir.If):
        return leaves(last.then) and leaves(last.other)
    if isinstance(last, ir.Block):
        return leaves(last.body)
    return isinstance(last, _EXITS)


def _inner(statement: ir.Stmt, at: int, conditions: list[Condition]) -> Iterator[ir.Stmt]:
    """The statements of the nested block that holds ``at``."""
    if isinstance(statement, ir.If):
        if statement.then and _within(statement.then, at, statement.other):
            conditions.append(Condition(statement.test, taken=True))
            yield from statement.then
        elif statement.other and statement.other[0].at <= at:
            conditions.append(Condition(statement.test, taken=False))
            yield from statement.other
    elif isinstance(statement, (ir.Loop, ir.Block, ir.Labeled)):
        if statement.body and statement.body[0].at <= at:
            yield from statement.body
    elif isinstance(statement, ir.Try):
        yield from _inner_try(statement, at)
    elif isinstance(statement, ir.Switch):
        for case in reversed(statement.cases):
            if case.at <= at:
                yield from case.body
                return


def _inner_try(statement: ir.Try, at: int) -> Iterator[ir.Stmt]:
    if statement.finalizer and statement.finalizer[0].at <= at:
        yield from statement.finalizer
    elif statement.handler and statement.handler[0].at <= at:
        yield from statement.handler
    else:
        yield from statement.body


def _within(block: tuple[ir.Stmt, ...], at: int, after: tuple[ir.Stmt, ...]) -> bool:
    return block[0].at <= at and not (after and after[0].at <= at)


def _expressions(
    node: ir.AnyNode, at: int, conditions: list[Condition], around: list[ir.AnyNode]
) -> None:
    """Conditions inside an expression: ``a && place``, ``a ? place : b``, ``a ?? place``."""
    while True:
        inner = _child(node, at)
        if inner is None:
            return
        if isinstance(node, ir.Conditional) and inner is not node.test:
            conditions.append(Condition(node.test, taken=inner is node.then))
        elif isinstance(node, ir.Binary) and inner is node.right and node.op in {"&&", "||", "??"}:
            conditions.append(Condition(node.left, taken=node.op == "&&"))
        around.append(inner)
        node = inner


def _child(node: ir.AnyNode, at: int) -> ir.AnyNode | None:
    """The part of an expression that holds ``at``: the last one that starts there or before."""
    if isinstance(node, (ir.If, ir.Loop, ir.Switch)):
        parts = [p for p in (_head(node)) if p is not None]
    elif isinstance(node, (ir.Try, ir.Block, ir.Labeled)):
        parts = []
    else:
        parts = list(children(node))
    found = None
    for part in parts:
        if part.at <= at and (found is None or part.at >= found.at):
            found = part
    if found is None or (isinstance(found, ir.Literal) and found.at < at):
        return None
    return found


def _head(node: ir.If | ir.Loop | ir.Switch) -> tuple[ir.Expr | None, ...]:
    if isinstance(node, ir.If):
        return (node.test,)
    if isinstance(node, ir.Switch):
        return (node.subject,)
    return (node.test, node.subject)


def names_in(expr: ir.AnyNode) -> Iterator[str]:
    """Dotted names that occur in an expression: ``x``, ``this.x``, ``process.env.NODE_ENV``."""
    for node in walk([expr]):
        if isinstance(node, (ir.Name, ir.Member)):
            name = dotted(node)
            if name:
                yield name


def dotted(expr: ir.AnyNode) -> str:
    """``a.b.c`` as text, "" for anything that is no chain of names."""
    parts: list[str] = []
    while isinstance(expr, ir.Member):
        parts.append(expr.name)
        expr = expr.object
    if not isinstance(expr, ir.Name):
        return ""
    return ".".join([expr.id, *reversed(parts)])
