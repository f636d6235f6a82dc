"""Go's type syntax, parameters and type declarations."""

from __future__ import annotations

from tree_sitter import Node

from archlint.extract.golang.kinds import CAP, IDENTIFIER, TYPE, ids, token, type_
from archlint.extract.golang.state import Lowering, unescape
from archlint.model.facts import Param, TypeFacts
from archlint.model.ir import (
    Name,
    TChan,
    TField,
    TFunc,
    TInterface,
    TLiteral,
    TMap,
    TName,
    TPointer,
    TSlice,
    TStruct,
    TUnion,
    Type,
)

_PARAMETER_LIST = ids("parameter_list")[0]
_TYPE_PARAMETERS = ids("type_parameter_list")[0]
_VARIADIC = ids("variadic_parameter_declaration")[0]
_FIELD_NAME = ids("field_identifier")[0]
_FIELD = ids("field_declaration")[0]
_FIELD_LIST = ids("field_declaration_list")[0]
_METHOD = ids("method_elem")[0]
_ALIAS = ids("type_alias")[0]
_STRINGS = {*ids("raw_string_literal"), *ids("interpreted_string_literal")}
_ARROW = token("<-")
_STAR = token("*")


def type_of(lo: Lowering, node: Node, depth: int) -> Type:
    """Any type; what is no type at all is its text."""
    handler = TYPE.get(node.kind_id)
    if handler is None or depth > CAP:
        if depth > CAP and lo.too_deep_at < 0:
            lo.too_deep_at = node.start_byte
        return TLiteral(lo.text[node.start_byte : min(node.end_byte, node.start_byte + 200)])
    return handler(lo, node, depth + 2)


@type_("type_identifier", "identifier", "package_identifier")
def _named(lo: Lowering, node: Node, depth: int) -> Type:
    return TName(lo.text[node.start_byte : node.end_byte])


@type_("qualified_type")
def _qualified(lo: Lowering, node: Node, depth: int) -> Type:
    kids = node.children
    if len(kids) != 3:
        kids = lo.clean(kids)
    package, _, name = kids
    text = lo.text
    return TName(
        f"{text[package.start_byte : package.end_byte]}.{text[name.start_byte : name.end_byte]}"
    )


@type_("pointer_type")
def _pointer(lo: Lowering, node: Node, depth: int) -> Type:
    return TPointer(_last(lo, node, depth))


@type_("slice_type", "array_type", "implicit_length_array_type")
def _slice(lo: Lowering, node: Node, depth: int) -> Type:
    return TSlice(_last(lo, node, depth))


@type_("negated_type")
def _negated(lo: Lowering, node: Node, depth: int) -> Type:
    return TUnion((_last(lo, node, depth),), "~")


@type_("parenthesized_type")
def _parenthesized(lo: Lowering, node: Node, depth: int) -> Type:
    return _last(lo, node, depth)


def _last(lo: Lowering, node: Node, depth: int) -> Type:
    kids = lo.named(node)
    return type_of(lo, kids[-1], depth) if kids else TLiteral("")


@type_("generic_type")
def _generic(lo: Lowering, node: Node, depth: int) -> Type:
    base, arguments = lo.named(node)
    named = type_of(lo, base, depth)
    args = type_arguments(lo, arguments, depth)
    return TName(named.name, args) if isinstance(named, TName) else named


def type_arguments(lo: Lowering, node: Node, depth: int) -> tuple[Type, ...]:
    """``[A, B]`` of an instantiation."""
    return tuple([type_of(lo, kid, depth) for kid in lo.named(node)])


@type_("type_elem", "type_constraint")
def _element(lo: Lowering, node: Node, depth: int) -> Type:
    terms = tuple([type_of(lo, kid, depth) for kid in lo.named(node)])
    return terms[0] if len(terms) == 1 else TUnion(terms)


@type_("map_type")
def _map(lo: Lowering, node: Node, depth: int) -> Type:
    key, value = lo.named(node)
    return TMap(type_of(lo, key, depth), type_of(lo, value, depth))


@type_("channel_type")
def _channel(lo: Lowering, node: Node, depth: int) -> Type:
    first, second = [kid.kind_id for kid in lo.clean(node.children)][:2]
    direction = "receive" if first == _ARROW else "send" if second == _ARROW else "both"
    return TChan(_last(lo, node, depth), direction)


@type_("function_type")
def _function(lo: Lowering, node: Node, depth: int) -> Type:
    return signature(lo, lo.named(node), depth)


def signature(lo: Lowering, kids: list[Node], depth: int) -> TFunc:
    """A parameter list and, when present, results; ``kids`` start at the parameter list."""
    params = parameters(lo, kids[0], depth)
    results = results_of(lo, kids[1], depth) if len(kids) > 1 else ()
    fields = tuple([TField(p.name.id if isinstance(p.name, Name) else "", p.type) for p in params])
    return TFunc(fields, results, bool(params) and params[-1].rest)


