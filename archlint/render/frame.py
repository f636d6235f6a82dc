"""A code frame: the finding's line with its neighbours and a marker below."""

from __future__ import annotations

from collections.abc import Iterator

from archlint.model.location import Location
from archlint.render.escape import printable
from archlint.render.screen import Span, cells
from archlint.render.sources import Sources

_TAB = "    "
_MAX_MARK = 120


def frame(at: Location, sources: Sources, style: str) -> Iterator[tuple[Span, ...]]:
    """Up to three lines of code around the location, the range marked; nothing without a source."""
    line = sources.line(at.path, at.line)
    if not line.strip():
        return
    gutter = len(str(at.line + 1))
    yield (Span(f" {'':>{gutter}} |", "blue"),)
    before = sources.line(at.path, at.line - 1)
    if before.strip():
        yield _row(at.line - 1, before, gutter, "dim")
    yield _row(at.line, line, gutter, "")
    yield (Span(f" {'':>{gutter}} | ", "blue"), Span(_mark(at, line), style))
    after = sources.line(at.path, at.line + 1)
    if after.strip() and at.end_line > at.line:
        yield _row(at.line + 1, after, gutter, "dim")


def _row(number: int, line: str, gutter: int, style: str) -> tuple[Span, ...]:
    return (Span(f" {number:>{gutter}} | ", "blue"), Span(_visible(line), style))


def _visible(line: str) -> str:
    return printable(line.replace("\t", _TAB))


def _mark(at: Location, line: str) -> str:
    """Blanks up to the column, then carets to the end of the range or line."""
    start = min(at.column - 1, len(line))
    end = at.end_column - 1 if at.end_line == at.line else len(line.rstrip())
    before = cells(_visible(line[:start]))
    width = cells(_visible(line[start : max(end, start)]))
    return " " * before + "^" * max(1, min(width, _MAX_MARK))
