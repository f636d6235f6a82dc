"""Sets of code points as sorted, disjoint, inclusive ranges."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise
from typing import TypeAlias

Ranges: TypeAlias = tuple[tuple[int, int], ...]

MAX = 0x10FFFF
EVERYTHING: Ranges = ((0, MAX),)
DIGITS: Ranges = ((48, 57),)
WORD: Ranges = ((48, 57), (65, 90), (95, 95), (97, 122))
SPACE: Ranges = (
    (9, 13), (32, 32), (160, 160), (0x1680, 0x1680), (0x2000, 0x200A), (0x2028, 0x2029),
    (0x202F, 0x202F), (0x205F, 0x205F), (0x3000, 0x3000), (0xFEFF, 0xFEFF),
)  # fmt: skip
LINE_ENDS: Ranges = ((10, 10), (13, 13), (0x2028, 0x2029))
_MAX_FOLDED = 600
"""Ranges wider than this (code points) hold both cases of nearly everything already."""


def union(ranges: Iterable[tuple[int, int]]) -> Ranges:
    """The ranges sorted and merged."""
    merged: list[tuple[int, int]] = []
    for low, high in sorted(ranges):
        if merged and low <= merged[-1][1] + 1:
            merged[-1] = (merged[-1][0], max(high, merged[-1][1]))
        else:
            merged.append((low, high))
    return tuple(merged)


def complement(ranges: Ranges) -> Ranges:
    """Everything else."""
    edges = [(-1, -1), *union(ranges), (MAX + 1, MAX + 1)]
    gaps = ((a[1] + 1, b[0] - 1) for a, b in pairwise(edges))
    return tuple(gap for gap in gaps if gap[0] <= gap[1])


def contains(ranges: Ranges, point: int) -> bool:
    """Whether a code point is in the set."""
    for low, high in ranges:  # noqa: SIM110 - a generator costs a matcher twice the time
        if low <= point <= high:
            return True
    return False


def fold(ranges: Ranges) -> Ranges:
    """The set with both cases of its letters."""
    more: list[tuple[int, int]] = list(ranges)
    for low, high in ranges:
        for point in range(low, min(high, low + _MAX_FOLDED) + 1):
            if 0xD800 <= point <= 0xDFFF:
                continue
            cases = (chr(point).lower(), chr(point).upper())
            more.extend((ord(other), ord(other)) for other in cases if len(other) == 1)
    return union(more)
