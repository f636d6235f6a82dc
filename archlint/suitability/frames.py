"""Pieces of source around a place; the lines come from whoever may read files."""

from __future__ import annotations

from collections.abc import Callable

from archlint.model.suitability import Frame

Lines = Callable[[str], list[str]]
"""A file's lines by path; empty when it cannot be read."""

_WIDEST = 180


class Frames:
    """Cuts frames of ``around`` lines to either side out of files."""

    def __init__(self, lines: Lines, around: int = 2) -> None:
        self._lines = lines
        self._around = around

    def at(self, path: str, line: int) -> Frame | None:
        """The frame around a line (from 1); None without source. Long lines are cut."""
        lines = self._lines(path) if path and line > 0 else []
        if not 1 <= line <= len(lines) or not lines[line - 1].strip():
            return None
        start = max(1, line - self._around)
        end = min(len(lines), line + self._around)
        cut = [_tidy(text) for text in lines[start - 1 : end]]
        while cut and not cut[-1].strip() and start + len(cut) - 1 > line:
            cut.pop()
        while cut and not cut[0].strip() and start < line:
            cut.pop(0)
            start += 1
        indent = min((len(t) - len(t.lstrip()) for t in cut if t.strip()), default=0)
        return Frame(start=start, mark=line, lines=tuple(text[indent:] for text in cut))


def _tidy(text: str) -> str:
    text = text.rstrip().replace("\t", "  ")
    return text if len(text) <= _WIDEST else text[: _WIDEST - 1] + "…"
