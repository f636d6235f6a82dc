"""Operators: assignments, unary, binary, conditional, sequences, casts, await and yield."""

from __future__ import annotations

from tree_sitter import Node

from archlint.extract.ecma.grammar import expression, significant
from archlint.extract.ecma.lowering import DEPTH, SPINE, Lowering, is_short
from archlint.extract.ecma.types import type_of
from archlint.model.ir import (
    Assign,
    Await,
    Binary,
    Cast,
    Conditional,
    Expr,
    Member,
    Name,
    Opaque,
    Sequence,
    Spread,
    Unary,
    Yield,
)


@expression("")
def opaque(s: Lowering, node: Node, d: int) -> Expr:
    """Syntax without a handler: its readable parts."""
    if d > DEPTH:
        return s.too_deep(node)
    if node.is_error:
        return Opaque(node.start_byte, "syntax error", s.many(node, d + 1))
    return Opaque(node.start_byte, node.type, s.many(node, d + 1))


@expression("parenthesized_expression")
def parenthesized(s: Lowering, node: Node, d: int) -> Expr:
    """Parentheses leave no node."""
    kind = s.grammar.parenthesized
    while node.kind_id == kind:
        inner = [kid for kid in node.children if s.expr[kid.kind_id] is not None]
        if not inner:
            return Opaque(node.start_byte, "missing")
        node = inner[0] if len(inner) == 1 else _least_broken(inner)
    return s.one(node, d)


def _least_broken(nodes: list[Node]) -> Node:
    return next((node for node in nodes if not node.is_error), nodes[0])


@expression("binary_expression")
def binary(s: Lowering, node: Node, d: int) -> Expr:
    """A binary or logical operator."""
    if d > SPINE and (d > DEPTH or not s.flat):
        return _long_operation(s, node, d)
    kids = node.children
    if len(kids) != 3:
        kids = significant(s.grammar, kids)
        if len(kids) != 3:
            return Opaque(node.start_byte, "syntax error", s.many(node, d + 1))
    left, op, right = kids
    return Binary(
        node.start_byte,
        s.src[op.start_byte : op.end_byte],
        s.one(left, d + 1),
        s.one(right, d + 1),
    )


def _long_operation(s: Lowering, node: Node, d: int) -> Expr:
    """The operands of a spine of operators beyond the depth, side by side."""
    if s.flat:
        return s.too_deep(node)
    s.flat = True
    at = node.start_byte
    kind = s.grammar.binary
    if d <= DEPTH and is_short(node, frozenset((kind,))):
        value = s.one(node, d)
        s.flat = False
        return value
    parts: list[Expr] = []
    while node.kind_id == kind:
        kids = node.children
        parts.append(s.one(kids[-1], SPINE))
        node = kids[0]
    parts.append(s.one(node, SPINE))
    s.flat = False
    parts.reverse()
    return Opaque(at, "long expression", tuple(parts))


@expression("ternary_expression")
def ternary(s: Lowering, node: Node, d: int) -> Expr:
    """``test ? then : other``."""
    if d > SPINE and (d > DEPTH or not s.flat):
        return _long_conditional(s, node)
    g = s.grammar
    at = node.start_byte
    return Conditional(
        at,
        s.one(node.child_by_field_id(g.f_condition), d + 1, at),
        s.one(node.child_by_field_id(g.f_consequence), d + 1, at),
        s.one(node.child_by_field_id(g.f_alternative), d + 1, at),
    )


def _long_conditional(s: Lowering, node: Node) -> Expr:
    """The branches of a chain of conditionals beyond the depth, side by side."""
    if s.flat:
        return s.too_deep(node)
    s.flat = True
    g = s.grammar
    at = node.start_byte
    parts: list[Expr] = []
    rest: Node | None = node
    while rest is not None and rest.kind_id == g.ternary:
        parts.append(s.one(rest.child_by_field_id(g.f_condition), SPINE, at))
        parts.append(s.one(rest.child_by_field_id(g.f_consequence), SPINE, at))
        rest = rest.child_by_field_id(g.f_alternative)
    parts.append(s.one(rest, SPINE, at))
    s.flat = False
    return Opaque(at, "long expression", tuple(parts))


