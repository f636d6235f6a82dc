"""TypeScript's ``paths``: which patterns match a specifier, without trying each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator


class PathPatterns:
    """The patterns of one configuration, by their part before the ``*``."""

    def __init__(self, patterns: Iterable[str]) -> None:
        self._exact: set[str] = set()
        self._starred: dict[str, set[str]] = {}
        for pattern in patterns:
            head, star, tail = pattern.partition("*")
            if star:
                self._starred.setdefault(head, set()).add(tail)
            else:
                self._exact.add(pattern)
        self._heads = _lengths(self._starred)
        self._tails = {head: _lengths(tails) for head, tails in self._starred.items()}

    def matching(self, spec: str) -> Iterator[str]:
        """The patterns that match ``spec``, the longest part before the ``*`` first."""
        if spec in self._exact:
            yield spec
        for length in self._heads:
            head = spec[:length]
            if length > len(spec) or head not in self._starred:
                continue
            for end in self._tails[head]:
                tail = spec[len(spec) - end :]
                if length + end <= len(spec) and tail in self._starred[head]:
                    yield f"{head}*{tail}"


def _lengths(texts: Iterable[str]) -> list[int]:
    """The lengths that occur, the longest first."""
    return sorted({len(text) for text in texts}, reverse=True)
