"""Memoised, cycle-safe, depth-capped evaluation on demand."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any

Id = tuple[str, int]

DEPTH = 70
"""Evaluations that may nest; what lies deeper is unknown. Keeps well below Python's own limit."""

_NONE: frozenset[Id] = frozenset()
_FAR = 1 << 30


class Memo:
    """Results by key, each with the functions whose parameters it depends on.

    An evaluation that meets itself sees nothing there. What was computed inside such a cycle is kept
    only until the evaluation that heads the cycle is done, so no half result survives.
    """

    def __init__(self) -> None:
        self._done: dict[Hashable, tuple[Any, frozenset[Id]]] = {}
        self._active: dict[Hashable, int] = {}
        self._partial: dict[Hashable, tuple[Any, frozenset[Id], int]] = {}
        self._order: list[Hashable] = []
        self._depth = 0
        self._low = _FAR
        self.needs: frozenset[Id] = _NONE

    def __call__(self, key: Hashable, compute: Callable[..., Any], *args: Any) -> Any:
        """The result of ``compute(*args)``, computed once per key; () where it meets itself."""
        hit = self._done.get(key)
        if hit is not None:
            if hit[1]:
                self.needs |= hit[1]
            return hit[0]
        level = self._active.get(key)
        if level is not None:
            self._low = min(self._low, level)
            return ()
        part = self._partial.get(key)
        if part is not None:
            self._low = min(self._low, part[2])
            self.needs |= part[1]
            return part[0]
        if self._depth >= DEPTH:
            return ()
        return self._compute(key, compute, args)

    def _compute(self, key: Hashable, compute: Callable[..., Any], args: tuple[Any, ...]) -> Any:
        needs, low, count = self.needs, self._low, len(self._order)
        self.needs, self._low = _NONE, _FAR
        self._depth += 1
        depth = self._active[key] = self._depth
        try:
            result = compute(*args)
        finally:
            del self._active[key]
            self._depth -= 1
            mine, found = self.needs, self._low
            self.needs = needs | mine if mine else needs
            self._low = min(low, found)
        if found >= depth:
            for name in self._order[count:]:
                self._partial.pop(name, None)
            del self._order[count:]
            self._done[key] = (result, mine)
            self._low = low
        else:
            self._partial[key] = (result, mine, found)
            self._order.append(key)
        return result

    def need(self, function: Id) -> None:
        """Say that the evaluation under way depends on a function's parameters."""
        if function not in self.needs:
            self.needs |= {function}

    def forget(self, changed: set[Id]) -> list[Hashable]:
        """Drop every result that depends on the parameters of these functions; their keys."""
        stale = [key for key, (_, needs) in self._done.items() if not needs.isdisjoint(changed)]
        for key in stale:
            del self._done[key]
        return stale

    def clear(self) -> None:
        """Forget everything."""
        self._done.clear()