@expression("assignment_expression", "augmented_assignment_expression")
def assignment(s: Lowering, node: Node, d: int) -> Expr:
    """``target = value``, ``target += value``; also TypeScript's ``using x = value``."""
    if d > DEPTH:
        return s.too_deep(node)
    g = s.grammar
    kids = significant(g, node.children)
    op = "="
    if len(kids) == 4:
        op = s.text(kids[0])
        kids = kids[1:]
    if len(kids) != 3:
        return Opaque(node.start_byte, "syntax error", s.many(node, d + 1))
    if op == "=":
        op = s.text(kids[1])
    target = s.one(kids[0], d + 1)
    name, name_at = _target_name(target)
    value = s.value(kids[2], d + 1, name, name_at)
    return Assign(node.start_byte, node.end_byte, op, (target,), (value,))


def _target_name(target: Expr) -> tuple[str, int]:
    """The name that an assignment gives to a function: ``x``, ``exports.x``, ``module.exports``."""
    if type(target) is Name:
        return target.id, target.at
    if type(target) is Member:
        if target.name == "exports" and type(target.object) is Name:
            return "module.exports", target.at
        return target.name, target.name_at
    return "", 0


@expression("update_expression")
def update(s: Lowering, node: Node, d: int) -> Expr:
    """``x++`` and ``--x``."""
    if d > DEPTH:
        return s.too_deep(node)
    g = s.grammar
    at = node.start_byte
    op = node.child_by_field_id(g.f_operator)
    target = s.one(node.child_by_field_id(g.f_argument), d + 1, at)
    return Assign(at, node.end_byte, s.text(op) if op else "++", (target,))


@expression("unary_expression")
def unary(s: Lowering, node: Node, d: int) -> Expr:
    """``! - + ~ typeof void delete``."""
    if d > DEPTH:
        return s.too_deep(node)
    kids = node.children
    return Unary(node.start_byte, s.text(kids[0]), s.one(kids[-1], d + 1))


@expression("await_expression")
def await_(s: Lowering, node: Node, d: int) -> Expr:
    """``await value``; TypeScript's ``await using x = value`` is an assignment."""
    if d > DEPTH:
        return s.too_deep(node)
    value = s.one(node.children[-1], d + 1)
    at = node.start_byte
    if type(value) is Assign and value.op == "using":
        return Assign(at, value.end, "await using", value.targets, value.values)
    return Await(at, value)


@expression("yield_expression")
def yield_(s: Lowering, node: Node, d: int) -> Expr:
    """``yield``, ``yield value``, ``yield* value``."""
    if d > DEPTH:
        return s.too_deep(node)
    kids = significant(s.grammar, node.children)
    if len(kids) == 1:
        return Yield(node.start_byte, None)
    return Yield(node.start_byte, s.one(kids[-1], d + 1), len(kids) == 3)


@expression("sequence_expression")
def sequence(s: Lowering, node: Node, d: int) -> Expr:
    """The comma operator."""
    if d > DEPTH:
        return s.too_deep(node)
    return Sequence(node.start_byte, s.many(node, d + 1))


@expression("spread_element", "rest_pattern")
def spread(s: Lowering, node: Node, d: int) -> Expr:
    """``...value``."""
    if d > DEPTH:
        return s.too_deep(node)
    return Spread(node.start_byte, s.one(node.children[-1], d + 1))


@expression("as_expression", "satisfies_expression", "non_null_expression", "type_assertion")
def cast(s: Lowering, node: Node, d: int) -> Expr:
    """``x as T``, ``x satisfies T``, ``x!``, ``<T>x``."""
    if d > DEPTH:
        return s.too_deep(node)
    kids = significant(s.grammar, node.children)
    at = node.start_byte
    if kids[0].kind_id == s.grammar.type_arguments:
        inner = [kid for kid in kids[0].children if kid.is_named]
        return Cast(at, s.one(kids[-1], d + 1), type_of(s, inner[0], d) if inner else None)
    value = s.one(kids[0], d + 1)
    if len(kids) == 3 and kids[2].is_named:
        return Cast(at, value, type_of(s, kids[2], d))
    return Cast(at, value, None)


@expression("instantiation_expression")
def instantiation(s: Lowering, node: Node, d: int) -> Expr:
    """``f<T>`` without a call: the function."""
    if d > DEPTH:
        return s.too_deep(node)
    return s.one(node.children[0], d + 1)
