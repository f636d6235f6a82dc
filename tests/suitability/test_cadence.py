"""Commits and releases a month: what they suggest, and that they never decide."""

from __future__ import annotations

import pytest

from archlint.knowledge.suitability import load_guide, load_model
from archlint.model.history import History
from archlint.model.suitability import Answer, Cadence
from archlint.suitability.cadence import MONTH, cadence_hint, cadence_of, cadence_words
from archlint.suitability.checklist import Filler
from archlint.suitability.hints import hint_signals

NOW = 1_700_000_000
RAPID = Cadence(months=12, commits=38.0, releases=2.0)
SLOW = Cadence(months=12, commits=3.2, releases=0.0)
UNKNOWN = Cadence(unknown="the clone is shallow")


def spread(count: int, months: int) -> tuple[int, ...]:
    """``count`` times over the months before NOW, the newest first."""
    return tuple(NOW - index * months * MONTH // count for index in range(count))


def test_months_are_counted_back_from_the_newest_commit():
    history = History((*spread(38 * 12, 12), NOW - 30 * MONTH), spread(24, 12))
    found = cadence_of(history)
    assert found == RAPID
    shifted = History(*(tuple(t - 10**8 for t in part) for part in history[:2]))
    assert cadence_of(shifted) == found
    assert cadence_words(found) == (
        "38 commits and 2 tagged releases a month over the last 12 months of the history"
    )


def test_what_is_older_than_a_year_or_newer_than_the_checkout_does_not_count():
    old = tuple(NOW - 13 * MONTH - index for index in range(500))
    later = tuple(NOW + 1 + index for index in range(500))
    assert cadence_of(History((*spread(12, 12), *old), (*later, NOW, *old))) == Cadence(
        months=12, commits=1.0, releases=0.1
    )


def test_a_history_that_was_cut_for_its_bulk_counts_over_what_is_there():
    assert cadence_of(History((*spread(2000, 6)[:-1], NOW - 5 * MONTH), (), cut=True)).months == 5
    assert cadence_of(History(spread(2000, 1), (), cut=True)).commits == 2000


@pytest.mark.parametrize(
    ("history", "why"),
    [
        (History(), "no commit was read"),
        (History(unknown="the clone is shallow"), "the clone is shallow"),
        (History((NOW,)), "the git history is shorter than three months"),
        (History(spread(900, 2)), "the git history is shorter than three months"),
    ],
)
def test_too_little_is_unknown_and_suggests_nothing(history, why):
    found = cadence_of(history)
    assert found == Cadence(unknown=why)
    assert cadence_hint(found) is None
    assert cadence_words(found) == f"commits and releases a month are unknown: {why}"


@pytest.mark.parametrize(
    ("commits", "releases", "rapid"),
    [
        (60, 0, True),
        (59, 0.9, False),
        (20, 1, True),
        (19, 3.9, False),
        (1, 4, True),
        (0.1, 0, False),
    ],
)
def test_frequent_commits_or_releases_suggest_rapid_iteration(commits, releases, rapid):
    hint = cadence_hint(Cadence(months=12, commits=commits, releases=releases))
    assert (hint is not None) == rapid
    if hint:
        assert hint.value in load_model().questions[hint.question].values
        assert hint.evidence[0].text == hint.text


def growth(cadence: Cadence, answers: dict[str, Answer] | None = None):
    """The checklist's lines on growth, by id."""
    hint = cadence_hint(cadence)
    hints = {hint.question: hint} if hint else {}
    filler = Filler(hint_signals(hints, cadence), answers or {}, hints)
    lines = [filler.item(s) for s in load_guide().checklist if s.section == "Growth"]
    return {line.id: line for line in lines}


def test_the_suggestion_stands_in_its_line_alone_and_leaves_the_question_open():
    lines = growth(RAPID)
    assert lines["growth.iteration"].status == "question"
    assert lines["growth.iteration"].note == f"Suggested by the repo: {cadence_words(RAPID)}"
    assert lines["growth.scale"].status == "question"
    assert lines["growth.scale"].note == ""


@pytest.mark.parametrize("cadence", [SLOW, UNKNOWN])
def test_without_a_suggestion_the_line_says_what_was_seen(cadence):
    line = growth(cadence)["growth.iteration"]
    assert line.status == "question"
    assert line.note.lower() == cadence_words(cadence).lower()


@pytest.mark.parametrize("cadence", [RAPID, SLOW, UNKNOWN])
@pytest.mark.parametrize(
    ("value", "status"), [("rapid-iteration", "supported"), ("large-traffic", "contradicted")]
)
def test_an_answer_decides_whatever_the_cadence(cadence, value, status):
    line = growth(cadence, {"growth.pattern": Answer(value=value)})["growth.iteration"]
    assert (line.status, line.note) == (status, f"answered: {value}")
