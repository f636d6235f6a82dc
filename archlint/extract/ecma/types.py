"""TypeScript's types to type nodes; what is not modelled keeps its text."""

from __future__ import annotations

from tree_sitter import Node

from archlint.extract.ecma.grammar import type_expression
from archlint.extract.ecma.imports import note_type_import
from archlint.extract.ecma.lowering import DEPTH, Lowering
from archlint.model.ir import (
    TField,
    TFunc,
    TLiteral,
    TName,
    TQuery,
    TSlice,
    TStruct,
    TTuple,
    TUnion,
    Type,
)

TEXT = 200
"""Characters kept of a type that is not modelled."""

_MODIFIERS = frozenset({"comment", "accessibility_modifier", "override_modifier"})


def type_of(s: Lowering, node: Node, d: int) -> Type:
    """Lower a type."""
    return s.types[node.kind_id](s, node, d)


def annotation(s: Lowering, node: Node | None, d: int) -> Type | None:
    """The type of a ``: T`` annotation (any of its forms)."""
    if node is None:
        return None
    for kid in node.children:
        if kid.is_named and kid.type not in _MODIFIERS:
            return s.types[kid.kind_id](s, kid, d)
    return None


def results(s: Lowering, node: Node | None, d: int) -> tuple[TField, ...]:
    """A return type as the results of a function: none or one."""
    found = annotation(s, node, d)
    return () if found is None else (TField("", found),)


def type_arguments(s: Lowering, node: Node, d: int) -> tuple[Type, ...]:
    """The types between ``<`` and ``>``."""
    types = s.types
    return tuple(
        types[kid.kind_id](s, kid, d + 1)
        for kid in node.children
        if kid.is_named and kid.kind_id not in s.grammar.extras
    )


def type_parameters(s: Lowering, node: Node | None, d: int) -> tuple[TField, ...]:
    """Type parameters with their constraints."""
    found: list[TField] = []
    for kid in node.children if node is not None else ():
        if kid.type != "type_parameter":
            continue
        name = kid.child_by_field_id(s.grammar.f_name)
        bound = kid.child_by_field_name("constraint")
        found.append(TField(s.text(name) if name else "", annotation(s, bound, d + 1)))
    return tuple(found)


def short_text(s: Lowering, node: Node) -> str:
    """The node's text in one line, cut at 200 characters."""
    start = node.start_byte
    text = s.src[start : min(node.end_byte, start + TEXT)]
    return " ".join(text.split()) if "\n" in text else text


@type_expression("")
def _unmodelled(s: Lowering, node: Node, d: int) -> Type:
    return TLiteral(short_text(s, node))


@type_expression(
    "type_identifier",
    "identifier",
    "predefined_type",
    "nested_type_identifier",
    "nested_identifier",
    "this_type",
    "undefined",
    "null",
)
def _name(s: Lowering, node: Node, d: int) -> Type:
    return TName(_written(s, node))


def _written(s: Lowering, node: Node) -> str:
    """A type's name; one that begins with ``import("x")`` (see ``repair``) is an import too."""
    text = short_text(s, node)
    if text.startswith("import("):
        note_type_import(s, node)
    return text


@type_expression("member_expression", "call_expression", "subscript_expression")
def _import_type(s: Lowering, node: Node, d: int) -> Type:
    """``import("x").Name``."""
    note_type_import(s, node)
    return TName(short_text(s, node))


@type_expression("generic_type")
def _generic(s: Lowering, node: Node, d: int) -> Type:
    if d > DEPTH:
        return TLiteral(short_text(s, node))
    kids = node.children
    return TName(_written(s, kids[0]), type_arguments(s, kids[-1], d + 1))


@type_expression("array_type")
def _array(s: Lowering, node: Node, d: int) -> Type:
    if d > DEPTH:
        return TLiteral(short_text(s, node))
    return TSlice(type_of(s, node.children[0], d + 1))


@type_expression("readonly_type", "optional_type", "parenthesized_type", "flow_maybe_type")
def _wrapped(s: Lowering, node: Node, d: int) -> Type:
    """``readonly T``, ``T?``, ``(T)``: the type inside."""
    inner = node
    while inner.type in {"readonly_type", "optional_type", "parenthesized_type"}:
        named = [kid for kid in inner.children if kid.is_named]
        if not named:
            break
        inner = named[-1]
    return TLiteral(short_text(s, node)) if inner.id == node.id else type_of(s, inner, d + 1)


@type_expression("rest_type")
def _rest(s: Lowering, node: Node, d: int) -> Type:
    if d > DEPTH:
        return TLiteral(short_text(s, node))
    return type_of(s, node.children[-1], d + 1)


@type_expression("tuple_type")
def _tuple(s: Lowering, node: Node, d: int) -> Type:
    if d > DEPTH:
        return TLiteral(short_text(s, node))
    items: list[Type] = []
    for kid in node.children:
        if kid.type in {"required_parameter", "optional_parameter"}:
            found = annotation(s, kid.child_by_field_id(s.grammar.f_type), d + 1)
            items.append(found or TName("any"))
        elif kid.is_named:
            items.append(type_of(s, kid, d + 1))
    return TTuple(tuple(items))


