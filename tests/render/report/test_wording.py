"""The words of the report for a lean."""

from __future__ import annotations

from archlint.model.suitability import Lean
from archlint.render.report.wording import lean_words

LEAN = Lean(value=-0.34, low=-0.34, high=-0.3, coverage=0.9, band="node")


def test_the_lean_of_a_command_is_not_put_into_words_that_its_verdict_does_not_share() -> None:
    assert lean_words(LEAN, "service").endswith("leans to Node.js")
    assert "leans to" not in lean_words(LEAN, "cli")
    assert "its verdict does not rest on it" in lean_words(LEAN, "cli")
