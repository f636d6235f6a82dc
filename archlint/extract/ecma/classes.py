"""Classes: members, fields, accessors, static blocks, decorators."""

from __future__ import annotations

from collections.abc import Callable

from tree_sitter import Node

from archlint.extract.ecma.functions import decorator
from archlint.extract.ecma.grammar import CLASSES, expression, statement
from archlint.extract.ecma.lowering import Body, Lowering
from archlint.extract.ecma.objects import property_key
from archlint.extract.ecma.types import annotation, function_type, type_of, type_parameters
from archlint.model.facts import ClassFacts, ClassMember, Decorator
from archlint.model.ir import Declare, Expr, FunctionRef, Stmt, TField, Type


@expression(*CLASSES)
def class_value(s: Lowering, node: Node, d: int) -> Expr:
    """A class expression that its context does not name."""
    return s.class_ref(node)


@statement("class_declaration", "abstract_class_declaration")
def class_declaration(s: Lowering, node: Node, d: int, out: list[Stmt]) -> None:
    """A class declaration."""
    declare_class(s, node, out)


def declare_class(s: Lowering, node: Node, out: list[Stmt], outer: Node | None = None) -> Expr:
    """Append the declaration of a class; ``outer`` is the export around it."""
    name_node = node.child_by_field_id(s.grammar.f_name)
    name = "" if name_node is None else s.text(name_node)
    ref = s.class_ref(node, name, outer)
    out.append(Declare(node.start_byte, ref, name))
    return ref


def lower_class(s: Lowering, body: Body) -> ClassFacts:
    """Lower a class from the queue."""
    g = s.grammar
    node = body.node
    decorators: list[Decorator] = []
    for around in body.signatures:
        decorators.extend(
            decorator(s, kid) for kid in around.children if kid.kind_id == g.decorator
        )
    extends: Expr | None = None
    implements: tuple[Type, ...] = ()
    generics: tuple[TField, ...] = ()
    members: tuple[ClassMember, ...] = ()
    name = body.name
    for kid in node.children:
        sort = kid.type
        if kid.kind_id == g.decorator:
            decorators.append(decorator(s, kid))
        elif sort in {"identifier", "type_identifier"}:
            name = s.text(kid)
        elif sort == "class_heritage":
            extends, implements = _heritage(s, kid)
        elif sort == "type_parameters":
            generics = type_parameters(s, kid, 1)
        elif sort == "class_body":
            members = _members(s, kid, body)
    return ClassFacts(
        body.index,
        name,
        node.start_byte,
        node.end_byte,
        members,
        extends,
        implements,
        tuple(decorators),
        body.parent,
        generics,
    )


def _heritage(s: Lowering, node: Node) -> tuple[Expr | None, tuple[Type, ...]]:
    extends: Expr | None = None
    implements: list[Type] = []
    for kid in node.children:
        sort = kid.type
        if sort == "extends_clause":
            extends = s.one(kid.child_by_field_id(s.grammar.f_value), 1, kid.start_byte)
        elif sort == "implements_clause":
            implements.extend(type_of(s, item, 1) for item in kid.children if item.is_named)
        elif s.expr[kid.kind_id] is not None and extends is None:
            extends = s.one(kid, 1)
    return extends, tuple(implements)


_Handler = Callable[[Lowering, Node, Body, tuple[Decorator, ...]], ClassMember | None]


def _members(s: Lowering, node: Node, body: Body) -> tuple[ClassMember, ...]:
    """Members in order; decorators stand before their member in TypeScript, in it in JavaScript."""
    found: list[ClassMember] = []
    pending: list[Decorator] = []
    overloads: dict[tuple[str, bool], Body] = {}
    for kid in node.children:
        if kid.kind_id == s.grammar.decorator:
            pending.append(decorator(s, kid))
            continue
        if kid.kind_id == s.grammar.comment:
            s.comments.append((kid.start_byte, kid.end_byte))
            continue
        handle = _MEMBERS.get(kid.type)
        if handle is None:
            continue
        inner = [decorator(s, item) for item in kid.children if item.kind_id == s.grammar.decorator]
        member = handle(s, kid, body, (*pending, *inner))
        pending.clear()
        if member is not None:
            _add(s, found, member, overloads)
    return tuple(found)


def _add(
    s: Lowering,
    found: list[ClassMember],
    member: ClassMember,
    overloads: dict[tuple[str, bool], Body],
) -> None:
    """Append a member; an overload signature before it gives way to it."""
    key = (member.name, member.static)
    queued = s.queue[-1] if s.queue else None
    if member.function < 0 or queued is None or queued.index != member.function:
        found.append(member)
        return
    previous = overloads.pop(key, None)
    if previous is None:
        found.append(member)
    else:
        previous.signatures = (*previous.signatures, previous.node)
        previous.node = queued.node
        s.queue.pop()
        s.functions.pop()
        queued = previous
    if queued.node.type == "method_signature":
        overloads[key] = queued


def _member_name(s: Lowering, node: Node | None) -> str:
    """The name of a member; a computed one is its source in brackets."""
    if node is None:
        return ""
    name, computed = property_key(s, node, 1)
    if name is not None:
        return name
    return "".join(s.text(node).split()) if computed is not None else ""


def _method(
    s: Lowering, node: Node, body: Body, decorators: tuple[Decorator, ...]
) -> ClassMember | None:
    key = node.child_by_field_id(s.grammar.f_name)
    name = _member_name(s, key)
    words = {kid.type for kid in node.children if not kid.is_named}
    static = "static" in words
    kind = "getter" if "get" in words else "setter" if "set" in words else "method"
    if name == "constructor" and not static:
        kind = "constructor"
    at = node.start_byte if key is None else key.start_byte
    if node.type == "abstract_method_signature":
        signature = function_type(s, node, 1)
        return ClassMember(name, kind, at, type=signature, decorators=decorators)
    ref = s.function_ref(node, name, at, body.index)
    index = ref.index if type(ref) is FunctionRef else -1
    queued = s.queue[-1] if index >= 0 else None
    if queued is not None:
        queued.decorators = decorators
    return ClassMember(name, kind, at, index, static=static, decorators=decorators)


def _field(
    s: Lowering, node: Node, body: Body, decorators: tuple[Decorator, ...]
) -> ClassMember | None:
    g = s.grammar
    key = node.child_by_field_id(g.f_property) or node.child_by_field_id(g.f_name)
    name = _member_name(s, key)
    at = node.start_byte if key is None else key.start_byte
    static = any(kid.type == "static" for kid in node.children)
    kind = annotation(s, node.child_by_field_id(g.f_type), 1)
    value_node = node.child_by_field_id(g.f_value)
    value: Expr | None = None
    if value_node is not None:
        if value_node.kind_id in g.functions:
            value = s.function_ref(value_node, name, at, body.index)
        else:
            value = s.value(value_node, 1, name, at)
    return ClassMember(name, "field", at, -1, value, kind, static, decorators)


def _static_block(
    s: Lowering, node: Node, body: Body, decorators: tuple[Decorator, ...]
) -> ClassMember | None:
    s.function_ref(node, "", node.start_byte, body.index)
    return None


_MEMBERS: dict[str, _Handler] = {
    "method_definition": _method,
    "method_signature": _method,
    "abstract_method_signature": _method,
    "field_definition": _field,
    "public_field_definition": _field,
    "class_static_block": _static_block,
}
