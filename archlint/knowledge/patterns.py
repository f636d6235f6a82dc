"""Canonical names written as patterns, looked up by their module first."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Generic, TypeVar

from archlint.knowledge.frameworks import expand
from archlint.model.pattern import lazy_regex

T = TypeVar("T")

ONE_NAME = r"[^.()]+"
ONE_STEP = r"[^.()~]+"
"""What ``*`` may stand for."""
_HEAD = lazy_regex(r"[^.()~]*")


class Names:
    """``*`` stands for one step's name, ``**`` for any steps, ``{a,b}`` for either.

    Patterns are compiled when a name of their module is looked up.
    """

    def __init__(self, patterns: Iterable[str], star: str = ONE_NAME) -> None:
        names = [name for pattern in patterns for name in expand(pattern)]
        self._exact = frozenset([name for name in names if "*" not in name])
        self._star = star
        self._starred: dict[str, list[str]] = {}
        for name in names:
            if "*" in name:
                module = head(name)
                self._starred.setdefault("" if "*" in module else module, []).append(name)
        self._compiled: dict[str, re.Pattern[str]] = {}
        self._memo: dict[str, bool] = {}

    def heads(self) -> frozenset[str]:
        """The modules of the names; "" when some pattern fits any module."""
        return frozenset(map(head, self._exact)) | frozenset(self._starred)

    def __contains__(self, name: str) -> bool:
        found = self._memo.get(name)
        if found is None:
            found = self._memo[name] = name in self._exact or self._matches(name)
        return found

    def _matches(self, name: str) -> bool:
        for module in (head(name), ""):
            patterns = self._starred.get(module)
            if patterns is None:
                continue
            pattern = self._compiled.get(module)
            if pattern is None:
                text = "|".join(_regex(item, self._star) for item in patterns)
                pattern = self._compiled[module] = re.compile(text)
            if pattern.fullmatch(name):
                return True
        return False


class Groups(Generic[T]):
    """Values, each for a set of names; the first that fits counts."""

    def __init__(self, groups: Iterable[tuple[T, Names]]) -> None:
        self._by_head: dict[str, list[tuple[T, Names]]] = {}
        listed = list(groups)
        for _, names in listed:
            self._by_head.update((module, []) for module in names.heads())
        for group in listed:
            heads = group[1].heads()
            for module, fitting in self._by_head.items():
                if module in heads or "" in heads:
                    fitting.append(group)
        self._other = self._by_head.pop("", [])

    def heads(self) -> frozenset[str]:
        """The modules of all names, when no pattern fits any module."""
        return frozenset(self._by_head)

    def find(self, name: str) -> T | None:
        """The value for a name; None when no set has it."""
        for value, names in self._by_head.get(head(name), self._other):
            if name in names:
                return value
        return None


def head(name: str) -> str:
    """The module of a name: all before its first step."""
    match = _HEAD.match(name)
    return match.group() if match else ""


def _regex(name: str, star: str) -> str:
    rules = {"*": star, "**": r".*"}
    return "".join(rules.get(part) or re.escape(part) for part in re.split(r"(\*\*|\*)", name))
