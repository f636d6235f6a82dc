"""The decision list, step by step, and the guard against over-claiming."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from archlint.knowledge.suitability import load_model
from archlint.suitability.verdict import Case, decide, firmness_of, title_of, withheld

MODEL = load_model()
AT = MODEL.thresholds
CALM = Case(
    runtime="node", kind="service", lean=-0.5, coverage=0.9, resolved=0.9, cpu_share=0.0
)  # fmt: skip
HEAVY = replace(
    CALM, lean=0.4, cpu_share=0.6, cpu_sure=0.6, strong_sites=5, strong_files=3
)  # fmt: skip


@pytest.mark.parametrize(
    ("case", "kind", "step"),
    [
        (replace(CALM, resolved=0.5), "insufficient-evidence", 1),
        (replace(CALM, coverage=0.4), "insufficient-evidence", 1),
        (HEAVY, "mismatch", 2),
        (
            replace(HEAVY, candidate="x", priority=0.5, candidates_cover=0.9),
            "extract",
            3,
        ),
        (replace(HEAVY, lean=0.0, candidate="x", priority=0.2), "isolate", 4),
        (replace(CALM, cpu_share=0.02, cpu_sure=0.02), "isolate", 4),
        (replace(CALM, cpu_share=0.02), "fits", 6),
        (replace(CALM, request_defects=2), "fits-with-changes", 5),
        (CALM, "fits", 6),
        (replace(CALM, cpu_share=None), "fits", 6),
        (replace(HEAVY, kind="cli"), "fits", 6),
        (replace(CALM, runtime="go"), "fits", 6),
        (replace(HEAVY, runtime="go"), "fits", 6),
        (replace(CALM, runtime="go", context_high=-0.3), "reconsider", 2),
        (replace(CALM, runtime="go", context_high=-0.3, lean=0.0), "fits", 6),
        (replace(CALM, runtime="go", context_high=0.1), "fits", 6),
    ],
)
def test_the_list_decides_in_order(case, kind, step):
    assert decide(case, AT) == (kind, step)


def test_a_strong_verdict_needs_stability_sites_and_files():
    assert withheld(HEAVY, "mismatch", 0.95, AT) == ""
    assert "79%" in withheld(HEAVY, "mismatch", 0.79, AT)
    assert "2 high" in withheld(replace(HEAVY, strong_sites=2), "mismatch", 0.95, AT)
    assert "1 files" in withheld(replace(HEAVY, strong_files=1), "extract", 0.95, AT)
    assert withheld(replace(HEAVY, strong_sites=0), "isolate", 0.1, AT) == ""


def test_what_is_withheld_goes_one_step_down():
    with_candidate = replace(HEAVY, candidate="x", priority=0.5)
    assert decide(with_candidate, AT)[0] == "mismatch"
    assert decide(with_candidate, AT, ("mismatch",))[0] == "extract"
    assert decide(with_candidate, AT, ("mismatch", "extract"))[0] == "isolate"


def test_firmness_has_three_words():
    assert [firmness_of(s, AT) for s in (0.9, 0.89, 0.7, 0.69)] == [
        "firm",
        "leaning",
        "leaning",
        "contested",
    ]


def test_the_title_says_when_either_runtime_would_do():
    assert "either" in title_of("fits", replace(CALM, lean=0.1), "", MODEL)
    assert "either" not in title_of("fits", CALM, "", MODEL)
    assert "either" not in title_of("fits", replace(CALM, kind="cli", lean=0.1), "", MODEL)
    assert "src/pdf.ts" in title_of("extract", HEAVY, "src/pdf.ts", MODEL)
