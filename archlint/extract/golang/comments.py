"""What a Go file's comments say: the lines they stand on, directives, generated code."""

from __future__ import annotations

import re
from bisect import bisect_right

from tree_sitter import Node

from archlint.extract.source import directive
from archlint.model.facts import Directive
from archlint.model.pattern import lazy_regex

_GENERATED = lazy_regex(rb"^// Code generated .* DO NOT EDIT\.\r?$", re.MULTILINE)
_NOLINT = lazy_regex(r"//\s*(nolint\b.*)$", re.DOTALL)


def is_generated(header: bytes) -> bool:
    """Whether the text before the package clause says so (go.dev/s/generatedcode)."""
    return b"Code generated" in header and _GENERATED.search(header) is not None


def comment_lines(comments: list[Node], starts: tuple[int, ...]) -> tuple[int, ...]:
    """Every line (from 1) that holds a comment or a part of one, ascending."""
    lines: set[int] = set()
    for node in comments:
        first = bisect_right(starts, node.start_byte)
        end = node.end_byte
        if first < len(starts) and end > starts[first]:
            lines.update(range(first, bisect_right(starts, end - 1) + 1))
        else:
            lines.add(first)
    return tuple(sorted(lines))


def has_directives(data: bytes) -> bool:
    """Whether a file may have comments that speak to archlint."""
    return b"archlint-" in data or b"nolint" in data


def directives(comments: list[Node], data: bytes, starts: tuple[int, ...]) -> tuple[Directive, ...]:
    """Comments that speak to archlint, and ``nolint`` ones, in order."""
    if not has_directives(data):
        return ()
    found: list[Directive] = []
    for node in sorted(comments, key=lambda node: node.start_byte):
        at = node.start_byte
        raw = data[at : node.end_byte]
        if b"archlint-" not in raw and b"nolint" not in raw:
            continue
        line = bisect_right(starts, at)
        own_line = not data[starts[line - 1] : at].strip()
        text = raw.decode("utf-8", "replace")
        nolint = _NOLINT.match(text)
        if nolint:
            found.append(Directive(line, nolint.group(1).strip(), own_line))
        elif spoken := directive(text, line, own_line):
            found.append(spoken)
    return tuple(found)
