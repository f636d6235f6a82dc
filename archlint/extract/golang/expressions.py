"""Go's expressions."""

from __future__ import annotations

from typing import Any

from tree_sitter import Node

from archlint.extract.golang.kinds import (
    BINARY,
    CAP,
    EXPR,
    IDENTIFIER,
    OPERATORS,
    TYPE,
    expr,
    ids,
)
from archlint.extract.golang.state import MAX_STRING, Lowering
from archlint.extract.golang.types import type_arguments, type_of
from archlint.model.ir import (
    Binary,
    Call,
    Cast,
    Expr,
    Index,
    Literal,
    Member,
    Name,
    Opaque,
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
    value = only(lo, node, depth)
    return Spread(value.at, value)


@expr("parenthesized_expression")
def _parenthesized(lo: Lowering, node: Node, depth: int) -> Expr:
    return lo.defer(node) if depth > CAP else only(lo, node, depth + 1)


def only(lo: Lowering, node: Node, depth: int) -> Expr:
    """The one expression in a node that wraps it."""
    """The one expression below a node."""
    kids = lo.named(node)
    if not kids:
        return Opaque(node.start_byte, "empty")
    result: Expr = EXPR[kids[0].kind_id](lo, kids[0], depth)
    return result


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


def _type_value(lo: Lowering, node: Node, depth: int) -> Expr:
    """A type where an expression stands."""
    return TypeExpr(node.start_byte, type_of(lo, node, depth))


for _kind in TYPE.keys() - EXPR.keys():
    EXPR[_kind] = _type_value
