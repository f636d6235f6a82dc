"""TypeScript's own declarations: interfaces, aliases, enums, namespaces, ambient code."""

from __future__ import annotations

from tree_sitter import Node

from archlint.extract.ecma.exports import declared_names
from archlint.extract.ecma.grammar import significant, statement
from archlint.extract.ecma.literals import string_value
from archlint.extract.ecma.lowering import DEPTH, Body, Lowering
from archlint.extract.ecma.objects import property_key
from archlint.extract.ecma.types import members, type_of, type_parameters
from archlint.model.facts import FunctionFacts, TypeFacts
from archlint.model.ir import (
    Assign,
    Call,
    Expr,
    ExprStmt,
    FunctionRef,
    Literal,
    Name,
    Object,
    Opaque,
    Property,
    Return,
    Stmt,
    TField,
    TInterface,
    TStruct,
    Type,
    TypeDecl,
)


def _add_type(s: Lowering, node: Node, kind: str, value: Type | None, out: list[Stmt]) -> str:
    g = s.grammar
    name_node = node.child_by_field_id(g.f_name)
    name = "" if name_node is None else s.text(name_node)
    index = len(s.types_found)
    generics = type_parameters(s, node.child_by_field_name("type_parameters"), 1)
    at = node.start_byte
    s.types_found.append(TypeFacts(index, name, kind, at, value, generics, s.function))
    if s.function:
        out.append(TypeDecl(at, index))
    return name


@statement("interface_declaration")
def interface_declaration(s: Lowering, node: Node, d: int, out: list[Stmt]) -> None:
    """``interface X extends Y { ... }``."""
    embeds: list[Type] = []
    for kid in node.children:
        if kid.type == "extends_type_clause":
            embeds.extend(type_of(s, item, 1) for item in kid.children if item.is_named)
    fields = members(s, node.child_by_field_id(s.grammar.f_body), 1)
    _add_type(s, node, "interface", TInterface(fields, tuple(embeds)), out)


@statement("type_alias_declaration")
def type_alias(s: Lowering, node: Node, d: int, out: list[Stmt]) -> None:
    """``type X = T``."""
    value = node.child_by_field_id(s.grammar.f_value)
    _add_type(s, node, "alias", None if value is None else type_of(s, value, 1), out)


@statement("enum_declaration")
def enum_declaration(s: Lowering, node: Node, d: int, out: list[Stmt]) -> None:
    """An enum: a type, and the object that it is at run time."""
    g = s.grammar
    body = node.child_by_field_id(g.f_body)
    entries: list[Property] = []
    for kid in body.children if body is not None else ():
        if not kid.is_named or kid.kind_id in g.extras:
            continue
        key, value = kid, None
        if kid.type == "enum_assignment":
            parts = significant(g, kid.children)
            key, value = parts[0], parts[-1]
        name, computed = property_key(s, key, d)
        at = key.start_byte
        number = Literal(at, "number", str(len(entries)))
        entry = number if value is None else s.one(value, d + 1)
        entries.append(Property(at, name, entry, "init", computed))
    fields = tuple(TField(entry.key or "", None) for entry in entries)
    name = _add_type(s, node, "enum", TStruct(fields), out)
    at = node.start_byte
    _bind(s, node, Name(at, name), Object(at, tuple(entries)), out)


def _bind(s: Lowering, node: Node, target: Expr, value: Expr, out: list[Stmt]) -> None:
    out.append(Assign(node.start_byte, node.end_byte, "const", (target,), (value,)))


@statement("internal_module", "module")
def namespace(s: Lowering, node: Node, d: int, out: list[Stmt]) -> None:
    """``namespace N { ... }``: N is the result of calling a function that returns its exports.

    ``declare module "x"`` is bound to the name ``"x"`` with its quotes, which no code can mention.
    """
    g = s.grammar
    name_node = node.child_by_field_id(g.f_name)
    body = node.child_by_field_id(g.f_body)
    if name_node is None or body is None:
        return
    name = s.text(name_node)
    if name_node.kind_id == g.string:
        name = f'"{string_value(s, name_node)}"'
    value = _namespace_value(s, node, body, name)
    head, *rest = name.split(".") if name[0] != '"' else [name]
    for part in reversed(rest):
        value = Object(node.start_byte, (Property(node.start_byte, part, value),))
    _bind(s, node, Name(name_node.start_byte, head), value, out)


def _namespace_value(s: Lowering, node: Node, body: Node, name: str) -> Expr:
    if s.level >= DEPTH:
        return s.too_deep(node)
    index = len(s.functions)
    s.functions.append(None)
    at, end = node.start_byte, node.end_byte
    waiting = Body("namespace", index, body, name, at, s.function, s.level + 1)
    waiting.ambient = s.ambient
    s.queue.append(waiting)
    return Call(at, end, body.start_byte, FunctionRef(at, index), ())


def lower_namespace(s: Lowering, body: Body) -> FunctionFacts:
    """Lower a namespace from the queue; its exports are what its function returns."""
    outer = s.exports
    s.exports = []
    statements = list(s.body(body.node, 1))
    exports, s.exports = s.exports, outer
    at, end = body.node.start_byte, body.node.end_byte
    entries = [
        Property(e.at, e.name, e.value) for e in exports if e.value is not None and not e.type_only
    ]
    if body.ambient and not entries:
        entries = [Property(at, name, Name(at, name)) for name in declared_names(statements)]
    statements.append(Return(end, end, (Object(at, tuple(entries)),)))
    return FunctionFacts(
        index=body.index,
        name=body.name,
        kind="function",
        at=at,
        end=end,
        body=tuple(statements),
        parent=body.parent,
        name_at=body.name_at,
    )


@statement("ambient_declaration")
def ambient(s: Lowering, node: Node, d: int, out: list[Stmt]) -> None:
    """``declare ...``; ``declare global`` is read as if its content stood here."""
    if d > DEPTH:
        s.too_deep(node)
        return
    before = s.ambient
    s.ambient = True
    for kid in node.children:
        if kid.kind_id == s.grammar.block:
            out.extend(s.body(kid, d + 1))
            continue
        handle = s.stmt[kid.kind_id]
        if handle is not None and kid.kind_id != s.grammar.identifier:
            first = len(out)
            handle(s, kid, d + 1, out)
            out[first:] = [item for item in out[first:] if not _is_remnant(item)]
    s.ambient = before


def _is_remnant(item: Stmt) -> bool:
    """What an ambient form without a handler leaves behind."""
    return type(item) is ExprStmt and type(item.value) in (Opaque, Name)
