"""What is said of a JavaScript or TypeScript file as a whole: directives, origin, faults."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable

from tree_sitter import Node

from archlint.extract.ecma.lowering import DEPTH, Lowering
from archlint.extract.source import directive
from archlint.model.facts import Directive, ImportFacts
from archlint.model.pattern import lazy_regex

_GENERATED = lazy_regex(
    rb"@generated\b|DO NOT (?:EDIT|MODIFY)\b|\bauto-?generated\b"
    rb"|this file (?:is|was|has been) (?:automatically )?generated",
    re.IGNORECASE,
)
_HEAD = 600
_DOCUMENTATION = lazy_regex(
    rb"^[ \t]*(?:/\*\*|\*)[^\n]{0,2000}?\bimport\([^\n]{0,2000}", re.MULTILINE
)
_IMPORT_TYPE = lazy_regex(rb"""\bimport\(\s*(['"])([^'"\n]+)\1\s*\)""")
STRING = 100
"""Characters of the strings that are kept."""


def kept_strings(texts: Iterable[str]) -> tuple[str, ...]:
    """The strings of 2 to 100 characters, sorted."""
    return tuple(sorted([text for text in texts if 1 < len(text) <= STRING]))


def documented_imports(data: bytes) -> tuple[ImportFacts, ...]:
    """The ``import("x")`` of types in JSDoc comments, as type-only imports, by place."""
    if b"import(" not in data or b"/**" not in data:
        return ()
    return tuple(
        ImportFacts(
            line.start() + found.start(),
            line.start() + found.end(),
            "import",
            found[2].decode("utf-8", "replace"),
            type_only=True,
        )
        for line in _DOCUMENTATION.finditer(data)
        for found in _IMPORT_TYPE.finditer(line[0])
    )


def directives(data: bytes, root: Node, starts: tuple[int, ...]) -> tuple[Directive, ...]:
    """Directives in comments anywhere in the tree; the walk is only made when there are some."""
    if b"archlint-" not in data:
        return ()
    found: list[Directive] = []
    cursor = root.walk()
    while True:
        node = cursor.node
        if node is not None and node.type in {"comment", "html_comment"}:
            at = node.start_byte
            row = bisect_right(starts, at)
            own_line = not data[starts[row - 1] : at].strip()
            text = data[at : node.end_byte].decode("utf-8", "replace")
            item = directive(text, row, own_line)
            if item is not None:
                found.append(item)
        if cursor.goto_first_child():
            continue
        while not cursor.goto_next_sibling():
            if not cursor.goto_parent():
                return tuple(found)


def is_generated(data: bytes) -> bool:
    """Whether the first comment says that a program wrote the file."""
    head = data[:_HEAD].lstrip()
    return head.startswith((b"//", b"/*", b"#!")) and _GENERATED.search(head) is not None


def line_count(data: bytes, starts: tuple[int, ...]) -> int:
    """The file's lines; what follows the last line break counts only when there is something."""
    return len(starts) - (1 if starts[-1] == len(data) and len(starts) > 1 else 0)


def problem(s: Lowering, root: Node, starts: tuple[int, ...]) -> str:
    """Why the file was read only in part, "" when it was not."""
    problems: list[str] = []
    if root.has_error:
        problems.append(f"syntax error at line {bisect_right(starts, _first_error(root))}")
    if s.problem_at >= 0:
        line = bisect_right(starts, s.problem_at)
        problems.append(f"nested deeper than {DEPTH} levels at line {line}")
    return "; ".join(problems)


def _first_error(root: Node) -> int:
    """Offset of the first unreadable or missing part."""
    node = root
    while True:
        if node.is_error or node.is_missing:
            return node.start_byte
        below = next((kid for kid in node.children if kid.has_error or kid.is_missing), None)
        if below is None:
            return node.start_byte
        node = below
