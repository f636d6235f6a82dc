"""JSX elements and fragments."""

from __future__ import annotations

from tree_sitter import Node

from archlint.extract.ecma.grammar import expression
from archlint.extract.ecma.lowering import DEPTH, Lowering
from archlint.model.ir import Expr, Jsx, Literal, Name, Property, Spread

_NAMES = frozenset({"identifier", "member_expression", "nested_identifier"})


@expression("jsx_element", "jsx_self_closing_element", "jsx_fragment")
def jsx(s: Lowering, node: Node, d: int) -> Expr:
    """An element; a lower-case name is the host's, not a component."""
    if d > DEPTH:
        return s.too_deep(node)
    opening = node.child_by_field_id(s.grammar.f_open_tag)
    name, attributes = _opening(s, node if opening is None else opening, d)
    children: list[Expr] = []
    if opening is not None:
        for kid in node.children[1:]:
            handle = s.expr[kid.kind_id]
            if handle is not None:
                _append(children, handle(s, kid, d + 1))
    return Jsx(node.start_byte, name, attributes, tuple(children))


def _append(children: list[Expr], value: Expr) -> None:
    if not (type(value) is Literal and value.kind == "undefined" and not value.value):
        children.append(value)


def _opening(s: Lowering, node: Node, d: int) -> tuple[Expr | None, tuple[Property, ...]]:
    name: Expr | None = None
    attributes: list[Property] = []
    for kid in node.children:
        sort = kid.type
        if sort in _NAMES:
            name = s.one(kid, d + 1)
            if type(name) is Name and name.id[:1].islower():
                name = None
        elif sort == "jsx_attribute":
            attributes.append(_attribute(s, kid, d + 1))
        elif sort == "jsx_expression":
            value = s.one(kid, d + 1)
            inner = value.value if isinstance(value, Spread) else value
            attributes.append(Property(kid.start_byte, None, inner, "spread"))
    return name, tuple(attributes)


def _attribute(s: Lowering, node: Node, d: int) -> Property:
    kids = node.children
    at = node.start_byte
    name = s.text(kids[0])
    if len(kids) == 1:
        return Property(at, name, Literal(at, "bool", "true"))
    return Property(at, name, s.one(kids[-1], d, at))


@expression("jsx_expression")
def jsx_expression(s: Lowering, node: Node, d: int) -> Expr:
    """``{value}``; an empty one is an ``undefined`` literal without text."""
    if d > DEPTH:
        return s.too_deep(node)
    for kid in node.children:
        handle = s.expr[kid.kind_id]
        if handle is not None:
            return handle(s, kid, d + 1)
    return Literal(node.start_byte, "undefined", "")
