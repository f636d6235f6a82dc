"""The model's promises, held on random readings."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from archlint.knowledge.suitability import load_model
from archlint.suitability.lean import Reading, lean_of, smoothed

MODEL = load_model()
WEIGHTS = {name: spec.weight for name, spec in MODEL.dimensions.items() if spec.weight}
SHARES = st.floats(0, 1, allow_nan=False)
MIRROR = {"go": "node", "node": "go", "bipolar": "bipolar"}


@st.composite
def readings(draw: st.DrawFn) -> tuple[Reading, ...]:
    return tuple(
        Reading(
            name,
            spec.dimension,
            spec.direction,
            spec.weight,
            draw(st.sampled_from(sorted(MODEL.reliability.values()))),
            draw(st.none() | SHARES),
            draw(st.booleans()),
        )
        for name, spec in MODEL.signals.items()
    )


def lean(items: tuple[Reading, ...]):
    return lean_of(items, WEIGHTS, MODEL.thresholds.band)


@given(readings(), st.integers(0, len(MODEL.signals) - 1), SHARES, SHARES)
def test_more_of_a_signal_never_moves_the_lean_the_other_way(items, index, one, other):
    value = max(one, other)
    before = replace(items[index], value=min(one, other), applicable=True)
    items = (*items[:index], before, *items[index + 1 :])
    after = (*items[:index], replace(before, value=value), *items[index + 1 :])
    if before.direction == "node":
        assert lean(after).value <= lean(items).value + 1e-4
    else:
        assert lean(after).value >= lean(items).value - 1e-4


@given(readings())
def test_mirrored_signals_mirror_the_lean(items):
    mirrored = tuple(
        replace(
            item,
            direction=MIRROR[item.direction],
            value=1 - item.value
            if item.direction == "bipolar" and item.value is not None
            else item.value,
        )
        for item in items
    )
    one, other = lean(items), lean(mirrored)
    assert abs(one.value + other.value) <= 2e-4
    assert abs(one.low + other.high) <= 2e-4
    assert one.coverage == other.coverage


@given(readings(), st.integers(0, len(MODEL.signals) - 1))
def test_an_unknown_never_narrows_the_interval(items, index):
    unknown = (*items[:index], replace(items[index], value=None), *items[index + 1 :])
    one, other = lean(items), lean(unknown)
    assert other.high - other.low >= one.high - one.low - 2e-4
    assert other.coverage <= one.coverage


@given(readings())
def test_the_lean_lies_in_its_interval_and_that_in_bounds(items):
    found = lean(items)
    assert -1 <= found.low <= found.value + 1e-4
    assert found.value - 1e-4 <= found.high <= 1
    assert 0 <= found.coverage <= 1


def test_nothing_observed_is_no_lean_and_the_widest_interval():
    found = lean(())
    assert (found.value, found.low, found.high, found.band) == (0.0, -1.0, 1.0, "either")


def test_what_does_not_apply_leaves_both_sums():
    some = Reading("a", "workload", "bipolar", 4, 1.0, 1.0)
    absent = Reading("b", "workload", "node", 3, 1.0, None, applicable=False)
    assert lean((some, absent)) == lean((some,))


def test_small_counts_are_smoothed():
    assert smoothed(0, 0) == 0.5
    assert smoothed(1, 1) == 0.75
    assert smoothed(412, 430) == round(412.5 / 431, 4)
