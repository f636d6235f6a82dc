"""Imports of every kind: statements, ``require``, dynamic import, types."""

from __future__ import annotations

import re

from tree_sitter import Node

from archlint.extract.ecma.grammar import statement
from archlint.extract.ecma.literals import string_value
from archlint.extract.ecma.lowering import Lowering
from archlint.model.facts import ImportFacts
from archlint.model.ir import (
    Assign,
    Binary,
    Call,
    Expr,
    Literal,
    Member,
    Name,
    Stmt,
    Template,
)
from archlint.model.pattern import lazy_regex

PATTERN = 300
_IMPORT_TYPE = lazy_regex(r"""\bimport\s*\(\s*(['"])([^'"\n]+)\1""")


def note_import_call(s: Lowering, call: Call, kind: str) -> None:
    """Record ``require(x)``, ``import(x)`` or ``require.resolve(x)``.

    ``require.resolve(x, {paths})`` looks elsewhere than an import would, so it only tries.
    """
    if kind == "resolve":
        target = call.callee.object if type(call.callee) is Member else None
        if type(target) is not Name or target.id not in {"require", "import.meta"}:
            return
    if not call.args:
        return
    specifier, pattern = _target(call.args[0])
    s.imports.append(
        ImportFacts(
            call.at,
            call.end,
            kind,
            specifier,
            function=s.function,
            guarded=s.guards > 0 or (kind == "resolve" and len(call.args) > 1),
            pattern=pattern,
        )
    )


def _target(argument: Expr) -> tuple[str | None, str]:
    """The literal specifier, or else its pattern."""
    if type(argument) is Literal and argument.kind == "string":
        return argument.value, ""
    if type(argument) is Template and argument.tag is None:
        parts = argument.parts
        if all(type(part) is Literal for part in parts):
            return "".join(part.value for part in parts if type(part) is Literal), ""
    pattern = re.sub(r"\*+", "*", static_pattern(argument, 0))[:PATTERN]
    return None, "" if pattern.strip("*/.") == "" else pattern


def static_pattern(value: Expr, d: int) -> str:
    """The static parts of a computed path, ``*`` for the rest; ``__dirname`` is ``.``."""
    if isinstance(value, Literal):
        return value.value
    if isinstance(value, Name) and value.id == "__dirname":
        return "."
    if d > 20:
        return "*"
    if isinstance(value, Template) and value.tag is None:
        return "".join(static_pattern(part, d + 1) for part in value.parts)
    if isinstance(value, Binary) and value.op == "+":
        return static_pattern(value.left, d + 1) + static_pattern(value.right, d + 1)
    if (
        isinstance(value, Call)
        and isinstance(value.callee, Member)
        and value.callee.name in {"join", "resolve"}
    ):
        return "/".join(static_pattern(arg, d + 1) for arg in value.args).replace("//", "/")
    return "*"


def note_type_import(s: Lowering, node: Node) -> None:
    """Record ``import("x")`` inside a type."""
    start = node.start_byte
    match = _IMPORT_TYPE.search(s.src[start : min(node.end_byte, start + PATTERN)])
    if match:
        s.imports.append(
            ImportFacts(
                start,
                node.end_byte,
                "import",
                match.group(2),
                type_only=True,
                function=s.function,
            )
        )


@statement("import_statement")
def import_statement(s: Lowering, node: Node, d: int, out: list[Stmt]) -> None:
    """``import ...``; inline ``type`` names become an import of their own."""
    g = s.grammar
    kind = "import"
    source = node.child_by_field_id(g.f_source)
    values: list[tuple[str, str]] = []
    types: list[tuple[str, str]] = []
    type_only = False
    for kid in node.children:
        sort = kid.type
        if sort in {"type", "typeof"} and not kid.is_named:
            type_only = True
        elif sort == "import_clause":
            _clause(s, kid, values, types)
        elif sort == "import_require_clause":
            kind = "import-equals"
            source = kid.child_by_field_id(g.f_source)
            values.extend(
                ("*", s.text(name)) for name in kid.children if name.kind_id == g.identifier
            )
    if source is None:
        return
    at, end, specifier = node.start_byte, node.end_byte, string_value(s, source)
    if values or not types:
        s.imports.append(
            ImportFacts(at, end, kind, specifier, tuple(values), type_only, s.function)
        )
    if types:
        s.imports.append(ImportFacts(at, end, kind, specifier, tuple(types), True, s.function))


def _clause(
    s: Lowering, node: Node, values: list[tuple[str, str]], types: list[tuple[str, str]]
) -> None:
    for kid in node.children:
        sort = kid.type
        if sort == "identifier":
            values.append(("default", s.text(kid)))
        elif sort == "namespace_import":
            values.append(("*", s.text(kid.children[-1])))
        elif sort == "named_imports":
            for item in kid.children:
                if item.type == "import_specifier":
                    name, local, is_type = specifier_names(s, item)
                    (types if is_type else values).append((name, local))


def specifier_names(s: Lowering, node: Node) -> tuple[str, str, bool]:
    """Name, alias (or name) and whether it is marked ``type`` of an import or export specifier."""
    g = s.grammar
    is_type = node.children[0].type in {"type", "typeof"} and not node.children[0].is_named
    name = _module_name(s, node.child_by_field_id(g.f_name))
    alias = node.child_by_field_id(g.f_alias)
    return name, name if alias is None else _module_name(s, alias), is_type


def _module_name(s: Lowering, node: Node | None) -> str:
    if node is None:
        return ""
    return string_value(s, node) if node.kind_id == s.grammar.string else s.text(node)


@statement("import_alias")
def import_alias(s: Lowering, node: Node, d: int, out: list[Stmt]) -> None:
    """``import A = B.C``."""
    named = [kid for kid in node.children if s.expr[kid.kind_id] is not None]
    if len(named) < 2:
        return
    target = Name(named[0].start_byte, s.text(named[0]))
    value = s.one(named[1], d + 1)
    out.append(Assign(node.start_byte, node.end_byte, "const", (target,), (value,)))
