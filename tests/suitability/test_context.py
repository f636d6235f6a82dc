"""Answers: where they come from, what is refused, what they lean to."""

from __future__ import annotations

import pytest

from archlint.knowledge.suitability import load_model
from archlint.model.errors import ArchlintError
from archlint.model.suitability import Answer
from archlint.suitability.context import (
    answers_from,
    context_lean,
    dimension_weights,
    questions,
    read_answers,
)

MODEL = load_model()


def test_answers_are_read_in_each_spelling():
    text = """
    [context]
    traffic = "spiky"
    "team.hiring" = "js-pool"
    [context.team.main_language]
    value = "js-ts"
    rationale = "all of us"
    date = "2026-01-01"
    [context.growth.pattern]
    value = "unknown"
    """
    assert read_answers(text, MODEL, "a.toml") == {
        "traffic": Answer(value="spiky"),
        "team.hiring": Answer(value="js-pool"),
        "team.main_language": Answer(value="js-ts", rationale="all of us", date="2026-01-01"),
    }


def test_a_file_of_answers_needs_no_table():
    assert read_answers('traffic = "steady"', MODEL, "a.toml")["traffic"].value == "steady"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('[context]\nweather = "fine"', "no question 'weather'"),
        ('[context]\ntraffic = "fine"', "takes one of steady"),
        ("[context]\ntraffic = 3", "traffic takes value"),
        ('[context.traffic]\nvalue = "steady"\nwho = "me"', "traffic takes value"),
        ("[context", "a.toml: "),
        ("context = 3", "is no table"),
    ],
)
def test_wrong_answers_are_refused_with_their_place(text, says):
    with pytest.raises(ArchlintError, match=r"a\.toml") as caught:
        read_answers(text, MODEL, "a.toml")
    assert says in str(caught.value)


def test_the_context_has_no_lean_until_something_is_answered():
    assert context_lean(MODEL, {}) is None
    assert context_lean(MODEL, {"scenario": Answer(value="saas")}) is None
    one = context_lean(MODEL, {"team.main_language": Answer(value="js-ts")})
    assert one is not None
    assert one.value == -1
    assert one.high > 0.25


def test_everything_answered_for_node_bounds_the_context():
    answers = {
        name: Answer(value=spec.values[spec.leans.index(min(spec.leans))])
        for name, spec in MODEL.questions.items()
    }
    found = context_lean(MODEL, answers)
    assert found is not None
    assert found.high <= -0.25


def test_a_scenario_changes_weights_and_nothing_else():
    plain = dimension_weights(MODEL, {})
    chosen = dimension_weights(MODEL, {"scenario": Answer(value="pipeline")})
    assert chosen["workload"] == plain["workload"] * MODEL.scenarios["pipeline"]["workload"]
    assert answers_from({}, MODEL, "x") == {}


def test_an_answered_question_shows_no_hint():
    found = questions(MODEL, {"traffic": Answer(value="spiky")}, {})
    assert {q.id for q in found} == set(MODEL.questions)
    assert next(q for q in found if q.id == "traffic").answer == Answer(value="spiky")
