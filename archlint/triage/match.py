"""Pairing the findings of two runs: which of the new ones were there before, moved or not."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property

import msgspec

from archlint.model.facts import FileFacts
from archlint.model.finding import Context, Finding, Severity


class Known(msgspec.Struct, frozen=True, kw_only=True):
    """What identifies a finding across commits; ``key`` starts with its symbol and a colon."""

    rule: str
    path: str
    key: str
    severity: Severity
    context: Context = Context.UNKNOWN
    message: str = ""

    @property
    def symbol(self) -> str:
        """The function that holds it ("" for none)."""
        name, colon, _ = self.key.partition(":")
        return name if colon else ""


def known(finding: Finding) -> Known:
    """A finding's identity."""
    return Known(
        rule=finding.rule,
        path=finding.location.path,
        key=finding.key,
        severity=finding.severity,
        context=finding.context,
        message=finding.message,
    )


class Tree(msgspec.Struct, frozen=True, dict=True):
    """The files of a run and the functions in them: tells a fix from a move."""

    paths: frozenset[str] = frozenset()
    files: Mapping[str, FileFacts] = msgspec.field(default_factory=dict)

    @cached_property
    def _symbols(self) -> dict[str, frozenset[str]]:
        return {}

    def holds(self, path: str, symbol: str) -> bool:
        """Whether the file has a function of that name."""
        if path not in self._symbols:
            facts = self.files.get(path)
            names = (f.name for f in facts.functions) if facts else ()
            self._symbols[path] = frozenset(names)
        return symbol in self._symbols[path]


def pair(
    old: Sequence[Known], new: Sequence[Known], now: Tree, before: Tree | None = None
) -> dict[int, int]:
    """Index of each new finding that was there before -> its index among the old.

    First in the same file; then from a file that is gone to one that is new; then with a function
    that moved to another file. ``before`` may be unknown (a baseline).
    """
    pairs: dict[int, int] = {}
    _same_place(old, new, pairs)
    taken = set(pairs.values())

    def renamed(was: Known, here: Known) -> bool:
        fresh = before is None or here.path not in before.paths
        return was.path not in now.paths and fresh

    def moved(was: Known, here: Known) -> bool:
        symbol = was.symbol
        return bool(symbol) and not now.holds(was.path, symbol) and now.holds(here.path, symbol)

    for accepts in (renamed, moved):
        left: dict[tuple[str, str], list[int]] = defaultdict(list)
        for index, was in enumerate(old):
            if index not in taken:
                left[was.rule, was.key].append(index)
        for index, here in enumerate(new):
            if index in pairs:
                continue
            candidates = left.get((here.rule, here.key), [])
            hit = next((i for i in candidates if accepts(old[i], here)), None)
            if hit is not None:
                pairs[index] = hit
                taken.add(hit)
                candidates.remove(hit)
    return pairs


def _same_place(old: Sequence[Known], new: Sequence[Known], pairs: dict[int, int]) -> None:
    """Pair within a file: findings that read alike first, the rest in their order."""
    olds = _grouped(old)
    for place, news in _grouped(new).items():
        left = list(olds.get(place, ()))
        for exact in (True, False):
            for index in news:
                if index in pairs:
                    continue
                hit = next((i for i in left if not exact or _alike(old[i], new[index])), None)
                if hit is not None:
                    pairs[index] = hit
                    left.remove(hit)


def _alike(a: Known, b: Known) -> bool:
    return (a.severity, a.context, a.message) == (b.severity, b.context, b.message)


def _grouped(items: Iterable[Known]) -> dict[tuple[str, str, str], list[int]]:
    groups: dict[tuple[str, str, str], list[int]] = defaultdict(list)
    for index, item in enumerate(items):
        groups[item.rule, item.path, item.key].append(index)
    return groups
