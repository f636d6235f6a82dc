"""Member accesses, calls and subscripts, and chains of them."""

from __future__ import annotations

from typing import cast

from tree_sitter import Node

from archlint.extract.ecma.grammar import expression, significant
from archlint.extract.ecma.imports import note_import_call
from archlint.extract.ecma.literals import string_value, template_parts
from archlint.extract.ecma.lowering import DEPTH, SPINE, Lowering, is_short
from archlint.extract.ecma.types import type_arguments
from archlint.model.ir import (
    Await,
    Call,
    Expr,
    Index,
    Member,
    Name,
    Opaque,
    Template,
    Type,
    Unary,
)

_PREFIXES = frozenset({Await, Unary})


@expression("member_expression", "nested_identifier")
def member(s: Lowering, node: Node, d: int) -> Expr:
    """``object.name``, ``object?.name``, ``object.#name``."""
    if d > SPINE and (d > DEPTH or not s.flat):
        return long_chain(s, node, d)
    kids = node.children
    if len(kids) != 3:
        kids = significant(s.grammar, kids)
        if len(kids) != 3:
            return Opaque(node.start_byte, "syntax error", s.many(node, d + 1))
    target, dot, prop = kids
    src = s.src
    at = target.start_byte
    kind = target.kind_id
    g = s.grammar
    if kind == g.identifier:
        value: Expr = Name(at, src[at : target.end_byte])
    else:
        handle = s.expr[kind]
        value = handle(s, target, d + 1) if handle else Opaque(at, "missing")
    name_at = prop.start_byte
    name = src[name_at : prop.end_byte]
    optional = dot.kind_id == g.optional_chain
    if type(value) in _PREFIXES and kind != g.parenthesized:
        inner = cast("Await | Unary", value).value
        return _prefixed(value, Member(inner.at, inner, name, name_at, optional))
    return Member(at, value, name, name_at, optional)


@expression("call_expression")
def call(s: Lowering, node: Node, d: int) -> Expr:
    """A call, or a tagged template."""
    if d > SPINE and (d > DEPTH or not s.flat):
        return long_chain(s, node, d)
    g = s.grammar
    expr = s.expr
    kids = node.children
    optional = False
    types: tuple[Type, ...] = ()
    if len(kids) == 2:
        callee_node, args_node = kids
    else:
        optional, types = _call_extras(s, kids, d)
        callee_node, args_node = kids[0], kids[-1]
    d += 1
    at = node.start_byte
    kind = callee_node.kind_id
    handle = expr[kind]
    callee = handle(s, callee_node, d) if handle else Opaque(at, "missing")
    paren = args_node.start_byte
    if args_node.kind_id != g.arguments:
        return Template(at, template_parts(s, args_node, d), callee)
    prefix = callee if type(callee) in _PREFIXES and kind != g.parenthesized else None
    if prefix is not None:
        callee = cast("Await | Unary", prefix).value
        at = callee.at
    end = node.end_byte
    args: list[Expr] = []
    if end - paren > 2:
        for kid in args_node.children:
            handle = expr[kid.kind_id]
            if handle is not None:
                args.append(handle(s, kid, d))
    found = Call(at, end, paren, callee, tuple(args), False, optional, types)
    if type(callee) is Name:
        if callee.id == "require":
            note_import_call(s, found, "require")
        elif kind == g.import_:
            note_import_call(s, found, "dynamic")
    elif type(callee) is Member and callee.name == "resolve":
        note_import_call(s, found, "resolve")
    return found if prefix is None else _prefixed(prefix, found)


def _prefixed(prefix: Expr, value: Expr) -> Expr:
    """``await f<T>(x)``: the grammar binds the operator to ``f``, the language to the call."""
    if isinstance(prefix, Unary):
        return Unary(prefix.at, prefix.op, value)
    return Await(prefix.at, value)


def _call_extras(s: Lowering, kids: list[Node], d: int) -> tuple[bool, tuple[Type, ...]]:
    """Whether a call is optional, and its type arguments."""
    optional = False
    types: tuple[Type, ...] = ()
    for kid in kids[1:-1]:
        if kid.kind_id == s.grammar.type_arguments:
            types = type_arguments(s, kid, d)
        elif s.text(kid) == "?.":
            optional = True
    return optional, types


@expression("new_expression")
def new(s: Lowering, node: Node, d: int) -> Expr:
    """``new X(...)``."""
    if d > DEPTH:
        return s.too_deep(node)
    args: tuple[Expr, ...] = ()
    types: tuple[Type, ...] = ()
    paren = end = node.end_byte
    callee: Expr | None = None
    for kid in node.children:
        kind = kid.kind_id
        if kind == s.grammar.arguments:
            paren = kid.start_byte
            args = s.many(kid, d + 1)
        elif kind == s.grammar.type_arguments:
            types = type_arguments(s, kid, d)
        elif callee is None and s.expr[kind] is not None:
            callee = s.one(kid, d + 1)
    at = node.start_byte
    return Call(at, end, paren, callee or Opaque(at, "missing"), args, True, False, types)


@expression("subscript_expression")
def subscript(s: Lowering, node: Node, d: int) -> Expr:
    """``object[index]``; a member when the index is a string literal."""
    if d > SPINE and (d > DEPTH or not s.flat):
        return long_chain(s, node, d)
    g = s.grammar
    kids = significant(g, node.children)
    value = s.one(kids[0], d + 1)
    at = node.start_byte
    index = kids[-2]
    if index.kind_id == g.string:
        optional = kids[1].kind_id == g.optional_chain
        return Member(at, value, string_value(s, index), index.start_byte, optional)
    return Index(at, value, (s.one(index, d + 1),))


def long_chain(s: Lowering, node: Node, d: int) -> Expr:
    """What lies beyond the depth of a chain: its start and all arguments side by side.

    A chain that nests in such a part is not followed again, so the work stays linear.
    """
    if s.flat:
        return s.too_deep(node)
    s.flat = True
    g = s.grammar
    at = node.start_byte
    if d <= DEPTH and is_short(node, g.spine):
        value = s.one(node, d)
        s.flat = False
        return value
    groups: list[tuple[Expr, ...]] = []
    while node.kind_id in g.spine:
        kids = node.children
        if kids[-1].kind_id == g.arguments:
            groups.append(s.many(kids[-1], SPINE))
        node = kids[0]
    groups.append((s.one(node, SPINE),))
    s.flat = False
    parts = tuple(part for group in reversed(groups) for part in group)
    return Opaque(at, "long chain", parts)
