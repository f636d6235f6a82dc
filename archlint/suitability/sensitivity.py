"""How much the verdict hangs on what is uncertain: seeded runs, open questions, unknowns, fixes."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Literal

import msgspec
from msgspec.structs import replace

from archlint.knowledge.suitability import Model
from archlint.model.suitability import (
    Answer,
    Band,
    Fixes,
    Flip,
    Lean,
    Outcome,
    Sensitivity,
    Sweep,
    VerdictKind,
)
from archlint.suitability.context import context_lean, dimension_weights
from archlint.suitability.lean import Reading, band_of, lean_of
from archlint.suitability.verdict import Case, decide

Answers = Mapping[str, Answer]
Key = tuple[VerdictKind, Band | Literal[""]]
"""A verdict and, where it is "fits", the band of the lean."""


class Setting(msgspec.Struct, frozen=True):
    """A component's inputs to the model: its signals, its case and the answered context."""

    readings: tuple[Reading, ...]
    case: Case
    answers: Answers
    candidate_reliability: float = 1.0


def lean_in(setting: Setting, model: Model) -> Lean:
    """The code lean under the answered scenario's weights."""
    weights = dimension_weights(model, setting.answers)
    return lean_of(setting.readings, weights, model.thresholds.band)


def case_in(setting: Setting, model: Model) -> Case:
    """The case with the lean, coverage and context that its readings and answers give."""
    lean = lean_in(setting, model)
    context = context_lean(model, setting.answers)
    return replace(
        setting.case,
        lean=lean.value,
        coverage=lean.coverage,
        context_high=context.high if context else None,
    )


def examine(
    setting: Setting,
    model: Model,
    held: tuple[VerdictKind, ...],
    repairs: Sequence[tuple[str, Case]] = (),
) -> Sensitivity:
    """Everything about how the verdict moves; ``held`` are verdicts that the guard withheld.

    ``repairs`` are fixes (named) with the case as it would be once they, and all before them, are
    done: the first whose verdict differs is the smallest set that changes it.
    """
    case = case_in(setting, model)
    base = decide(case, model.thresholds, held)[0]
    outcomes, leans = _runs(setting, model, held)
    total = sum(outcomes.values())
    same = sum(count for (kind, _), count in outcomes.items() if kind == base)
    ranked = sorted(outcomes.items(), key=lambda item: (-item[1], item[0]))
    return Sensitivity(
        runs=total,
        seed=model.sensitivity.seed,
        stability=round(same / total, 4) if total else 0.0,
        outcomes=tuple(
            Outcome(verdict=kind, band=band, share=round(n / total, 4))
            for (kind, band), n in ranked
        ),
        lean_p05=_quantile(leans, 0.05),
        lean_p95=_quantile(leans, 0.95),
        sweeps=tuple(_sweeps(setting, model, held, base)),
        fixes=_smallest(repairs, model, held, base),
        flips=tuple(_flips(setting, model, held, base)),
    )


def _runs(
    setting: Setting, model: Model, held: tuple[VerdictKind, ...]
) -> tuple[Counter[Key], list[float]]:
    """Run the model with jittered weights and values; the same seed gives the same runs."""
    plan = model.sensitivity
    draw = random.Random(plan.seed).uniform
    base_weights = dimension_weights(model, setting.answers)
    context = context_lean(model, setting.answers)
    start = replace(setting.case, context_high=context.high if context else None)
    outcomes: Counter[Key] = Counter()
    leans: list[float] = []
    for _ in range(plan.runs):
        weights = {
            name: weight * 2.0 ** draw(-plan.weight_octaves, plan.weight_octaves)
            for name, weight in base_weights.items()
        }
        readings = _jittered(setting.readings, draw, plan.weight_octaves, plan.value_jitter)
        lean = lean_of(readings, weights, model.thresholds.band)
        spread = plan.value_jitter * (1.0 - setting.candidate_reliability)
        case = replace(
            start,
            lean=lean.value,
            coverage=lean.coverage,
            cpu_share=next((r.value for r in readings if r.id == "workload.cpu"), None),
            priority=start.priority + draw(-spread, spread),
        )
        kind = decide(case, model.thresholds, held)[0]
        outcomes[kind, _band(kind, lean.value, model)] += 1
        leans.append(lean.value)
    return outcomes, leans


def _band(kind: VerdictKind, lean: float, model: Model) -> Band | Literal[""]:
    """The band that belongs to a verdict of "fits"; the stronger ones already contain theirs."""
    return band_of(lean, model.thresholds.band) if kind.startswith("fits") else ""


def _jittered(
    readings: tuple[Reading, ...],
    draw: Callable[[float, float], float],
    octaves: float,
    jitter: float,
) -> list[Reading]:
    moved = []
    for reading in readings:
        factor = 2.0 ** draw(-octaves, octaves)
        spread = jitter * (1.0 - reading.reliability)
        step = draw(-spread, spread)
        value = reading.value
        if value is not None:
            # What was not seen at all is not made up by noise.
            value = min(1.0, max(0.0, value + step)) if value else 0.0
        moved.append(
            Reading(
                reading.id,
                reading.dimension,
                reading.direction,
                reading.weight * factor,
                reading.reliability,
                value,
                reading.applicable,
            )
        )
    return moved


def _quantile(values: list[float], share: float) -> float:
    if not values:
        return 0.0
    ordered = sorted(values)
    return round(ordered[min(len(ordered) - 1, int(share * len(ordered)))], 4)


def _sweeps(
    setting: Setting, model: Model, held: tuple[VerdictKind, ...], base: VerdictKind
) -> Iterable[Sweep]:
    """Each value of each open question, answered alone."""
    for name, question in model.questions.items():
        if name in setting.answers:
            continue
        for value in question.values:
            answered = replace(setting, answers={**setting.answers, name: Answer(value=value)})
            case = case_in(answered, model)
            verdict = decide(case, model.thresholds, held)[0]
            yield Sweep(
                question=name, value=value, verdict=verdict, lean=case.lean, flips=verdict != base
            )


def _flips(
    setting: Setting, model: Model, held: tuple[VerdictKind, ...], base: VerdictKind
) -> Iterable[Flip]:
    """Unknown signals that, observed at either end, would give another verdict."""
    for index, reading in enumerate(setting.readings):
        if reading.value is not None or not reading.applicable:
            continue
        for value in (0.0, 1.0):
            known = replace(reading, value=value)
            readings = (*setting.readings[:index], known, *setting.readings[index + 1 :])
            case = case_in(replace(setting, readings=readings), model)
            if reading.id == "workload.cpu":
                case = replace(case, cpu_share=value, cpu_sure=value)
            verdict = decide(case, model.thresholds, held)[0]
            if verdict != base:
                yield Flip(signal=reading.id, value=value, verdict=verdict)


def _smallest(
    repairs: Sequence[tuple[str, Case]],
    model: Model,
    held: tuple[VerdictKind, ...],
    base: VerdictKind,
) -> Fixes | None:
    names: list[str] = []
    for name, case in repairs:
        names.append(name)
        verdict = decide(case, model.thresholds, held)[0]
        if verdict != base:
            return Fixes(verdict=verdict, fixes=tuple(names))
    return None
