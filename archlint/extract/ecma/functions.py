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
)

_KINDS = {
    "arrow_function": "arrow",
    "method_definition": "method",
    "method_signature": "method",
    "abstract_method_signature": "method",
    "class_static_block": "static-block",
}
_PROPERTY_WORDS = frozenset({"accessibility_modifier", "readonly", "override_modifier"})


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
    arrow = node.type == "arrow_function"
    body_node = node.child_by_field_id(g.f_body)
    for kid in node.children:
        kind = kid.kind_id
        if body_node is not None and kid.id == body_node.id:
            statements = _body(s, kid)
        elif not kid.is_named:
            words.add(s.text(kid))
        elif kind == g.identifier:
            if arrow:
                params = (Param(s.one(kid, 1)),)
            elif not name or node.type.endswith(("expression", "generator_function")):
                name, name_at = s.text(kid), kid.start_byte
        elif kid.type == "formal_parameters":
            params = parameters(s, kid)
        elif kid.type == "type_parameters":
            generics = type_parameters(s, kid, 1)
        elif kid.type.endswith("annotation"):
            outcome = results(s, kid, 1)
    return FunctionFacts(
        index=body.index,
        name=name,
        kind=_kind(node, words, name, body.owner),
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


def _kind(node: Node, words: set[str], name: str, owner: int) -> str:
    kind = _KINDS.get(node.type, "function")
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

    The overloads speak where they stand alone or the implementation has no annotation.
    """
    if not signatures or (own and not ambient):
        return own
    found = [own] if own else []
    for node in signatures:
        outcome = results(s, node.child_by_field_id(s.grammar.f_return_type), 1)
        if outcome and outcome not in found:
            found.append(outcome)
    kinds = tuple(outcome[0].type for outcome in found if outcome[0].type is not None)
    if len(kinds) < 2:
        return found[0] if found else ()
    return (TField("", TUnion(kinds)),)


def parameters(s: Lowering, node: Node) -> tuple[Param, ...]:
    """Parameters in order; TypeScript's ``this`` parameter is left out."""
    found: list[Param] = []
    for kid in node.children:
        if s.expr[kid.kind_id] is None:
            continue
        if kid.type in {"required_parameter", "optional_parameter"}:
            param = _typed_parameter(s, kid)
            if param is not None:
                found.append(param)
        else:
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
    pattern = node.child_by_field_id(g.f_pattern)
    if pattern is None or pattern.type == "this":
        return None
    decorators: list[Decorator] = []
    is_property = False
    for kid in node.children:
        if kid.kind_id == g.decorator:
            decorators.append(decorator(s, kid))
        elif kid.type in _PROPERTY_WORDS:
            is_property = True
    target = s.one(pattern, 1)
    rest = type(target) is Spread
    if isinstance(target, Spread):
        target = target.value
    value = node.child_by_field_id(g.f_value)
    default = None
    if value is not None:
        name, at = (target.id, target.at) if type(target) is Name else ("", 0)
        default = s.value(value, 1, name, at)
    kind = annotation(s, node.child_by_field_id(g.f_type), 1)
    return Param(target, kind, default, rest, is_property, tuple(decorators))


def decorator(s: Lowering, node: Node) -> Decorator:
    """``@expression``."""
    kids = significant(s.grammar, node.children)
    return Decorator(node.start_byte, s.one(kids[-1], 1, node.start_byte))
