"""ECMAScript exports."""

from __future__ import annotations

from collections.abc import Iterator

from tree_sitter import Node

from archlint.extract.ecma.classes import declare_class
from archlint.extract.ecma.functions import declare_function
from archlint.extract.ecma.grammar import statement
from archlint.extract.ecma.imports import specifier_names
from archlint.extract.ecma.literals import string_value
from archlint.extract.ecma.lowering import Lowering
from archlint.model.facts import ExportFacts, ImportFacts
from archlint.model.ir import (
    Array,
    Assign,
    ClassRef,
    Declare,
    Expr,
    FunctionRef,
    Member,
    Name,
    Object,
    Spread,
    Stmt,
)

_TYPES = frozenset({"interface_declaration", "type_alias_declaration"})
_FUNCTIONS = frozenset(
    {
        "function_declaration",
        "generator_function_declaration",
        "function_signature",
        "function_expression",
        "generator_function",
    }
)


@statement("export_statement")
def export_statement(s: Lowering, node: Node, d: int, out: list[Stmt]) -> None:
    """``export ...`` in all its forms."""
    g = s.grammar
    words = {s.text(kid) for kid in node.children if not kid.is_named or kid.is_error}
    source = node.child_by_field_id(g.f_source)
    declaration = node.child_by_field_id(g.f_declaration)
    if source is not None:
        _reexport(s, node, string_value(s, source), "type" in words)
    elif "default" in words:
        value = declaration or node.child_by_field_id(g.f_value)
        if value is not None:
            _default(s, node, value, d, out)
    elif declaration is not None:
        _declaration(s, node, declaration, d, out)
    elif "=" in words:
        _assignment(s, node, d, out)
    else:
        _local_names(s, node, "type" in words)


def _reexport(s: Lowering, node: Node, specifier: str, type_only: bool) -> None:
    at = node.start_byte
    s.imports.append(
        ImportFacts(at, node.end_byte, "export-from", specifier, (), type_only, s.function)
    )
    for kid in node.children:
        sort = kid.type
        if sort == "*":
            s.exports.append(ExportFacts(at, "*", None, specifier, "*", type_only))
        elif sort == "namespace_export":
            name = s.text(kid.children[-1]).strip("'\"")
            s.exports.append(ExportFacts(kid.start_byte, name, None, specifier, "*", type_only))
        elif sort == "export_clause":
            for item in kid.children:
                if item.type == "export_specifier":
                    source_name, name, is_type = specifier_names(s, item)
                    s.exports.append(
                        ExportFacts(
                            item.start_byte,
                            name,
                            None,
                            specifier,
                            source_name,
                            type_only or is_type,
                        )
                    )


def _local_names(s: Lowering, node: Node, type_only: bool) -> None:
    for kid in node.children:
        if kid.type != "export_clause":
            continue
        for item in kid.children:
            if item.type == "export_specifier":
                source_name, name, is_type = specifier_names(s, item)
                value = Name(item.start_byte, source_name)
                s.exports.append(
                    ExportFacts(item.start_byte, name, value, type_only=type_only or is_type)
                )


def _default(s: Lowering, node: Node, value: Node, d: int, out: list[Stmt]) -> None:
    """``export default``: a declaration, a name, or an expression bound to ``default``."""
    g = s.grammar
    at = node.start_byte
    sort = value.type
    if sort in _TYPES:
        s.stmt[value.kind_id](s, value, d, out)  # type: ignore[misc]
        name = value.child_by_field_id(g.f_name)
        exported = Name(value.start_byte, s.text(name) if name else "")
        s.exports.append(ExportFacts(at, "default", exported, type_only=True))
        return
    if sort in {"class", "class_declaration", "abstract_class_declaration"}:
        ref: Expr = declare_class(s, value, out, node)
    elif sort in _FUNCTIONS:
        ref = declare_function(s, value, out)
    else:
        ref = s.value(value, d + 1, "default", 0)
        if type(ref) is FunctionRef or type(ref) is ClassRef:
            out.append(Declare(value.start_byte, ref, ""))
        elif type(ref) is not Name:
            target = Name(at, "default")
            out.append(Assign(at, node.end_byte, "const", (target,), (ref,)))
    if not any(e.name == "default" and e.value == ref for e in s.exports[-1:]):
        s.exports.append(ExportFacts(at, "default", ref))


def _declaration(s: Lowering, node: Node, declaration: Node, d: int, out: list[Stmt]) -> None:
    """``export const ...``, ``export function ...`` and the like."""
    at = node.start_byte
    sort = declaration.type
    first = len(out)
    types = len(s.types_found)
    if sort.endswith("class_declaration"):
        declare_class(s, declaration, out, node)
    else:
        handle = s.stmt[declaration.kind_id]
        if handle is not None:
            handle(s, declaration, d, out)
    names = list(declared_names(out[first:]))
    if not names and sort.startswith("function"):
        name_node = declaration.child_by_field_id(s.grammar.f_name)
        names = [s.text(name_node)] if name_node else []
    for name in names:
        if not any(e.name == name and e.value is not None for e in s.exports[-1:]):
            s.exports.append(ExportFacts(at, name, Name(at, name)))
    for found in s.types_found[types:]:
        if found.parent == s.function and found.name not in names:
            s.exports.append(ExportFacts(at, found.name, Name(at, found.name), type_only=True))


def declared_names(statements: list[Stmt]) -> Iterator[str]:
    """The names that declarations bind, in order."""
    for stmt in statements:
        if type(stmt) is Assign:
            yield from pattern_names(stmt.targets[0])
        elif type(stmt) is Declare and stmt.name:
            yield stmt.name


def pattern_names(pattern: Expr) -> Iterator[str]:
    """The names that a pattern binds."""
    if isinstance(pattern, Name):
        yield pattern.id
    elif isinstance(pattern, Object):
        for entry in pattern.entries:
            yield from pattern_names(entry.value)
    elif isinstance(pattern, Array):
        for item in pattern.items:
            if item is not None:
                yield from pattern_names(item)
    elif isinstance(pattern, Assign):
        yield from pattern_names(pattern.targets[0])
    elif isinstance(pattern, Spread):
        yield from pattern_names(pattern.value)


def _assignment(s: Lowering, node: Node, d: int, out: list[Stmt]) -> None:
    """TypeScript's ``export = value``: the same as ``module.exports = value``."""
    at = node.start_byte
    inner = [kid for kid in node.children if s.expr[kid.kind_id] is not None]
    if not inner:
        return
    target = Member(at, Name(at, "module"), "exports", at)
    value = s.value(inner[-1], d + 1, "module.exports", at)
    out.append(Assign(at, node.end_byte, "=", (target,), (value,)))
