"""Seeded runs, sweeps, flips and fixes."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from archlint.knowledge.suitability import load_model
from archlint.model.suitability import Answer
from archlint.suitability.lean import Reading
from archlint.suitability.sensitivity import Setting, case_in, examine
from archlint.suitability.verdict import Case, decide
from tests.suitability.test_lean import readings

MODEL = load_model()
CASE = Case(
    runtime="node", kind="service", lean=0, coverage=0, resolved=0.95, cpu_share=0.0, cpu_sure=0.0
)


def setting(values: dict[str, float | None], **case: object) -> Setting:
    items = tuple(
        Reading(
            name,
            spec.dimension,
            spec.direction,
            spec.weight,
            MODEL.reliability[spec.reliability],
            values.get(name, 0.0),
        )
        for name, spec in MODEL.signals.items()
    )
    return Setting(items, replace(CASE, cpu_share=values.get("workload.cpu"), **case), {})


def test_the_same_input_gives_the_same_runs():
    given_ = setting({"workload.cpu": 0.2, "workload.io": 0.6})
    assert examine(given_, MODEL, ()) == examine(given_, MODEL, ())
    assert examine(given_, MODEL, ()).runs == 1000


def test_outcomes_are_shares_of_all_runs():
    found = examine(setting({"workload.cpu": 0.3, "memory.whole-payload": 0.5}), MODEL, ())
    assert abs(sum(o.share for o in found.outcomes) - 1) < 1e-3
    assert found.lean_p05 <= found.lean_p95


def test_a_clear_case_is_firm():
    found = examine(setting({"workload.io": 1.0, "latency.short": 1.0}), MODEL, ())
    assert found.stability >= 0.9


def test_an_open_question_that_flips_the_verdict_is_named():
    go = setting({"workload.io": 1.0, "latency.short": 1.0}, runtime="go")
    settled = {
        name: Answer(value=spec.values[min(range(len(spec.leans)), key=lambda i: spec.leans[i])])
        for name, spec in MODEL.questions.items()
        if spec.dimension and name != "cost.priority"
    }
    found = examine(replace(go, answers=settled), MODEL, ())
    flips = {(s.question, s.value): s.verdict for s in found.sweeps if s.flips}
    assert flips.get(("cost.priority", "early-dev")) == "reconsider"


def test_an_unknown_that_could_flip_the_verdict_is_named():
    found = examine(setting({"workload.cpu": None, "workload.io": 0.5}), MODEL, ())
    assert ("workload.cpu", 1.0) in {(f.signal, f.value) for f in found.flips}


def test_the_smallest_set_of_fixes_is_found_in_order():
    base = setting({"workload.io": 1.0}, request_defects=3)
    first = replace(case_in(base, MODEL), request_defects=1)
    last = replace(first, request_defects=0)
    found = examine(base, MODEL, (), [("fix two", first), ("fix the last", last)])
    assert found.fixes is not None
    assert found.fixes.fixes == ("fix two", "fix the last")
    assert found.fixes.verdict == "fits"


@settings(max_examples=25, deadline=None)
@given(readings(), st.integers(0, 500), st.integers(0, 500))
def test_practice_never_moves_the_lean(items, few, many):
    calm = Setting(items, replace(CASE, request_defects=few), {})
    full = Setting(items, replace(CASE, request_defects=many), {})
    one, other = case_in(calm, MODEL), case_in(full, MODEL)
    assert (one.lean, one.coverage) == (other.lean, other.coverage)


@settings(max_examples=50, deadline=None)
@given(readings())
def test_a_verdict_is_always_given(items):
    kind, step = decide(case_in(Setting(items, CASE, {}), MODEL), MODEL.thresholds)
    assert kind in MODEL.verdicts
    assert 1 <= step <= 6
