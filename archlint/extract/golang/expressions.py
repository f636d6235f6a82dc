"""Go's expressions."""

from __future__ import annotations

from typing import Any

from tree_sitter import Node

from archlint.extract.golang.kinds import (
    ALL,
    BINARY,
    CAP,
    COMMENT,
    ERROR,
    EXPR,
    IDENTIFIER,
    OPERATORS,
    STMT,
    TYPE,
    expr,
    ids,
)
from archlint.extract.golang.state import MAX_STRING, Lowering, unescape
from archlint.extract.golang.types import string_value, type_arguments, type_of
from archlint.model.ir import (
    Binary,
    Call,
    Cast,
    Composite,
    Expr,
    FunctionRef,
    Index,
    Literal,
    Member,
    Name,
    Opaque,
    Property,
    SliceExpr,
    Spread,
    TName,
    Type,
    TypeExpr,
    Unary,
)

_SPINE = 100
"""Operands of one left-leaning expression that are kept as nested ``Binary``."""

_LITERAL_VALUE = ids("literal_value")[0]
_KEYED = ids("keyed_element")[0]
_ELEMENT = ids("literal_element")[0]
_TYPE_ARGUMENTS = ids("type_arguments")[0]


def expressions(lo: Lowering, node: Node, depth: int) -> tuple[Expr, ...]:
    """The named children of a list as expressions."""
    kids = node.children
    if len(kids) == 1:
        return (EXPR[kids[0].kind_id](lo, kids[0], depth),)
    table = EXPR
    items = [table[kid.kind_id](lo, kid, depth) for kid in node.named_children]
    if lo.holes:
        items = [item for item in items if item is not None]
    return tuple(items)


@expr("identifier", "field_identifier", "package_identifier", "blank_identifier", "iota")
def _identifier(lo: Lowering, node: Node, depth: int) -> Expr:
    at = node.start_byte
    return Name(at, lo.text[at : node.end_byte])


@expr("selector_expression")
def _selector(lo: Lowering, node: Node, depth: int) -> Expr:
    kids = node.children
    if len(kids) != 3:
        kids = lo.clean(kids)
    operand, _, field = kids
    text = lo.text
    name_at = field.start_byte
    if operand.kind_id == IDENTIFIER:
        at = operand.start_byte
        return Member(
            at, Name(at, text[at : operand.end_byte]), text[name_at : field.end_byte], name_at
        )
    if depth > CAP:
        return lo.defer(node)
    value = EXPR[operand.kind_id](lo, operand, depth + 1)
    return Member(value.at, value, text[name_at : field.end_byte], name_at)


@expr("call_expression")
def _call(lo: Lowering, node: Node, depth: int) -> Expr:
    if depth > CAP:
        return lo.defer(node)
    kids = node.children
    types: Any = ()
    if len(kids) != 2:
        kids = lo.clean(kids)
        if len(kids) == 3 and kids[1].kind_id == _TYPE_ARGUMENTS:
            types = type_arguments(lo, kids.pop(1), depth)
    function, arguments = kids
    depth += 1
    callee = EXPR[function.kind_id](lo, function, depth)
    args: list[Any] = []
    for kid in arguments.named_children:
        arg = EXPR[kid.kind_id](lo, kid, depth)
        if arg is not None:
            args.append(arg)
    spread = False
    if args and type(args[-1]) is Spread:
        args[-1] = args[-1].value
        spread = True
    return Call(
        callee.at,
        node.end_byte,
        arguments.start_byte,
        callee,
        tuple(args),
        False,
        False,
        types,
        spread,
    )


@expr("variadic_argument")
def _variadic(lo: Lowering, node: Node, depth: int) -> Expr:
    value = _only(lo, node, depth)
    return Spread(value.at, value)


@expr("parenthesized_expression")
def _parenthesized(lo: Lowering, node: Node, depth: int) -> Expr:
    return lo.defer(node) if depth > CAP else _only(lo, node, depth + 1)


def _only(lo: Lowering, node: Node, depth: int) -> Expr:
    """The one expression below a node."""
    kids = lo.named(node)
    if not kids:
        return Opaque(node.start_byte, "empty")
    result: Expr = EXPR[kids[0].kind_id](lo, kids[0], depth)
    return result


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


@expr("unary_expression")
def _unary(lo: Lowering, node: Node, depth: int) -> Expr:
    if depth > CAP:
        return lo.defer(node)
    kids = node.children
    if len(kids) != 2:
        kids = lo.clean(kids)
    operator, operand = kids
    value = EXPR[operand.kind_id](lo, operand, depth + 1)
    return Unary(node.start_byte, OPERATORS[operator.kind_id], value)


