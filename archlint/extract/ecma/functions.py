"""Functions: declarations, parameters, overloads, and the bodies in the queue."""

from __future__ import annotations

from tree_sitter import Node

from archlint.extract.ecma.grammar import expression, significant, statement
from archlint.extract.ecma.lowering import Body, Lowering
from archlint.extract.ecma.types import annotation, results, type_parameters
from archlint.model.facts import Decorator, FunctionFacts, Param
from archlint.model.ir import (
    Assign,
    Declare,
    Expr,
    Name,
    Return,
    Spread,
    Stmt,
    TField,
    TUnion,
    Type,
)


@expression("arrow_function", "function_expression", "generator_function")
def function_value(s: Lowering, node: Node, d: int) -> Expr:
    """A function that its context does not name."""
    return s.function_ref(node)


@statement("function_declaration", "generator_function_declaration", "function_signature")
def function_declaration(s: Lowering, node: Node, d: int, out: list[Stmt]) -> None:
    """A function declaration; overload signatures before it become part of it."""
    declare_function(s, node, out)


def declare_function(s: Lowering, node: Node, out: list[Stmt]) -> Expr:
    """Append the declaration of a function; returns the reference to it."""
    name_node = node.child_by_field_id(s.grammar.f_name)
    name = "" if name_node is None else s.text(name_node)
    previous = _overload(s, out, name)
    if previous is not None:
        previous.signatures = (*previous.signatures, previous.node)
        previous.node = node
        return out[-1].ref  # type: ignore[union-attr]
    ref = s.function_ref(node, name, 0 if name_node is None else name_node.start_byte)
    out.append(Declare(node.start_byte, ref, name))
    return ref


def _overload(s: Lowering, out: list[Stmt], name: str) -> Body | None:
    """The signature just before that a declaration of this name continues."""
    if not (name and out and s.queue):
        return None
    last, body = out[-1], s.queue[-1]
    if type(last) is not Declare or last.name != name or body is None:
        return None
    return body if body.node.type == "function_signature" else None


def lower_function(s: Lowering, body: Body) -> FunctionFacts:
    """Lower a function from the queue: header and body."""
    g = s.grammar
    node = body.node
    words: set[str] = set()
    params: tuple[Param, ...] = ()
    outcome: tuple[TField, ...] = ()
    generics: tuple[TField, ...] = ()
    statements: tuple[Stmt, ...] | None = None
    name, name_at = body.name, body.name_at
    body_node = node.child_by_field_id(g.f_body)
    body_at = -1 if body_node is None else body_node.start_byte
    for kid in node.children:
        kind = kid.kind_id
        if kid.start_byte == body_at and kind not in g.extras:
            statements = _body(s, kid)
        elif kind == g.formal_parameters:
            params = parameters(s, kid)
        elif kind == g.identifier:
            if node.kind_id == g.arrow:
                params = (Param(s.one(kid, 1)),)
            elif not name or node.kind_id in g.functions:
                name, name_at = s.text(kid), kid.start_byte
        elif kind in g.function_words:
            words.add(g.function_words[kind])
        elif kind in g.annotations:
            outcome = results(s, kid, 1)
        elif kind == g.type_parameters:
            generics = type_parameters(s, kid, 1)
    return FunctionFacts(
        index=body.index,
        name=name,
        kind=_kind(g.function_kinds.get(node.kind_id, "function"), words, name, body.owner),
        at=node.start_byte,
        end=node.end_byte,
        params=params,
        body=statements,
        is_async="async" in words,
        generator="*" in words,
        static="static" in words,
        results=_merged(s, outcome, body.signatures, statements is None),
        type_params=generics,
        decorators=body.decorators,
        parent=body.parent,
        owner=body.owner,
        name_at=name_at,
    )


def _kind(kind: str, words: set[str], name: str, owner: int) -> str:
    if kind == "method":
        if "get" in words:
            return "getter"
        if "set" in words:
            return "setter"
        if name == "constructor" and owner >= 0:
            return "constructor"
    return kind


def _body(s: Lowering, node: Node) -> tuple[Stmt, ...]:
    if node.kind_id == s.grammar.block:
        return s.body(node, 1)
    value = s.one(node, 2)
    return (Return(node.start_byte, node.end_byte, (value,)),)


def _merged(
    s: Lowering, own: tuple[TField, ...], signatures: tuple[Node, ...], ambient: bool
) -> tuple[TField, ...]:
    """The result type, overloads considered: a union where they differ.

    Callers see the overloads alone; an implementation's own annotation is hidden by them.
    """
    found: list[tuple[TField, ...]] = []
    for node in signatures:
        outcome = results(s, node.child_by_field_id(s.grammar.f_return_type), 1)
        if outcome and outcome not in found:
            found.append(outcome)
    if own and own not in found and (ambient or not found):
        found.append(own)
    kinds = tuple(outcome[0].type for outcome in found if outcome[0].type is not None)
    if len(kinds) < 2:
        return found[0] if found else ()
    return (TField("", TUnion(kinds)),)


def parameters(s: Lowering, node: Node) -> tuple[Param, ...]:
    """Parameters in order; TypeScript's ``this`` parameter is left out."""
    found: list[Param] = []
    g = s.grammar
    for kid in node.children:
        kind = kid.kind_id
        if kind == g.identifier:
            at = kid.start_byte
            found.append(Param(Name(at, s.src[at : kid.end_byte])))
        elif kind in g.typed_parameters:
            param = _typed_parameter(s, kid)
            if param is not None:
                found.append(param)
        elif s.expr[kind] is not None:
            found.append(_plain_parameter(s.one(kid, 1)))
    return tuple(found)


def _plain_parameter(pattern: Expr) -> Param:
    if type(pattern) is Assign:
        return Param(pattern.targets[0], default=pattern.values[0])
    if type(pattern) is Spread:
        return Param(pattern.value, rest=True)
    return Param(pattern)


def _typed_parameter(s: Lowering, node: Node) -> Param | None:
    g = s.grammar
    decorators: list[Decorator] = []
    is_property = False
    target: Expr | None = None
    type_: Type | None = None
    default: Expr | None = None
    for kid in node.children:
        kind = kid.kind_id
        if target is None and kind in g.property_words:
            is_property = True
        elif kind == g.decorator:
            decorators.append(decorator(s, kid))
        elif kind == g.this:
            return None
        elif kind == g.type_annotation:
            type_ = annotation(s, kid, 1)
        elif s.expr[kind] is not None:
            if target is None:
                target = s.one(kid, 1)
            else:
                name, at = (target.id, target.at) if type(target) is Name else ("", 0)
                default = s.value(kid, 1, name, at)
    if target is None:
        return None
    rest = isinstance(target, Spread)
    if isinstance(target, Spread):
        target = target.value
    return Param(target, type_, default, rest, is_property, tuple(decorators))


def decorator(s: Lowering, node: Node) -> Decorator:
    """``@expression``."""
    kids = significant(s.grammar, node.children)
    return Decorator(node.start_byte, s.one(kids[-1], 1, node.start_byte))
