"""What looking for a signal gave, before the model weighs it."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from archlint.model.suitability import Direction, Evidence
from archlint.suitability.survey import Survey


class Observed(msgspec.Struct, frozen=True):
    """A signal's value in [0, 1] (None: unknown, and why), its count and its evidence.

    ``reliability`` is high, medium or low; ``direction`` overrides the model's where the same fact
    speaks for the runtime that the component already has.
    """

    value: float | None
    says: str = ""
    why_unknown: str = ""
    k: int | None = None
    n: int | None = None
    reliability: str = "high"
    direction: Direction | None = None
    applicable: bool = True
    evidence: tuple[Evidence, ...] = ()


Look = Callable[[Survey], Observed]
"""A function that looks for one signal in one component."""

NO_ENTRIES = "no entry point (or none of the handlers of its server) was found"


def unknown(why: str) -> Observed:
    """A signal that applies and could not be seen."""
    return Observed(value=None, why_unknown=why)


def absent() -> Observed:
    """A signal that does not apply to the component."""
    return Observed(value=None, applicable=False)


def ratio(mask: int, survey: Survey) -> tuple[float, int, int]:
    """A mask of entry points as value, k and n; there must be entry points."""
    k = mask.bit_count()
    return k / survey.n, k, survey.n
