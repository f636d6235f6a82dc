"""A file's imports and strings without its functions: what module-level rules read.

One query finds the nodes; the handlers that lower whole files turn them into facts.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from functools import cache

from tree_sitter import Language, Node, Query, QueryCursor, Tree

from archlint.extract.ecma.eager import eager_names
from archlint.extract.ecma.grammar import STATEMENTS, grammar_of
from archlint.extract.ecma.imports import note_type_import
from archlint.extract.ecma.literals import unescape
from archlint.extract.ecma.lowering import Lowering
from archlint.extract.ecma.whole import (
    STRING,
    documented_imports,
    is_generated,
    kept_strings,
    line_count,
    problem,
)
from archlint.extract.repair import import_types
from archlint.extract.source import line_starts, wide_lines
from archlint.model.facts import FileFacts, FunctionFacts, ImportFacts

_QUERY = """
(import_statement) @import
(export_statement source: (string)) @export
(call_expression function: (import)) @call
(string) @string
(template_string (string_fragment) @part)
(subscript_expression index: (string) @key)
(import_statement source: (string) @key)
(import_attribute (object (pair value: (string) @key)))
(export_statement source: (string) @key)
(import_specifier name: (string) @key)
(export_specifier (string) @key)
(namespace_export (string) @key)
(method_definition name: (string) @key)
"""
_CALLED = """
(call_expression function: (identifier) @called)
(call_expression function: (member_expression property: (property_identifier) @called))
"""
_UNTYPED = """
(field_definition property: (string) @key)
"""
_TYPED = """
(public_field_definition name: (string) @key)
(property_signature name: (string) @key)
(method_signature name: (string) @key)
(abstract_method_signature name: (string) @key)
(enum_body name: (string) @key)
(enum_assignment name: (string) @key)
(literal_type (string) @key)
(module name: (string) @key)
(import_require_clause source: (string) @key)
(class_declaration decorator: (decorator)) @decorated
(abstract_class_declaration decorator: (decorator)) @decorated
(export_statement decorator: (decorator)) @decorated
"""
_METADATA = """
(required_parameter type: (type_annotation (_) @meta))
(optional_parameter type: (type_annotation (_) @meta))
(public_field_definition type: (type_annotation (_) @meta))
"""
_FUNCTIONS = frozenset(
    {
        "arrow_function", "function_expression", "function_declaration", "generator_function",
        "generator_function_declaration", "method_definition", "class_static_block",
        "internal_module", "module",
    }
)  # fmt: skip
_CHAIN = frozenset(
    {
        "member_expression", "call_expression", "subscript_expression", "nested_identifier",
        "instantiation_expression",
    }
)  # fmt: skip
_NAMED_TYPES = frozenset({"type_identifier", "nested_type_identifier", "generic_type"})
_VALUES = frozenset(
    {"identifier", "shorthand_property_identifier", "shorthand_property_identifier_pattern"}
)
_PARAMETERS = frozenset(
    {
        "required_parameter",
        "optional_parameter",
        "formal_parameters",
        "rest_pattern",
        "type_annotation",
    }
)
_TYPES = frozenset(
    {
        "type_query", "nested_type_identifier", "function_type",
        "constructor_type", "function_signature", "method_signature", "call_signature",
        "construct_signature", "abstract_method_signature", "index_signature", "type_predicate",
        "type_predicate_annotation", "asserts", "asserts_annotation",
    }
)  # fmt: skip
_WORDS = frozenset(
    bytes([c]) for c in b"$_0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
)
_LOADING = frozenset({b"require", b"resolve"})
_WORD = 7
_MODULE, _INNER = 0, 1
"""The two functions of an outline: the top level, and one that stands for all others."""

Captures = dict[str, list[Node]]


def outline(path: str, language: str, data: bytes, tree: Tree) -> FileFacts:
    """The outline of one file: ``functions`` are the top level and one for all that is inside."""
    root = tree.root_node
    starts = line_starts(data)
    s = Lowering(grammar_of(tree.language), data)
    found = _found(tree, data)
    imports = _imports(s, found, data, root)
    eager, emitted = eager_names(root, imports)
    values = _values(found, data, root, imports) if language in {"typescript", "tsx"} else ()
    return FileFacts(
        path=path,
        language=language,
        size=len(data),
        line_starts=starts,
        functions=(
            FunctionFacts(_MODULE, "", "module", 0, len(data)),
            FunctionFacts(_INNER, "", "function", 0, len(data), parent=_MODULE),
        ),
        imports=imports,
        wide=wide_lines(data, starts),
        generated=is_generated(data),
        problem=problem(s, root, starts),
        strings=_strings(s, found, data),
        shebang=data.startswith(b"#!"),
        lines=line_count(data, starts),
        eager=eager,
        emitted=emitted,
        outline=True,
        values=values,
        metadata=_metadata(found, imports, values) if found.get("decorated") else (),
    )


def _found(tree: Tree, data: bytes) -> Captures:
    """The nodes by what they are captured as; those that a file has no word for are not sought."""
    language = tree.language
    loads = any(word in data for word in _LOADING)
    found = QueryCursor(_query(language, calls=loads)).captures(tree.root_node)
    if found.get("decorated"):
        found |= QueryCursor(_metadata_query(language)).captures(tree.root_node)
    return found


@cache
def _query(language: Language, *, calls: bool) -> Query:
    """``calls``: also what every call calls."""
    typed = language.id_for_node_kind("type_annotation", True) is not None
    text = _QUERY + (_TYPED if typed else _UNTYPED)
    return Query(language, text + _CALLED if calls else text)


@cache
def _metadata_query(language: Language) -> Query:
    return Query(language, _METADATA)


# -------------------------------------------------------------------- imports


def _imports(s: Lowering, found: Captures, data: bytes, root: Node) -> tuple[ImportFacts, ...]:
    """All imports, by place."""
    for sort in ("import", "export"):
        handle = STATEMENTS[f"{sort}_statement"]
        for node in found.get(sort, ()):
            s.function = _MODULE if _at_top(node) else _place(node)[0]
            handle(s, node, 1, [])
    for node in (*found.get("call", ()), *_loading(found, data)):
        outer = _type_around(node)
        s.function, s.guards = _place(node)
        if outer is None:
            s.one(node, 1)
        else:
            note_type_import(s, outer)
            found.setdefault("key", []).extend(_arguments(node))
    for node in _rewritten(root, data):
        s.function, s.guards = _place(node)
        note_type_import(s, node)
    s.imports.extend(documented_imports(data))
    unique = {(item.at, item.kind, item.type_only): item for item in reversed(s.imports)}
    return tuple(sorted(unique.values(), key=lambda item: (item.at, item.type_only)))


def _rewritten(root: Node, data: bytes) -> Iterator[Node]:
    """The identifiers that stand for ``import("x")`` in a rewritten text (see ``repair``)."""
    for match in import_types(data):
        node = root.descendant_for_byte_range(match.start(), match.end())
        place = (node.start_byte, node.end_byte) if node is not None else None
        if node is not None and node.type == "identifier" and place == match.span():
            yield node


def _loading(found: Captures, data: bytes) -> Iterator[Node]:
    """The calls of ``require`` and of a method ``resolve``, by the names of what is called."""
    for name in found.get("called", ()):
        at = name.start_byte
        if name.end_byte - at != _WORD or data[at : at + _WORD] not in _LOADING:
            continue
        node = name.parent
        while node is not None and node.type != "call_expression":
            node = node.parent
        if node is not None:
            yield node


def _arguments(call: Node) -> list[Node]:
    arguments = call.child_by_field_name("arguments")
    return arguments.named_children if arguments is not None else []


def _at_top(node: Node) -> bool:
    parent = node.parent
    return parent is None or parent.parent is None


def _place(node: Node) -> tuple[int, int]:
    """The function that holds a node, and in how many ``try`` blocks of it the node stands."""
    guards = 0
    inner, outer = node, node.parent
    while outer is not None:
        kind = outer.type
        if kind in _FUNCTIONS:
            return _INNER, guards
        if kind == "try_statement":
            body, clause = (outer.child_by_field_name(name) for name in ("body", "handler"))
            guards += clause is not None and body is not None and body.id == inner.id
        inner, outer = outer, outer.parent
    return _MODULE, guards


def _type_around(node: Node) -> Node | None:
    """The type that an ``import()`` is the start of; None where it is a call."""
    function = node.child_by_field_name("function")
    if function is None or function.type != "import":
        return None
    inner, outer = node, node.parent
    while outer is not None and outer.type in _CHAIN:
        inner, outer = outer, outer.parent
    if outer is None:
        return None
    kind = outer.type
    if kind == "type_query":
        return outer
    if kind in {"as_expression", "satisfies_expression"}:
        return inner if outer.children[0].id != inner.id else None
    types = kind.endswith("_type") or kind.startswith("type_")
    return inner if types or kind in {"constraint", "default_type"} else None


# -------------------------------------------------------------------- strings


def _strings(s: Lowering, found: Captures, data: bytes) -> tuple[str, ...]:
    """The string literals of 2 to 100 characters that stand where a value may."""
    keys = {node.start_byte for node in found.get("key", ())}
    spans = [
        (at + 1, node.end_byte - 1)
        for node in found.get("string", ())
        if (at := node.start_byte) not in keys
    ]
    spans += [
        (at, end)
        for node in found.get("part", ())
        if data[(at := node.start_byte) - 1] in b"`}" and data[end := node.end_byte] in b"`$"
    ]
    texts: set[str] = set()
    for at, end in spans:
        if 1 < end - at <= 4 * STRING:
            text = s.src[at:end]
            texts.add(unescape(text) if "\\" in text else text)
    return kept_strings(texts)


# --------------------------------------------------------------------- values


def _values(
    found: Captures, data: bytes, root: Node, imports: Iterable[ImportFacts]
) -> tuple[str, ...]:
    """The imported names that stand where a value does; the others vanish with the types."""
    apart = sorted(
        (n.start_byte, n.end_byte) for sort in ("import", "export") for n in found.get(sort, ())
    )
    return tuple(n for n in _imported(imports) if _stands(n.encode(), data, root, apart))


def _imported(imports: Iterable[ImportFacts]) -> list[str]:
    """The local names of imports that are not of types alone, sorted."""
    kept = (item for item in imports if item.kind == "import" and not item.type_only)
    return sorted({local for item in kept for _, local in item.names})


def _stands(name: bytes, data: bytes, root: Node, apart: list[tuple[int, int]]) -> bool:
    """Whether a name stands for a value anywhere but in the parts, sorted, that are ``apart``."""
    size = len(name)
    at = data.find(name)
    while at >= 0:
        part = bisect_right(apart, (at, len(data))) - 1
        if part >= 0 and at < apart[part][1]:
            at = data.find(name, apart[part][1])
            continue
        if data[at - 1 : at] not in _WORDS and data[at + size : at + size + 1] not in _WORDS:
            node = root.descendant_for_byte_range(at, at + size)
            value = node is not None and node.start_byte == at and node.type in _VALUES
            if node is not None and value and not _in_type(node):
                return True
        at = data.find(name, at + 1)
    return False


def _in_type(node: Node) -> bool:
    """Whether a name is a part of a type: after ``typeof``, or of a signature's parameter."""
    outer = node.parent
    while outer is not None and outer.type in _CHAIN:
        outer = outer.parent
    if outer is None or outer.type not in _PARAMETERS:
        return outer is not None and outer.type in _TYPES
    while outer is not None and outer.type in _PARAMETERS:
        outer = outer.parent
    return outer is not None and outer.type in _TYPES


def _metadata(
    found: Captures, imports: Iterable[ImportFacts], values: tuple[str, ...]
) -> tuple[str, ...]:
    """The other imported names that parameters' and fields' types begin with."""
    types = {
        re.split(r"[.<]", (node.text or b"").decode("utf-8", "replace"), maxsplit=1)[0].strip()
        for node in found.get("meta", ())
        if node.type in _NAMED_TYPES and not _in_type(node)
    }
    return tuple(name for name in _imported(imports) if name in types and name not in values)
