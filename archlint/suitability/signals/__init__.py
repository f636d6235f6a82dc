"""The structural signals: one function each, and the table that names them."""

from __future__ import annotations

import msgspec

from archlint.knowledge.suitability import Model, SignalSpec
from archlint.model.suitability import Signal
from archlint.suitability.lean import Reading, contribution
from archlint.suitability.signals import (
    artefact,
    concurrency,
    dependencies,
    latency,
    memory,
    workload,
)
from archlint.suitability.signals.observed import Look, Observed, absent
from archlint.suitability.survey import Survey

LOOKS: dict[str, Look] = {
    "workload.cpu": workload.cpu,
    "workload.io": workload.io,
    "workload.batch": workload.batch,
    "concurrency.parallel-compute": concurrency.parallel_compute,
    "concurrency.connections": concurrency.connections,
    "concurrency.isolated": concurrency.isolated,
    "latency.blocking": latency.blocking,
    "latency.short": latency.short,
    "memory.whole-payload": memory.whole_payload,
    "memory.growth": memory.growth,
    "dependencies.tree": dependencies.tree,
    "dependencies.lock-in": dependencies.lock_in,
    "artefact.size": artefact.size,
    "artefact.managed": artefact.managed,
}
"""Every signal of the model has its function here, and none is missing (a test holds that)."""

_RANK = ("high", "medium", "low")


def signals_of(survey: Survey, model: Model) -> tuple[Signal, ...]:
    """All signals of a component, in the model's order."""
    cap = _cap(survey, model)
    return tuple(
        _signal(name, spec, LOOKS[name](survey) if _applies(spec, survey) else absent(), model, cap)
        for name, spec in model.signals.items()
    )


def readings_of(signals: tuple[Signal, ...]) -> tuple[Reading, ...]:
    """What the model computes with."""
    return tuple(
        Reading(s.id, s.dimension, s.direction, s.weight, s.reliability, s.value, s.applicable)
        for s in signals
    )


def _applies(spec: SignalSpec, survey: Survey) -> bool:
    return survey.runtime in spec.runtimes and survey.kind in spec.kinds


def _cap(survey: Survey, model: Model) -> str:
    """The best reliability that the component's resolution allows."""
    part = survey.program.linked[1 if survey.runtime == "go" else 0]
    imports = len(part.modules)
    dynamic = sum(1 for edge in part.modules if edge.kind in {"dynamic", "computed"})
    if imports and dynamic / imports > model.thresholds.dynamic_cap:
        return "medium"
    return "high"


def _signal(name: str, spec: SignalSpec, seen: Observed, model: Model, cap: str) -> Signal:
    word = _RANK[max(_RANK.index(w) for w in (seen.reliability, spec.reliability, cap))]
    reliability = model.reliability[word]
    direction = seen.direction or spec.direction
    moment = adds = 0.0
    if seen.applicable and seen.value is not None:
        moment, adds = contribution(direction, spec.weight, reliability, seen.value)
    return Signal(
        id=name,
        dimension=spec.dimension,
        direction=direction,
        weight=spec.weight,
        reliability=reliability,
        value=None if seen.value is None else round(seen.value, 4),
        applicable=seen.applicable,
        k=seen.k,
        n=seen.n,
        says=seen.says,
        why_unknown=seen.why_unknown,
        guide=spec.guide,
        moment=round(moment, 4),
        contribution=round(adds, 4),
        evidence=tuple(
            item if item.guide else msgspec.structs.replace(item, guide=spec.guide)
            for item in seen.evidence
        ),
    )
