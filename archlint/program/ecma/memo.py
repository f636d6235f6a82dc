"""Memoised, cycle-safe, depth-capped evaluation on demand."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from functools import reduce
from typing import Any

Need = tuple[str, int, int]
"""A parameter: path and index of its function, and its position."""
Hit = tuple[Any, frozenset[Need]]

DEPTH = 70
"""Evaluations that may nest; what lies deeper is unknown. Keeps well below Python's own limit."""

_NONE: frozenset[Need] = frozenset()
_ANY: frozenset[Need] = frozenset({("", -1, -1)})
"""Depends on so many parameters that it counts as depending on all of them."""
CUT: Need = ("", -2, -2)
"""What a result depends on that may be more complete another time: it lay too deep."""
_CUT: frozenset[Need] = frozenset({CUT})
_MANY = 32
_FAR = 1 << 30


class Memo:
    """Results by key, each with the parameters that it depends on.

    An evaluation that meets itself sees nothing there. The evaluation that heads such a cycle is
    made twice: the second time each of the cycle's members sees what the first time gave.
    """

    def __init__(self) -> None:
        self.done: dict[Hashable, tuple[Any, frozenset[Need]]] = {}
        """Finished results; one without needs may be taken from here without asking."""
        self._active: dict[Hashable, int] = {}
        self._partial: dict[Hashable, tuple[Any, frozenset[Need], int]] = {}
        self._seeds: dict[Hashable, Any] = {}
        self._order: list[Hashable] = []
        self._depth = 0
        self._low = _FAR
        self.needs: frozenset[Need] = _NONE

    def __call__(self, key: Hashable, compute: Callable[..., Any], *args: Any) -> Any:
        """The result of ``compute(*args)``, computed once per key; () where it meets itself."""
        hit = self.done.get(key)
        if hit is not None:
            if hit[1]:
                self._also(hit[1])
            return hit[0]
        active = self._active
        if key in active or key in self._partial:
            return self._met(key)
        depth = self._depth + 1
        if depth > DEPTH:
            self._also(_CUT)
            return ()
        needs, low, count = self.needs, self._low, len(self._order)
        self.needs, self._low = _NONE, _FAR
        self._depth = active[key] = depth
        try:
            result = compute(*args)
        finally:
            del active[key]
            self._depth = depth - 1
        if self._low == depth:
            result = self._again(key, compute, args, (result, depth, count))
        mine, found = self.needs, self._low
        if found >= depth:
            if len(self._order) > count:
                self._settle(count, mine)
            self.done[key] = (result, mine)
            self._low = low
        else:
            self._partial[key] = (result, mine, found)
            self._order.append(key)
            self._low = found if found < low else low
        self.needs = needs
        if mine:
            self._also(mine)
        return result

    def _met(self, key: Hashable) -> Any:
        """What an evaluation sees of one that is under way, or of a member of an open cycle."""
        level = self._active.get(key)
        if level is not None:
            self._low = min(self._low, level)
            return self._seeds.get(key, ())
        result, needs, low = self._partial[key]
        self._low = min(self._low, low)
        self._also(needs)
        return result

    def _again(
        self,
        key: Hashable,
        compute: Callable[..., Any],
        args: tuple[Any, ...],
        first: tuple[Any, int, int],
    ) -> Any:
        """Compute the head of a cycle a second time, on what the first time gave."""
        result, depth, count = first
        seeds = {name: self._partial.pop(name)[0] for name in self._order[count:]}
        del self._order[count:]
        seeds[key] = result
        self._seeds.update(seeds)
        self._low = _FAR
        self._depth = self._active[key] = depth
        try:
            result = compute(*args)
        finally:
            del self._active[key]
            self._depth = depth - 1
        for name in seeds:
            self._seeds.pop(name, None)
        return result

    def _settle(self, count: int, needs: frozenset[Need]) -> None:
        """Keep the results of a finished cycle's members."""
        for name in self._order[count:]:
            self.done[name] = (self._partial.pop(name)[0], needs)
        del self._order[count:]

    def _also(self, more: frozenset[Need]) -> None:
        """Depend on these parameters as well."""
        if self.needs is not more:
            self.needs = _both(self.needs, more)

    def needed(self, compute: Callable[..., object], *args: Any) -> frozenset[Need]:
        """The parameters that ``compute(*args)`` depends on; nothing is kept."""
        needs, self.needs = self.needs, _NONE
        compute(*args)
        mine, self.needs = self.needs, needs
        return mine

    def need(self, parameter: Need) -> None:
        """Say that the evaluation under way depends on a parameter."""
        self._also(frozenset((parameter,)))

    def forget(self, changed: set[Need]) -> dict[Hashable, Hit]:
        """Drop every result that depends on one of these parameters, and return them."""
        stale = {key: hit for key, hit in self.done.items() if hit[1] and depends(hit[1], changed)}
        for key in stale:
            del self.done[key]
        return stale

    def restore(
        self, stale: dict[Hashable, Hit], moved: set[Need], grown: dict[Need, frozenset[Need]]
    ) -> list[Hashable]:
        """Take back what was forgotten, save what depends on what moved; the keys of the rest.

        ``moved`` are parameters that hold something else now, ``grown`` tells what the others
        depend on now.
        """
        lost: list[Hashable] = []
        done = self.done
        for key, (result, needs) in stale.items():
            if depends(needs, moved):
                lost.append(key)
            elif key not in done:
                more = [grown[need] for need in needs if need in grown]
                done[key] = (result, reduce(_both, more, needs))
        return lost

    def clear(self) -> None:
        """Forget everything."""
        self.done.clear()


def _both(mine: frozenset[Need], more: frozenset[Need]) -> frozenset[Need]:
    """The parameters of both; any at all where they are many."""
    if mine is _ANY or more is _ANY:
        return _ANY
    if not mine or mine <= more:
        return more
    if more <= mine:
        return mine
    both = mine | more
    return both if len(both) <= _MANY else _ANY


def depends(needs: frozenset[Need], changed: set[Need]) -> bool:
    """Whether a result with these needs may be another one now."""
    return needs is _ANY or not needs.isdisjoint(changed)
