"""The lean of a component: signals to dimensions to one number with its interval."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import msgspec

from archlint.model.suitability import Band, Direction, Lean


class Reading(msgspec.Struct, frozen=True):
    """What the model needs of a signal; ``value`` in [0, 1] or None for unknown."""

    id: str
    dimension: str
    direction: Direction
    weight: float
    reliability: float
    value: float | None
    applicable: bool = True


class DimensionLean(msgspec.Struct, frozen=True):
    """A dimension's lean (None when nothing in it says anything) and its coverage."""

    lean: float | None
    coverage: float
    applicable: bool


def contribution(
    direction: Direction, weight: float, reliability: float, value: float
) -> tuple[float, float]:
    """A signal's moment ``m = w * r`` and what it adds: ``m * (2v - 1)``, ``+m * v`` or ``-m * v``.

    The moment does not depend on the value: a trace of a one-way signal adds a trace.
    """
    moment = weight * reliability
    if direction == "bipolar":
        return moment, moment * (2.0 * value - 1.0)
    return moment, moment * value if direction == "go" else -moment * value


def dimension_lean(readings: Iterable[Reading]) -> DimensionLean:
    """Lean and coverage of one dimension's signals; what does not apply leaves both sums."""
    moments = total = observed = applicable = 0.0
    for reading in readings:
        if not reading.applicable:
            continue
        applicable += reading.weight
        if reading.value is None:
            continue
        observed += reading.weight
        moment, adds = contribution(
            reading.direction, reading.weight, reading.reliability, reading.value
        )
        moments += moment
        total += adds
    coverage = observed / applicable if applicable else 0.0
    return DimensionLean(total / moments if moments else None, coverage, applicable > 0)


def combine(
    dimensions: Mapping[str, DimensionLean], weights: Mapping[str, float], band: float
) -> Lean:
    """The lean over dimensions: each counts by weight and coverage, what is unseen widens it.

    A dimension that was observed and says nothing counts as 0, one that does not apply not at all.
    """
    centre = seen = unseen = total = 0.0
    for name, weight in weights.items():
        part = dimensions.get(name)
        if part is None or not part.applicable or not weight:
            continue
        total += weight
        seen += weight * part.coverage
        unseen += weight * (1.0 - part.coverage)
        centre += weight * part.coverage * (part.lean or 0.0)
    if not total:
        return Lean(value=0.0, low=-1.0, high=1.0, coverage=0.0, band="either")
    value = centre / seen if seen else 0.0
    return Lean(
        value=_tidy(value),
        low=_tidy((centre - unseen) / total),
        high=_tidy((centre + unseen) / total),
        coverage=_tidy(seen / total),
        band=band_of(value, band),
    )


def lean_of(readings: Iterable[Reading], weights: Mapping[str, float], band: float) -> Lean:
    """The lean of a component's signals under these dimension weights."""
    return combine(by_dimension(readings), weights, band)


def by_dimension(readings: Iterable[Reading]) -> dict[str, DimensionLean]:
    """Each dimension's lean, in order of first appearance."""
    groups: dict[str, list[Reading]] = {}
    for reading in readings:
        groups.setdefault(reading.dimension, []).append(reading)
    return {name: dimension_lean(group) for name, group in groups.items()}


def band_of(lean: float, band: float) -> Band:
    """Node.js up to -band, Go from +band on, either between."""
    if lean <= -band:
        return "node"
    return "go" if lean >= band else "either"


def smoothed(k: int, n: int) -> float:
    """A ratio that small counts do not exaggerate: (k + .5) / (n + 1)."""
    return _tidy((k + 0.5) / (n + 1))


def _tidy(value: float) -> float:
    """Four decimals: what the model can claim at most, and the same on every machine."""
    return round(value, 4) + 0.0
