"""Words and numbers as people read them."""

from __future__ import annotations

from archlint.model.suitability import ChecklistItem, Lean, Scenario
from archlint.render.escape import count
from archlint.render.report.wording import lean_number, lean_words, scenario_words

LEAN = Lean(value=-0.34, low=-0.34, high=-0.3, coverage=0.9, band="node")


def test_a_lean_has_a_sign_unless_it_is_none() -> None:
    numbers = (0.2, -0.2, 0.0, -0.0, 0.001, -0.004, None)
    assert [lean_number(n) for n in numbers] == [
        "+0.20", "−0.20", "0.00", "0.00", "0.00", "0.00", "?",
    ]  # fmt: skip


def test_counts_agree_with_their_words() -> None:
    assert [count(n, "file") for n in (0, 1, 2_000)] == ["0 files", "1 file", "2,000 files"]


def test_statements_are_counted_in_grammar() -> None:
    def scenario(*states: str) -> Scenario:
        items = [
            ChecklistItem(id="x", section="s", line=1, statement="s", leans="go", status=state)
            for state in states
        ]
        return Scenario(
            id="x",
            title="x",
            lines=(1, 2),
            leans="go",
            chosen=False,
            conclusion="",
            items=tuple(items),
        )

    assert scenario_words(scenario("question", "unknown")) == "1 unknown, 1 needs an answer"
    several = scenario("question", "question", "supported", "supported")
    assert scenario_words(several) == "2 apply, 2 need an answer"


def test_the_lean_of_a_command_is_not_put_into_words_that_its_verdict_does_not_share() -> None:
    assert lean_words(LEAN, "service").endswith("leans to Node.js")
    assert "leans to" not in lean_words(LEAN, "cli")
    assert "its verdict does not rest on it" in lean_words(LEAN, "cli")
