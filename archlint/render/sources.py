"""The scanned files' lines, read only for the findings that are shown."""

from __future__ import annotations

from archlint.discovery.source import Source, Unreadable

MAX_BYTES = 5_000_000
_MAX_LINE = 2_000


class Sources:
    """Lines of files by path, read once; a file that cannot be read has none."""

    def __init__(self, source: Source | None = None) -> None:
        self._source = source
        self._lines: dict[str, list[str]] = {}
        self._data: dict[str, bytes] = {}

    def data(self, path: str) -> bytes:
        """The bytes of a file; empty when it cannot be read."""
        if path not in self._data:
            try:
                data = self._source.read(path, MAX_BYTES) if self._source else b""
            except Unreadable:
                data = b""
            self._data[path] = data
        return self._data[path]

    def lines(self, path: str) -> list[str]:
        """The lines of a file, without their ends; bytes that are no UTF-8 are replaced."""
        if path not in self._lines:
            text = self.data(path).decode("utf-8", "replace").removeprefix("\ufeff")
            self._lines[path] = text.split("\n") if text else []
        return self._lines[path]

    def line(self, path: str, number: int) -> str:
        """Line ``number`` (from 1), cut at 2,000 characters; empty when there is none."""
        lines = self.lines(path)
        if not 1 <= number <= len(lines):
            return ""
        return lines[number - 1].rstrip("\r")[:_MAX_LINE]