@expr("binary_expression")
def _binary(lo: Lowering, node: Node, depth: int) -> Expr:
    if depth > CAP:
        return lo.defer(node)
    spine: list[tuple[str, Node]] = []
    while True:
        kids = node.children
        if len(kids) != 3:
            kids = lo.clean(kids)
        node, operator, right = kids
        spine.append((OPERATORS[operator.kind_id], right))
        if node.kind_id != BINARY:
            break
    depth += 1
    table = EXPR
    value = table[node.kind_id](lo, node, depth)
    at = value.at
    if len(spine) > _SPINE:
        return _long(value, [(op, table[n.kind_id](lo, n, depth)) for op, n in reversed(spine)])
    while spine:
        op, right = spine.pop()
        value = Binary(at, op, value, table[right.kind_id](lo, right, depth))
    result: Expr = value
    return result


def _long(first: Expr, rest: list[tuple[str, Expr]]) -> Expr:
    """Very many operands: the text of a concatenation, else the operands in a row."""
    operands = (first, *(value for _, value in rest))
    if all(isinstance(part, Literal) and part.kind == "string" for part in operands):
        texts = [part.value for part in operands if isinstance(part, Literal)]
        return Literal(first.at, "string", "".join(texts)[:MAX_STRING])
    return Opaque(first.at, "long expression", operands)


@expr("index_expression", "slice_expression")
def _index(lo: Lowering, node: Node, depth: int) -> Expr:
    if depth > CAP:
        return lo.defer(node)
    operand, *rest = lo.named(node)
    depth += 1
    value = EXPR[operand.kind_id](lo, operand, depth)
    indices = tuple([EXPR[kid.kind_id](lo, kid, depth) for kid in rest])
    kind: Any = Index if node.kind_id == _INDEX else SliceExpr
    result: Expr = kind(value.at, value, indices)
    return result


_INDEX = ids("index_expression")[0]


@expr("type_assertion_expression")
def _assertion(lo: Lowering, node: Node, depth: int) -> Expr:
    if depth > CAP:
        return lo.defer(node)
    operand, kind = lo.named(node)
    value = EXPR[operand.kind_id](lo, operand, depth + 1)
    return Cast(value.at, value, type_of(lo, kind, depth), True)


@expr("type_conversion_expression")
def _conversion(lo: Lowering, node: Node, depth: int) -> Expr:
    if depth > CAP:
        return lo.defer(node)
    kind, operand = lo.named(node)
    at = node.start_byte
    value = EXPR[operand.kind_id](lo, operand, depth + 1)
    named = type_of(lo, kind, depth)
    callee: Expr = TypeExpr(at, named)
    types: tuple[Type, ...] = ()
    if isinstance(named, TName):  # most often a generic function, not a type
        base = lo.named(kind)[0] if named.args else kind
        callee, types = _type_as_value(lo, base), named.args
    return Call(at, node.end_byte, kind.end_byte, callee, (value,), types=types)


@expr("type_instantiation_expression")
def _instantiation(lo: Lowering, node: Node, depth: int) -> Expr:
    base, *rest = lo.named(node)
    types = [TypeExpr(kid.start_byte, type_of(lo, kid, depth)) for kid in rest]
    return Index(node.start_byte, _type_as_value(lo, base), tuple(types))


def _type_as_value(lo: Lowering, node: Node) -> Expr:
    """A name that the grammar took for a type, as the value it may well be."""
    at = node.start_byte
    name = lo.text[at : node.end_byte]
    package, dot, member = name.partition(".")
    if not dot:
        return Name(at, name)
    return Member(at, Name(at, package.strip()), member.strip(), node.end_byte - len(member))


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
        return _only(lo, node, depth)
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


def _type_value(lo: Lowering, node: Node, depth: int) -> Expr:
    """A type where an expression stands."""
    return TypeExpr(node.start_byte, type_of(lo, node, depth))


def _comment(lo: Lowering, node: Node, depth: int) -> None:
    lo.holes = True
    lo.comments.append(node)


def _error(lo: Lowering, node: Node, depth: int) -> Expr:
    """What is readable of a broken part; its statements follow at the function's end."""
    if depth > CAP:
        return lo.defer(node)
    parts: list[Expr] = []
    for kid in lo.named(node):
        if kid.kind_id in STMT:
            lo.pending.append(kid)
        else:
            parts.append(EXPR[kid.kind_id](lo, kid, depth + 1))
    return Opaque(node.start_byte, "syntax error", tuple(parts))


def _unexpected(lo: Lowering, node: Node, depth: int) -> Expr | None:
    """Punctuation is nothing; what else is no expression stands in a broken part."""
    if not node.is_named:
        lo.holes = True
        return None
    if node.kind_id in STMT:
        lo.pending.append(node)
    return Opaque(node.start_byte, "syntax error")


for _kind in TYPE.keys() - EXPR.keys():
    EXPR[_kind] = _type_value
EXPR[COMMENT] = _comment
EXPR[ERROR] = _error
for _kind in ALL:
    EXPR.setdefault(_kind, _unexpected)
