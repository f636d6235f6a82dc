"""The model as the report prints it."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from archlint.knowledge.suitability import Model
from archlint.model.suitability import Answer, Parameters
from archlint.suitability.context import dimension_weights


def parameters(model: Model, answers: Mapping[str, Answer]) -> Parameters:
    """Version, weights (under the answered scenario) and thresholds."""
    scenario = answers.get("scenario")
    thresholds = msgspec.to_builtins(model.thresholds)
    return Parameters(
        version=model.version,
        date=model.date,
        weights=dimension_weights(model, answers),
        thresholds={name: float(value) for name, value in thresholds.items()},
        reliability=dict(model.reliability),
        signal_weights={name: spec.weight for name, spec in model.signals.items()},
        scenario=scenario.value if scenario else "",
    )
