"""Memoised, cycle-safe, depth-capped evaluation on demand."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any

Id = tuple[str, int]

DEPTH = 70
"""Evaluations that may nest; what lies deeper is unknown. Keeps well below Python's own limit."""

_NONE: frozenset[Id] = frozenset()
_ANY: frozenset[Id] = frozenset({("", -1)})
"""Depends on so many functions that it counts as depending on all of them."""
_MANY = 32
_FAR = 1 << 30


class Memo:
    """Results by key, each with the functions whose parameters it depends on.

    An evaluation that meets itself sees nothing there. The evaluation that heads such a cycle is
    made twice: the second time each of the cycle's members sees what the first time gave.
    """

    def __init__(self) -> None:
        self.done: dict[Hashable, tuple[Any, frozenset[Id]]] = {}
        """Finished results; one without needs may be taken from here without asking."""
        self._active: dict[Hashable, int] = {}
        self._partial: dict[Hashable, tuple[Any, frozenset[Id], int]] = {}
        self._seeds: dict[Hashable, Any] = {}
        self._order: list[Hashable] = []
        self._depth = 0
        self._low = _FAR
        self.needs: frozenset[Id] = _NONE

    def __call__(self, key: Hashable, compute: Callable[..., Any], *args: Any) -> Any:
        """The result of ``compute(*args)``, computed once per key; () where it meets itself."""
        hit = self.done.get(key)
        if hit is not None:
            more = hit[1]
            if more and more is not self.needs:
                self._also(more)
            return hit[0]
        if key in self._active:
            self._low = min(self._low, self._active[key])
            return self._seeds.get(key, ())
        if key in self._partial:
            part = self._partial[key]
            self._low = min(self._low, part[2])
            self._also(part[1])
            return part[0]
        depth = self._depth + 1
        if depth > DEPTH:
            return ()
        needs, low, count = self.needs, self._low, len(self._order)
        self.needs, self._low = _NONE, _FAR
        self._depth = self._active[key] = depth
        try:
            result = compute(*args)
        finally:
            del self._active[key]
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
            self._low = min(low, found)
        self.needs = needs
        if mine:
            self._also(mine)
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

    def _settle(self, count: int, needs: frozenset[Id]) -> None:
        """Keep the results of a finished cycle's members."""
        for name in self._order[count:]:
            self.done[name] = (self._partial.pop(name)[0], needs)
        del self._order[count:]

    def _also(self, more: frozenset[Id]) -> None:
        """Depend on these functions as well."""
        mine = self.needs
        if mine is more or mine is _ANY:
            return
        if not mine or more is _ANY:
            self.needs = more
        elif not more <= mine:
            both = mine | more
            self.needs = both if len(both) <= _MANY else _ANY

    def needed(self, compute: Callable[..., object], *args: Any) -> frozenset[Id]:
        """The functions whose parameters ``compute(*args)`` depends on; nothing is kept."""
        needs, self.needs = self.needs, _NONE
        compute(*args)
        mine, self.needs = self.needs, needs
        return mine

    def need(self, function: Id) -> None:
        """Say that the evaluation under way depends on a function's parameters."""
        self._also(frozenset((function,)))

    def forget(self, changed: set[Id]) -> list[Hashable]:
        """Drop every result that depends on the parameters of these functions; their keys."""
        stale = [
            key
            for key, (_, needs) in self.done.items()
            if needs and (needs is _ANY or not needs.isdisjoint(changed))
        ]
        for key in stale:
            del self.done[key]
        return stale

    def clear(self) -> None:
        """Forget everything."""
        self.done.clear()


def depends(needs: frozenset[Id], changed: set[Id]) -> bool:
    """Whether a result with these needs may be another one now."""
    return needs is _ANY or not needs.isdisjoint(changed)
