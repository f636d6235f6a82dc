"""A file's bytes: line table and directives, for every extractor alike."""

from __future__ import annotations

import re

from archlint.model.facts import Directive

_NEWLINE = re.compile(rb"\n")
_DIRECTIVE = re.compile(r"^(?://+|/\*+|#|<!--)\s*archlint-(.*?)\s*(?:\*/|-->)?\s*$", re.DOTALL)


def line_starts(data: bytes) -> tuple[int, ...]:
    """Byte offset at which each line starts; the first is 0."""
    return (0, *[match.end() for match in _NEWLINE.finditer(data)])


def wide_lines(data: bytes, starts: tuple[int, ...]) -> tuple[tuple[int, tuple[int, ...]], ...]:
    """Per line (from 0) with multi-byte characters: the offsets in it of continuation bytes."""
    if data.isascii():
        return ()
    found: list[tuple[int, tuple[int, ...]]] = []
    for row, start in enumerate(starts):
        end = starts[row + 1] if row + 1 < len(starts) else len(data)
        line = data[start:end]
        if not line.isascii():
            found.append((row, tuple(i for i, b in enumerate(line) if b & 0xC0 == 0x80)))
    return tuple(found)


def directive(comment: str, line: int, own_line: bool) -> Directive | None:
    """The directive a comment holds (``// archlint-ignore rule: why``), None for ordinary ones.

    ``line`` counts from 1.
    """
    match = _DIRECTIVE.match(comment)
    return Directive(line, match.group(1), own_line) if match else None