@type_expression("union_type", "intersection_type")
def _union(s: Lowering, node: Node, d: int) -> Type:
    if d > DEPTH:
        return TLiteral(short_text(s, node))
    kind = node.kind_id
    op = "|" if node.type == "union_type" else "&"
    members: list[Type] = []
    rest: Node | None = node
    while rest is not None:
        named = [kid for kid in rest.children if kid.is_named]
        rest = None
        if named and named[0].kind_id == kind:
            rest = named.pop(0)
        members.extend(type_of(s, kid, d + 1) for kid in reversed(named))
    members.reverse()
    return TUnion(tuple(members), op)


@type_expression("literal_type", "template_literal_type")
def _literal(s: Lowering, node: Node, d: int) -> Type:
    return TLiteral(short_text(s, node))


@type_expression("type_query")
def _query(s: Lowering, node: Node, d: int) -> Type:
    note_type_import(s, node)
    return TQuery("typeof", short_text(s, node.children[-1]))


@type_expression("index_type_query")
def _keyof(s: Lowering, node: Node, d: int) -> Type:
    return TQuery("keyof", short_text(s, node.children[-1]))


@type_expression("lookup_type")
def _lookup(s: Lowering, node: Node, d: int) -> Type:
    if d > DEPTH:
        return TLiteral(short_text(s, node))
    kids = [kid for kid in node.children if kid.is_named and kid.kind_id not in s.grammar.extras]
    args = tuple(type_of(s, kid, d + 1) for kid in kids) if len(kids) == 2 else ()
    return TQuery("[]", short_text(s, node), args)


@type_expression("type_predicate", "type_predicate_annotation")
def _predicate(s: Lowering, node: Node, d: int) -> Type:
    return TName("boolean")


@type_expression("asserts", "asserts_annotation")
def _asserts(s: Lowering, node: Node, d: int) -> Type:
    return TName("void")


@type_expression("function_type", "call_signature")
def _function(s: Lowering, node: Node, d: int) -> Type:
    return function_type(s, node, d)


def function_type(s: Lowering, node: Node, d: int) -> Type:
    """A function type, or the signature of a method."""
    if d > DEPTH:
        return TLiteral(short_text(s, node))
    g = s.grammar
    params, variadic = _parameters(s, node.child_by_field_id(g.f_parameters), d + 1)
    found = node.child_by_field_id(g.f_return_type)
    outcome: tuple[TField, ...] = ()
    if found is not None:
        whole = found.type.endswith("annotation")
        kind = annotation(s, found, d + 1) if whole else type_of(s, found, d + 1)
        outcome = (TField("", kind),)
    generics = type_parameters(s, node.child_by_field_name("type_parameters"), d)
    return TFunc(params, outcome, variadic, generics)


def _parameters(s: Lowering, node: Node | None, d: int) -> tuple[tuple[TField, ...], bool]:
    fields: list[TField] = []
    variadic = False
    for kid in node.children if node is not None else ():
        pattern = kid.child_by_field_id(s.grammar.f_pattern) if kid.is_named else None
        if pattern is None or pattern.type == "this":
            continue
        variadic = pattern.type == "rest_pattern"
        name = short_text(s, pattern).removeprefix("...")
        kind = annotation(s, kid.child_by_field_id(s.grammar.f_type), d)
        fields.append(TField(name, kind, optional=kid.type == "optional_parameter"))
    return tuple(fields), variadic


@type_expression("constructor_type")
def _constructor(s: Lowering, node: Node, d: int) -> Type:
    return TStruct((_new_field(s, node, d + 1),))


def _new_field(s: Lowering, node: Node, d: int) -> TField:
    g = s.grammar
    params, variadic = _parameters(s, node.child_by_field_id(g.f_parameters), d + 1)
    found = node.child_by_field_id(g.f_type)
    if found is None or d > DEPTH:
        kind = None
    elif found.type == "type_annotation":
        kind = annotation(s, found, d + 1)
    else:
        kind = type_of(s, found, d + 1)
    return TField("new", TFunc(params, (TField("", kind),), variadic), method=True)


@type_expression("object_type", "interface_body")
def _object(s: Lowering, node: Node, d: int) -> Type:
    return TStruct(members(s, node, d))


def members(s: Lowering, node: Node | None, d: int) -> tuple[TField, ...]:
    """The members of an object type or interface.

    An index signature or mapped type is the field ``[]``, a call signature ``()``, a construct
    signature ``new``.
    """
    if node is None or d > DEPTH:
        return ()
    fields: list[TField] = []
    for kid in node.children:
        if kid.is_named:
            field = _member(s, kid, d + 1)
            if field is not None:
                fields.append(field)
    return tuple(fields)


def _member(s: Lowering, node: Node, d: int) -> TField | None:
    g = s.grammar
    kind = node.type
    if kind == "construct_signature":
        return _new_field(s, node, d)
    if kind == "call_signature":
        return TField("()", function_type(s, node, d), method=True)
    if kind == "index_signature":
        return TField("[]", annotation(s, node.child_by_field_id(g.f_type), d))
    name_node = node.child_by_field_id(g.f_name)
    if name_node is None:
        return None
    name = short_text(s, name_node)
    if name_node.kind_id == g.string:
        name = name[1:-1]
    optional = any(kid.type == "?" for kid in node.children)
    if kind in {"method_signature", "method_definition"}:
        return TField(name, function_type(s, node, d), optional=optional, method=True)
    return TField(name, annotation(s, node.child_by_field_id(g.f_type), d), optional=optional)
