"""Object and array literals, and the patterns that take them apart."""

from __future__ import annotations

from collections.abc import Callable

from tree_sitter import Node

from archlint.extract.ecma.grammar import expression, significant
from archlint.extract.ecma.literals import string_value
from archlint.extract.ecma.lowering import DEPTH, Lowering
from archlint.model.ir import Array, Assign, Expr, Name, Object, Opaque, Property


def property_key(s: Lowering, node: Node, d: int) -> tuple[str | None, Expr | None]:
    """The static name of a key, or the expression that computes it."""
    kind = node.kind_id
    g = s.grammar
    if kind == g.string:
        return string_value(s, node), None
    if kind == g.computed:
        inner = [kid for kid in node.children if s.expr[kid.kind_id] is not None]
        if inner and inner[0].kind_id == g.string:
            return string_value(s, inner[0]), None
        return None, s.one(inner[0] if inner else None, d + 1, node.start_byte)
    return s.text(node), None


def _pair(s: Lowering, node: Node, d: int) -> Property:
    kids = node.children
    if len(kids) != 3:
        kids = significant(s.grammar, kids)
    if len(kids) != 3:
        return Property(node.start_byte, None, Opaque(node.start_byte, "syntax error"))
    key, _, value = kids
    name, computed = property_key(s, key, d)
    at = key.start_byte
    return Property(at, name, s.value(value, d + 1, name or "", at), "init", computed)


def _shorthand(s: Lowering, node: Node, d: int) -> Property:
    at = node.start_byte
    name = s.src[at : node.end_byte]
    return Property(at, name, Name(at, name))


def _shorthand_default(s: Lowering, node: Node, d: int) -> Property:
    """``{name = value}`` in a pattern."""
    kids = significant(s.grammar, node.children)
    at = node.start_byte
    name = s.text(kids[0])
    value = s.value(kids[-1], d + 1, name, at)
    return Property(at, name, Assign(at, node.end_byte, "=", (Name(at, name),), (value,)))


def _spread(s: Lowering, node: Node, d: int) -> Property:
    return Property(node.start_byte, None, s.one(node.children[-1], d + 1), "spread")


_ACCESSORS = {"get": "get", "set": "set"}


def _method(s: Lowering, node: Node, d: int) -> Property:
    key = node.child_by_field_id(s.grammar.f_name)
    at = node.start_byte
    if key is None:
        return Property(at, None, s.function_ref(node), "method")
    name, computed = property_key(s, key, d)
    kind = _ACCESSORS.get(s.text(node.children[0]), "method")
    if kind != "method" and node.children[0].id == key.id:
        kind = "method"
    value = s.function_ref(node, name or "", key.start_byte)
    return Property(key.start_byte, name, value, kind, computed)


_ENTRIES: dict[str, Callable[[Lowering, Node, int], Property]] = {
    "pair": _pair,
    "pair_pattern": _pair,
    "shorthand_property_identifier": _shorthand,
    "shorthand_property_identifier_pattern": _shorthand,
    "object_assignment_pattern": _shorthand_default,
    "spread_element": _spread,
    "rest_pattern": _spread,
    "method_definition": _method,
}


@expression("object", "object_pattern")
def object_(s: Lowering, node: Node, d: int) -> Expr:
    """An object literal or pattern."""
    if d > DEPTH:
        return s.too_deep(node)
    entries: list[Property] = []
    for kid in node.children:
        if s.expr[kid.kind_id] is None:
            continue
        handle = _ENTRIES.get(kid.type)
        if handle is not None:
            entries.append(handle(s, kid, d))
        else:
            entries.append(Property(kid.start_byte, None, s.one(kid, d + 1), "spread"))
    return Object(node.start_byte, tuple(entries))


@expression("array", "array_pattern")
def array(s: Lowering, node: Node, d: int) -> Expr:
    """An array literal or pattern; holes are kept."""
    if d > DEPTH:
        return s.too_deep(node)
    items: list[Expr | None] = []
    open_slot = True
    for kid in node.children[1:]:
        handle = s.expr[kid.kind_id]
        if handle is not None:
            items.append(handle(s, kid, d + 1))
            open_slot = False
        elif not kid.is_named and kid.end_byte - kid.start_byte == 1 and s.text(kid) == ",":
            if open_slot:
                items.append(None)
            open_slot = True
    return Array(node.start_byte, tuple(items))


@expression("assignment_pattern")
def default_value(s: Lowering, node: Node, d: int) -> Expr:
    """``target = value`` in a pattern."""
    if d > DEPTH:
        return s.too_deep(node)
    kids = significant(s.grammar, node.children)
    target = s.one(kids[0], d + 1)
    name, at = (target.id, target.at) if type(target) is Name else ("", 0)
    value = s.value(kids[-1], d + 1, name, at)
    return Assign(node.start_byte, node.end_byte, "=", (target,), (value,))
