"""Which outside calls give promises: Node.js's, the platform's and packages'."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files

from archlint.knowledge import node
from archlint.knowledge.frameworks import expand

_ROOT = re.compile(r"(?:npm:(?:@[^/.()~]+/)?|node:)[^.()~]+")
_ORDER = ("none", "lazy", "hybrid", "promise")


class PromiseApi:
    """Kinds by canonical callee name (``node:fs/promises.readFile``, ``npm:pg.Pool().query``)."""

    def __init__(
        self,
        exact: dict[str, str],
        patterns: tuple[tuple[re.Pattern[str], str], ...],
        settled: frozenset[str],
    ) -> None:
        self._exact = exact
        self._patterns = patterns
        self._settled = settled
        self._memo: dict[str, str] = {}

    def kind(self, callee: str) -> str:
        """promise, lazy, hybrid (a promise without a callback), none, or "" when not listed."""
        found = self._memo.get(callee)
        if found is None:
            found = self._memo[callee] = self._kind(callee)
        return found

    def _kind(self, callee: str) -> str:
        if _root(callee) in _known_roots():
            if node.is_lazy(callee + "()"):
                return "lazy"
            if node.returns_promise(callee):
                return "hybrid" if node.is_hybrid(callee) else "promise"
        known = self._exact.get(callee)
        if known is not None:
            return known
        return next((kind for pattern, kind in self._patterns if pattern.fullmatch(callee)), "")

    def is_hybrid(self, callee: str) -> bool:
        """Whether a callback as last argument takes the promise's place."""
        return self.kind(callee) == "hybrid"

    def cannot_reject(self, callee: str) -> bool:
        """Whether the promise that a call gives never rejects."""
        return callee in self._settled or node.cannot_reject(callee)


def _root(name: str) -> str:
    """``npm:@scope/name`` or ``node:fs`` of a canonical name; "" for globals."""
    match = _ROOT.match(name)
    return match.group() if match else ""


@cache
def _known_roots() -> frozenset[str]:
    """The modules of which the tables of packages and of Node.js say anything."""
    names = [*node.core().promises]
    for package in node.packages():
        for group in (package.promises, package.lazy, *package.alias.values()):
            names.extend(name for pattern in group for name in expand(pattern))
    return frozenset(_root(name) for name in names) | {f"npm:{p.name}" for p in node.packages()}


def _regex(name: str) -> str:
    """A name with ``*`` (one step's name) and ``**`` (any steps) as a regular expression."""
    rules = {"*": r"[^.()]+", "**": r".*"}
    return "".join(rules.get(part) or re.escape(part) for part in re.split(r"(\*\*|\*)", name))


@cache
def promise_api() -> PromiseApi:
    """The tables, loaded once."""
    exact: dict[str, str] = {}
    patterns: list[tuple[re.Pattern[str], str]] = []
    text = files("archlint.knowledge").joinpath("node", "promises.toml").read_text("utf-8")
    table = tomllib.loads(text)
    for kind in _ORDER:
        names = [name for pattern in table.get(kind, ()) for name in expand(pattern)]
        starred = [_regex(name) for name in names if "*" in name]
        patterns.append((re.compile("|".join(starred) or "(?!)"), kind))
        exact.update((name, kind) for name in names if "*" not in name)
    settled = frozenset(name for pattern in table["settled"] for name in expand(pattern))
    return PromiseApi(exact, tuple(patterns), settled)
