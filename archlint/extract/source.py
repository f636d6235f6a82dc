"""A file's bytes: line table and directives, for every extractor alike."""

from __future__ import annotations

import re
from bisect import bisect_right
from itertools import accumulate

from archlint.model.facts import Directive
from archlint.model.pattern import lazy_regex

_WIDE = lazy_regex(rb"[\x80-\xff][^\n]*+")
_DIRECTIVE = lazy_regex(r"^(?://+|/\*+|#|<!--)\s*archlint-(.*?)\s*(?:\*/|-->)?\s*$", re.DOTALL)


def line_starts(data: bytes) -> tuple[int, ...]:
    """Byte offset at which each line starts; the first is 0."""
    lengths = [len(line) + 1 for line in data.split(b"\n")]
    lengths.pop()
    return tuple(accumulate(lengths, initial=0))


def wide_lines(data: bytes, starts: tuple[int, ...]) -> tuple[tuple[int, tuple[int, ...]], ...]:
    """Per line (from 0) with multi-byte characters: the offsets in it of continuation bytes."""
    if data.isascii():
        return ()
    found: list[tuple[int, tuple[int, ...]]] = []
    for match in _WIDE.finditer(data):
        row = bisect_right(starts, match.start()) - 1
        column = match.start() - starts[row]
        offsets = [i for i, byte in enumerate(match.group(), column) if byte & 0xC0 == 0x80]
        found.append((row, tuple(offsets)))
    return tuple(found)


def directive(comment: str, line: int, own_line: bool) -> Directive | None:
    """The directive a comment holds (``// archlint-ignore rule: why``), None for ordinary ones.

    ``line`` counts from 1.
    """
    match = _DIRECTIVE.match(comment)
    return Directive(line, match.group(1), own_line) if match else None
