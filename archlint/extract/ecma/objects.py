"""Object and array literals, and the patterns that take them apart."""

from __future__ import annotations

from tree_sitter import Node

from archlint.extract.ecma.grammar import entry, expression, significant
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


@entry("pair", "pair_pattern")
def pair(s: Lowering, node: Node, d: int) -> Property:
    """``key: value``."""
    kids = node.children
    if len(kids) != 3:
        kids = significant(s.grammar, kids)
        if len(kids) != 3:
            at = node.start_byte
            return Property(at, None, Opaque(at, "syntax error", s.many(node, d + 1)))
    key, _, value = kids
    at = key.start_byte
    if key.kind_id == s.grammar.property_name:
        name = s.src[at : key.end_byte]
        return Property(at, name, s.value(value, d + 1, name, at))
    static, computed = property_key(s, key, d)
    if static and key.kind_id in {s.grammar.string, s.grammar.computed}:
        s.strings.add(static)
    return Property(at, static, s.value(value, d + 1, static or "", at), "init", computed)


@entry("shorthand_property_identifier", "shorthand_property_identifier_pattern")
def shorthand(s: Lowering, node: Node, d: int) -> Property:
    """``{name}``."""
    at = node.start_byte
    name = s.src[at : node.end_byte]
    return Property(at, name, Name(at, name))


@entry("object_assignment_pattern")
def shorthand_default(s: Lowering, node: Node, d: int) -> Property:
    """``{name = value}`` in a pattern."""
    kids = significant(s.grammar, node.children)
    at = node.start_byte
    name = s.text(kids[0])
    value = s.value(kids[-1], d + 1, name, at)
    return Property(at, name, Assign(at, node.end_byte, "=", (Name(at, name),), (value,)))


@entry("spread_element", "rest_pattern")
def spread_entry(s: Lowering, node: Node, d: int) -> Property:
    """``...value``."""
    return Property(node.start_byte, None, s.one(node.children[-1], d + 1), "spread")


@entry("")
def unreadable_entry(s: Lowering, node: Node, d: int) -> Property:
    """What the parser could not place in an object."""
    return Property(node.start_byte, None, s.one(node, d + 1), "spread")


@entry("method_definition")
def method_entry(s: Lowering, node: Node, d: int) -> Property:
    """A method or accessor."""
    key = node.child_by_field_id(s.grammar.f_name)
    at = node.start_byte
    if key is None:
        return Property(at, None, s.function_ref(node), "method")
    name, computed = property_key(s, key, d)
    kind = "method"
    for kid in node.children:
        if kid.is_named:
            break
        word = s.text(kid)
        if word in {"get", "set"}:
            kind = word
    value = s.function_ref(node, name or "", key.start_byte)
    return Property(key.start_byte, name, value, kind, computed)


@expression("object", "object_pattern")
def object_(s: Lowering, node: Node, d: int) -> Expr:
    """An object literal or pattern."""
    if d > DEPTH:
        return s.too_deep(node)
    entries: list[Property] = []
    table = s.grammar.entries
    for kid in node.children:
        handle = table[kid.kind_id]
        if handle is not None:
            entries.append(handle(s, kid, d))
    return Object(node.start_byte, tuple(entries))


@expression("array", "array_pattern")
def array(s: Lowering, node: Node, d: int) -> Expr:
    """An array literal or pattern; holes are kept."""
    if d > DEPTH:
        return s.too_deep(node)
    items: list[Expr | None] = []
    open_slot = True
    expr = s.expr
    comma = s.grammar.comma
    for kid in node.children[1:]:
        kind = kid.kind_id
        handle = expr[kind]
        if handle is not None:
            items.append(handle(s, kid, d + 1))
            open_slot = False
        elif kind == comma:
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