def parameters(lo: Lowering, node: Node, depth: int) -> tuple[Param, ...]:
    """A parameter list; a variadic one has its element's type and ``rest``."""
    found: list[Param] = []
    text = lo.text
    for declaration in lo.named(node):
        kids = declaration.children
        if len(kids) == 2 and kids[0].kind_id == IDENTIFIER and kids[1].kind_id in TYPE:
            at = kids[0].start_byte
            name = Name(at, text[at : kids[0].end_byte])
            found.append(Param(name, type_of(lo, kids[1], depth)))
            continue
        *names, last = lo.named(declaration)
        rest = declaration.kind_id == _VARIADIC
        kind = type_of(lo, last, depth)
        if not names:
            found.append(Param(Name(last.start_byte, ""), kind, None, rest))
        for word in names:
            at = word.start_byte
            found.append(Param(Name(at, text[at : word.end_byte]), kind, None, rest))
    return tuple(found)


def results_of(lo: Lowering, node: Node, depth: int) -> tuple[TField, ...]:
    """A result: one type, or a parameter list."""
    if node.kind_id != _PARAMETER_LIST:
        return (TField("", type_of(lo, node, depth)),)
    params = parameters(lo, node, depth)
    return tuple([TField(p.name.id if isinstance(p.name, Name) else "", p.type) for p in params])


def type_parameters(lo: Lowering, node: Node, depth: int) -> tuple[TField, ...]:
    """``[K comparable, V any]``: names with their constraints."""
    found: list[TField] = []
    for declaration in lo.named(node):
        *names, constraint = lo.named(declaration)
        kind = type_of(lo, constraint, depth)
        found += [TField(lo.text[n.start_byte : n.end_byte], kind) for n in names]
    return tuple(found)


@type_("struct_type")
def _struct(lo: Lowering, node: Node, depth: int) -> Type:
    fields: list[TField] = []
    for part in lo.named(node):
        if part.kind_id == _FIELD_LIST:
            for field in lo.named(part):
                if field.kind_id == _FIELD:
                    _field(lo, field, depth, fields)
    return TStruct(tuple(fields))


def _field(lo: Lowering, node: Node, depth: int, out: list[TField]) -> None:
    kids = lo.named(node)
    tag = ""
    if kids[-1].kind_id in _STRINGS:
        literal = kids.pop()
        tag = string_value(lo.text[literal.start_byte : literal.end_byte])
    if not kids:
        return
    kind = type_of(lo, kids[-1], depth)
    if kids[0].kind_id == _FIELD_NAME:
        names = [lo.text[kid.start_byte : kid.end_byte] for kid in kids[:-1]]
        out += [TField(name, kind, tag=tag) for name in names]
        return
    base = kind.name.rpartition(".")[2] if isinstance(kind, TName) else ""
    if node.children[0].kind_id == _STAR:
        kind = TPointer(kind)
    out.append(TField(base, kind, embedded=True, tag=tag))


def string_value(literal: str) -> str:
    """The value of a string literal with its quotes, cut at 500 characters."""
    if literal[:1] == "`":
        return literal[1:-1][:500].replace("\r", "")
    return unescape(literal[1:-1])


@type_("interface_type")
def _interface(lo: Lowering, node: Node, depth: int) -> Type:
    members: list[TField] = []
    embeds: list[Type] = []
    for kid in lo.named(node):
        if kid.kind_id == _METHOD:
            name, *rest = lo.named(kid)
            method = signature(lo, rest, depth)
            text = lo.text[name.start_byte : name.end_byte]
            members.append(TField(text, method, method=True))
        else:
            embeds.append(type_of(lo, kid, depth))
    return TInterface(tuple(members), tuple(embeds))


def declare_type(lo: Lowering, node: Node) -> int:
    """A ``type_spec`` or ``type_alias``; returns its index in the file's types."""
    index = len(lo.types)
    lo.types.append(None)
    name, *rest = lo.named(node)
    params: tuple[TField, ...] = ()
    if len(rest) > 1 and rest[0].kind_id == _TYPE_PARAMETERS:
        params = type_parameters(lo, rest[0], 0)
    kind = type_of(lo, rest[-1], 0) if rest else TLiteral("")
    at = name.start_byte
    text = lo.text[at : name.end_byte]
    lo.types[index] = TypeFacts(
        index, text, _kind(node, kind), at, kind, params, lo.current, text[:1].isupper()
    )
    return index


def _kind(node: Node, underlying: Type) -> str:
    if node.kind_id == _ALIAS:
        return "alias"
    if isinstance(underlying, TStruct):
        return "struct"
    return "interface" if isinstance(underlying, TInterface) else "defined"
