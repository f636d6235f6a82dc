"""Go's literals: basic and composite ones, and functions."""

from __future__ import annotations

from tree_sitter import Node

from archlint.extract.golang.expressions import only
from archlint.extract.golang.kinds import CAP, EXPR, expr, ids
from archlint.extract.golang.state import MAX_STRING, Lowering, unescape
from archlint.extract.golang.types import string_value, type_of
from archlint.model.ir import Composite, Expr, FunctionRef, Literal, Name, Property

_KEYED = ids("keyed_element")[0]
_ELEMENT = ids("literal_element")[0]


@expr("interpreted_string_literal")
def _string(lo: Lowering, node: Node, depth: int) -> Expr:
    at = node.start_byte
    inside = lo.text[at + 1 : node.end_byte - 1]
    if "\\" in inside or len(inside) > MAX_STRING:
        inside = unescape(inside)
    return Literal(at, "string", inside)


@expr("raw_string_literal")
def _raw_string(lo: Lowering, node: Node, depth: int) -> Expr:
    at = node.start_byte
    return Literal(at, "string", string_value(lo.text[at : node.end_byte]))


@expr("int_literal", "float_literal", "imaginary_literal")
def _number(lo: Lowering, node: Node, depth: int) -> Expr:
    at = node.start_byte
    return Literal(at, "number", lo.text[at : node.end_byte][:MAX_STRING])


@expr("rune_literal")
def _rune(lo: Lowering, node: Node, depth: int) -> Expr:
    at = node.start_byte
    return Literal(at, "rune", unescape(lo.text[at + 1 : node.end_byte - 1]))


@expr("nil")
def _nil(lo: Lowering, node: Node, depth: int) -> Expr:
    return Literal(node.start_byte, "null", "nil")


@expr("true")
def _true(lo: Lowering, node: Node, depth: int) -> Expr:
    return Literal(node.start_byte, "bool", "true")


@expr("false")
def _false(lo: Lowering, node: Node, depth: int) -> Expr:
    return Literal(node.start_byte, "bool", "false")


@expr("composite_literal")
def _composite(lo: Lowering, node: Node, depth: int) -> Expr:
    if depth > CAP:
        return lo.defer(node)
    kind, body = lo.named(node)
    named = type_of(lo, kind, depth)
    return Composite(node.start_byte, named, _entries(lo, body, depth + 2))


@expr("literal_value")
def _elided(lo: Lowering, node: Node, depth: int) -> Expr:
    if depth > CAP:
        return lo.defer(node)
    return Composite(node.start_byte, None, _entries(lo, node, depth + 2))


@expr("literal_element")
def _element(lo: Lowering, node: Node, depth: int) -> Expr:
    kids = node.children
    if len(kids) != 1:
        return only(lo, node, depth)
    result: Expr = EXPR[kids[0].kind_id](lo, kids[0], depth)
    return result


def _entries(lo: Lowering, body: Node, depth: int) -> tuple[Property, ...]:
    found: list[Property] = []
    for kid in body.named_children:
        kind = kid.kind_id
        if kind == _KEYED:
            found.append(_keyed(lo, kid, depth))
        elif kind == _ELEMENT:
            value = _element(lo, kid, depth)
            found.append(Property(value.at, None, value))
        else:
            EXPR[kind](lo, kid, depth)
    return tuple(found)


def _keyed(lo: Lowering, node: Node, depth: int) -> Property:
    """``key: value``; a name or a string is a static key, anything else an expression."""
    kids = node.children
    if len(kids) != 3:
        kids = lo.clean(kids)
    key, _, right = kids
    name = _element(lo, key, depth)
    value = _element(lo, right, depth)
    if type(name) is Name:
        return Property(name.at, name.id, value)
    if type(name) is Literal and name.kind == "string":
        return Property(name.at, name.value, value)
    return Property(name.at, None, value, "init", name)


@expr("func_literal")
def _closure(lo: Lowering, node: Node, depth: int) -> Expr:
    return FunctionRef(node.start_byte, lo.function(node))
