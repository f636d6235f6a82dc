"""What code cannot tell: answers, their checks, the context lean and the scenario's weights."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from typing import Any

from archlint.knowledge.suitability import Model
from archlint.model.errors import ArchlintError
from archlint.model.suitability import Answer, Hint, Lean, Question
from archlint.suitability.lean import Reading, by_dimension, combine

Answers = Mapping[str, Answer]
_FIELDS = ("value", "rationale", "source", "date")


def answers_from(tables: Mapping[str, Any], model: Model, origin: str) -> dict[str, Answer]:
    """Answers from a ``[context]`` table; raises ArchlintError naming ``origin`` for a wrong one.

    Both ``"team.hiring" = {value = ...}`` and nested tables are read; a bare string is the value.
    """
    found: dict[str, Answer] = {}
    for name, raw in _flatten(tables, model).items():
        question = model.questions.get(name)
        if question is None:
            known = ", ".join(sorted(model.questions))
            raise ArchlintError(f"{origin}: there is no question {name!r} (there are {known})")
        fields = {"value": raw} if isinstance(raw, str) else raw
        if not isinstance(fields, Mapping) or set(fields) - set(_FIELDS):
            raise ArchlintError(f"{origin}: {name} takes {', '.join(_FIELDS)}")
        value = fields.get("value")
        if value in {None, "", "unknown"}:
            continue
        if value not in question.values:
            allowed = ", ".join(question.values)
            raise ArchlintError(f"{origin}: {name} is {value!r}, but takes one of {allowed}")
        found[name] = Answer(**{key: str(fields[key]) for key in _FIELDS if key in fields})
    return found


def _flatten(tables: Mapping[str, Any], model: Model) -> dict[str, Any]:
    """``{"team": {"hiring": x}}`` and ``{"team.hiring": x}`` alike to ``team.hiring``."""
    flat: dict[str, Any] = {}
    for name, value in tables.items():
        if name in model.questions or not isinstance(value, Mapping):
            flat[name] = value
            continue
        for below, inner in value.items():
            flat[f"{name}.{below}"] = inner
    return flat


def read_answers(text: str, model: Model, origin: str) -> dict[str, Answer]:
    """Answers from a TOML file: its ``[context]`` table, or the whole file when it has none."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ArchlintError(f"{origin}: {error}") from error
    table = data.get("context", data)
    if not isinstance(table, Mapping):
        raise ArchlintError(f"{origin}: [context] is no table")
    return answers_from(table, model, origin)


def context_lean(model: Model, answers: Answers) -> Lean | None:
    """The lean of the answered questions; None while none of those that lean is answered."""
    readings = []
    for name, question in model.questions.items():
        if not question.dimension:
            continue
        answer = answers.get(name)
        # A lean of -1..+1 is a bipolar value of 0..1.
        value = None
        if answer is not None:
            value = (question.leans[question.values.index(answer.value)] + 1.0) / 2.0
        readings.append(
            Reading(name, question.dimension, "bipolar", question.weight, 1.0, value, True)
        )
    if all(reading.value is None for reading in readings):
        return None
    return combine(by_dimension(readings), model.context_dimensions, model.thresholds.band)


def dimension_weights(model: Model, answers: Answers) -> dict[str, float]:
    """The code dimensions' weights, multiplied by the answered scenario's table."""
    weights = {name: spec.weight for name, spec in model.dimensions.items() if spec.weight}
    answer = answers.get("scenario")
    if answer is None:
        return weights
    factors = model.scenarios[answer.value]
    return {name: weight * factors.get(name, 1.0) for name, weight in weights.items()}


def questions(model: Model, answers: Answers, hints: Mapping[str, Hint]) -> tuple[Question, ...]:
    """Every question with its answer or, while open, the hint that the code gives."""
    return tuple(
        Question(
            id=name,
            text=spec.text,
            values=spec.values,
            labels=spec.labels,
            guide=spec.guide,
            answer=answers.get(name),
            hint=None if name in answers else hints.get(name),
        )
        for name, spec in model.questions.items()
    )
