"""A file's imports and strings without its functions: what module-level rules read.

Their words and one query find the nodes; the handlers that lower whole files turn them into facts.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache

from tree_sitter import Language, Node, Query, QueryCursor, Tree

from archlint.discovery.roles import is_suite_name
from archlint.extract.ecma.eager import eager_names
from archlint.extract.ecma.grammar import CHAIN, STATEMENTS, grammar_of
from archlint.extract.ecma.imports import note_type_import
from archlint.extract.ecma.literals import unescape
from archlint.extract.ecma.lowering import Lowering
from archlint.extract.ecma.outline_values import metadata_names, value_names
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
from archlint.model.pattern import lazy_regex

_QUERY = """
(import_statement) @import
(export_statement source: (string)) @export
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
_LOADS = lazy_regex(rb"\b(?:require|resolve|import)\b")
_CALLED = frozenset({"identifier", "property_identifier", "import"})
_INNER_NAMES = frozenset({"property_identifier", "import"})
_WHOLE_NAMES = frozenset({"member_expression", "import"})
"""What a call calls, where the word is only a part of it."""
_QUOTED = lazy_regex(rb"""'([^'\\\n]{2,100})'|"([^"\\\n]{2,100})"|`([^`\\\n]{2,100})`""")
_MODULE, _INNER = 0, 1
"""The two functions of an outline: the top level, and one that stands for all others."""

Captures = dict[str, list[Node]]


def outline(path: str, language: str, data: bytes, tree: Tree) -> FileFacts:
    """The outline of one file: ``functions`` are the top level and one for all that is inside.

    Of test suites, which are many and large, the strings are all that is quoted, comments included.
    """
    root = tree.root_node
    starts = line_starts(data)
    s = Lowering(grammar_of(tree.language), data)
    suite = is_suite_name(path)
    found = _at_top(root) if suite else _found(tree)
    imports = _imports(s, found, data, root)
    eager, emitted = ((), ()) if suite else eager_names(root, imports)
    values = value_names(found, data, root, imports) if language in {"typescript", "tsx"} else ()
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
        strings=_quoted(data, imports) if suite else _strings(s, found, data),
        shebang=data.startswith(b"#!"),
        lines=line_count(data, starts),
        eager=eager,
        emitted=emitted,
        outline=True,
        values=values,
        metadata=metadata_names(found, imports, values) if found.get("decorated") else (),
    )


def _found(tree: Tree) -> Captures:
    """The nodes by what they are captured as."""
    language = tree.language
    found = QueryCursor(_query(language)).captures(tree.root_node)
    if found.get("decorated"):
        found |= QueryCursor(_metadata_query(language)).captures(tree.root_node)
    return found


def _at_top(root: Node) -> Captures:
    """The imports that are statements of a module's top level."""
    found: Captures = {"import": [], "export": []}
    for node in root.children:
        if node.type == "import_statement":
            found["import"].append(node)
        elif node.type == "export_statement" and node.child_by_field_name("source") is not None:
            found["export"].append(node)
    return found


@cache
def _query(language: Language) -> Query:
    typed = language.id_for_node_kind("type_annotation", True) is not None
    return Query(language, _QUERY + (_TYPED if typed else _UNTYPED))


@cache
def _metadata_query(language: Language) -> Query:
    return Query(language, _METADATA)


# -------------------------------------------------------------------- imports


def _imports(s: Lowering, found: Captures, data: bytes, root: Node) -> tuple[ImportFacts, ...]:
    """All imports, by place."""
    for sort in ("import", "export"):
        handle = STATEMENTS[f"{sort}_statement"]
        for node in found.get(sort, ()):
            s.function = _MODULE if _is_top(node) else _place(node)[0]
            handle(s, node, 1, [])
    for node in _loading(root, data):
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


def _loading(root: Node, data: bytes) -> Iterator[Node]:
    """The calls of ``import``, of ``require`` and of a method ``resolve``."""
    for match in _LOADS.finditer(data):
        start, end = match.span()
        node = root.descendant_for_byte_range(start, end)
        if node is None or node.type not in _CALLED or node.start_byte != start:
            continue
        outer = node.parent
        if node.type in _INNER_NAMES and outer is not None and outer.type in _WHOLE_NAMES:
            node, outer = outer, outer.parent
        if outer is not None and outer.type == "call_expression":
            function = outer.child_by_field_name("function")
            if function is not None and function.id == node.id:
                yield outer


def _arguments(call: Node) -> list[Node]:
    arguments = call.child_by_field_name("arguments")
    return arguments.named_children if arguments is not None else []


def _is_top(node: Node) -> bool:
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
    while outer is not None and outer.type in CHAIN:
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


def _quoted(data: bytes, imports: Iterable[ImportFacts]) -> tuple[str, ...]:
    """All that stands between quotes, specifiers of imports apart."""
    texts = {next(filter(None, groups)) for groups in _QUOTED.findall(data)}
    apart = {item.specifier for item in imports}
    return kept_strings({text.decode("utf-8", "replace") for text in texts} - apart)
