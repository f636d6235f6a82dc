"""Byte offsets to lines and columns: the one place where they are converted."""

from __future__ import annotations

from bisect import bisect_left, bisect_right

import msgspec

from archlint.model.facts import FileFacts


class Location(msgspec.Struct, frozen=True, order=True):
    """A range in a file: posix path relative to the root; lines and columns count from 1.

    Columns count Unicode code points; ``end_column`` is one past the last character.
    A finding about a whole file has line 1, column 1.
    """

    path: str
    line: int = 1
    column: int = 1
    end_line: int = 1
    end_column: int = 1


def line_of(facts: FileFacts, at: int) -> int:
    """Line (from 1) of byte offset ``at``."""
    return bisect_right(facts.line_starts, at)


def position(facts: FileFacts, at: int) -> tuple[int, int]:
    """Line and column (both from 1, column in code points) of byte offset ``at``."""
    row = max(bisect_right(facts.line_starts, at) - 1, 0)
    column = at - facts.line_starts[row] if facts.line_starts else at
    index = bisect_left(facts.wide, (row,))
    if index < len(facts.wide) and facts.wide[index][0] == row:
        column -= bisect_left(facts.wide[index][1], column)
    return row + 1, column + 1


def locate(facts: FileFacts, at: int, end: int | None = None) -> Location:
    """The location of the bytes from ``at`` to ``end`` (a single point without ``end``)."""
    line, column = position(facts, at)
    if end is None or end <= at:
        return Location(facts.path, line, column, line, column + 1)
    end_line, end_column = position(facts, end)
    return Location(facts.path, line, column, end_line, end_column)
