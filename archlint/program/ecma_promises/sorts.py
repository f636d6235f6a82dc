"""What a value is, as far as promises go."""

from __future__ import annotations

from enum import Enum


class Sort(Enum):
    """Compare by identity: hashing one is slow."""

    NONE = "none"
    UNKNOWN = "unknown"
    PROMISE = "promise"
    LAZY = "lazy"
    """A thenable that does nothing until it is awaited (a query builder)."""
    ARRAY = "array"
    """An array of promises."""
    USED = "used"
    """The repo awaits calls of the same outside function elsewhere."""


_TELLING = (Sort.PROMISE, Sort.ARRAY, Sort.LAZY, Sort.USED, Sort.UNKNOWN)


def either(*sorts: Sort) -> Sort:
    """The most telling of several possibilities."""
    if len(sorts) == 1:
        return sorts[0]
    for wanted in _TELLING:
        if wanted in sorts:
            return wanted
    return Sort.NONE


def is_quiet(sort: Sort) -> bool:
    """Whether nothing says that there is a promise."""
    return sort is Sort.NONE or sort is Sort.UNKNOWN
