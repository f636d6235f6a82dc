"""Sets of canonical names written as patterns, looked up by their module first."""

from __future__ import annotations

import re
from collections.abc import Iterable

from archlint.knowledge.frameworks import expand

_HEAD = re.compile(r"[^.()~]*")


class Names:
    """``*`` stands for one step's name, ``**`` for any steps, ``{a,b}`` for either."""

    def __init__(self, patterns: Iterable[str]) -> None:
        names = [name for pattern in patterns for name in expand(pattern)]
        self._exact = frozenset(name for name in names if "*" not in name)
        starred: dict[str, list[str]] = {}
        for name in names:
            if "*" in name:
                head = _head(name)
                starred.setdefault("" if "*" in head else head, []).append(_regex(name))
        self._starred = {head: re.compile("|".join(parts)) for head, parts in starred.items()}
        self._memo: dict[str, bool] = {}

    def __contains__(self, name: str) -> bool:
        found = self._memo.get(name)
        if found is None:
            found = self._memo[name] = name in self._exact or self._matches(name)
        return found

    def _matches(self, name: str) -> bool:
        for head in (_head(name), ""):
            pattern = self._starred.get(head)
            if pattern is not None and pattern.fullmatch(name):
                return True
        return False


def _head(name: str) -> str:
    """The module of a name: all before its first step."""
    match = _HEAD.match(name)
    return match.group() if match else ""


def _regex(name: str) -> str:
    rules = {"*": r"[^.()]+", "**": r".*"}
    return "".join(rules.get(part) or re.escape(part) for part in re.split(r"(\*\*|\*)", name))
