"""Which outside calls give promises: Node.js's, the platform's and packages'."""

from __future__ import annotations

from functools import cache
from typing import Any

from archlint.knowledge import node
from archlint.knowledge.frameworks import expand
from archlint.knowledge.patterns import Groups, Names
from archlint.knowledge.tables import table
from archlint.model.pattern import lazy_regex

_ROOT = lazy_regex(r"(?:npm:(?:@[^/.()~]+/)?|node:)[^.()~]+")
_ORDER = ("none", "lazy", "hybrid", "promise")


class PromiseApi:
    """Kinds by canonical callee name (``node:fs/promises.readFile``, ``npm:pg.Pool().query``)."""

    def __init__(self, kinds: dict[str, Names], settled: Names, plain: frozenset[str]) -> None:
        self._none = kinds["none"]
        self._groups = Groups(kinds.items())
        self._plain = plain
        self._settled = settled
        self._memo: dict[str, str] = {}

    def kind(self, callee: str) -> str:
        """promise, lazy, hybrid (a promise without a callback), none, or "" when not listed."""
        found = self._memo.get(callee)
        if found is None:
            found = self._memo[callee] = self._kind(callee)
        return found

    def _kind(self, callee: str) -> str:
        if callee in self._none or callee.rpartition(".")[2] in self._plain:
            return "none"
        if _root(callee) in _known_roots():
            if node.is_lazy(callee + "()"):
                return "lazy"
            if node.returns_promise(callee):
                return "hybrid" if node.is_hybrid(callee) else "promise"
        return self._groups.find(callee) or ""

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


@cache
def promise_api() -> PromiseApi:
    """The tables, loaded once."""
    lists = table("node/promises.toml", dict[str, Any])
    kinds = {kind: Names(lists.get(kind, ())) for kind in _ORDER}
    return PromiseApi(kinds, Names(lists["settled"]), frozenset(lists["plain_methods"]))
