"""What moved between two reports, as text."""

from __future__ import annotations

from collections.abc import Iterator

from archlint.model.delta import Delta
from archlint.model.suitability import Lean, Row
from archlint.render.escape import printable as plain
from archlint.render.report import wording

_SHOWN = 20


def render_delta(delta: Delta) -> str:
    """The changes, the gravest first; one line when nothing moved."""
    lines = list(_lines(delta))
    return "\n".join(lines or ["Nothing moved."]) + "\n"


def _lines(delta: Delta) -> Iterator[str]:
    if delta.model_before != delta.model_after:
        yield (
            f"The model changed: {delta.model_before} -> {delta.model_after}; what follows may "
            "come from the model as well as from the code."
        )
    if delta.scenario_before != delta.scenario_after:
        yield f"Scenario: {delta.scenario_before or '?'} -> {delta.scenario_after or '?'}"
    for name in delta.added:
        yield f"+ component {plain(name)}"
    for name in delta.removed:
        yield f"- component {plain(name)}"
    for verdict in delta.verdicts:
        yield (
            f"{plain(verdict.component)}: {wording.KINDS[verdict.before]} "
            f"({verdict.firmness_before}) -> {wording.KINDS[verdict.after]} "
            f"({verdict.firmness_after}): {plain(verdict.title)}"
        )
    for lean in delta.leans:
        yield f"{plain(lean.component)}: lean {_lean(lean.before)} -> {_lean(lean.after)}"
    for signal in delta.signals:
        yield (
            f"{plain(signal.component)}: {signal.signal} {wording.share(signal.before)} -> "
            f"{wording.share(signal.after)}"
        )
    for practice in delta.practice:
        yield (
            f"{plain(practice.component)}: {practice.before} -> {practice.after} "
            f"{plain(practice.says)}"
        )
    yield from _findings("introduced", delta.introduced, delta.introduced_by_rule)
    yield from _findings("fixed", delta.fixed, delta.fixed_by_rule)


def _findings(title: str, rows: tuple[Row, ...], by_rule: dict[str, int]) -> Iterator[str]:
    if not rows:
        return
    rules = ", ".join(f"{count} {rule}" for rule, count in by_rule.items())
    yield f"{len(rows)} findings {title}: {rules}"
    for row in rows[:_SHOWN]:
        yield f"  {row.severity} {row.rule} {plain(row.path)}:{row.line} {plain(row.message)}"
    if len(rows) > _SHOWN:
        yield f"  and {len(rows) - _SHOWN} more"


def _lean(lean: Lean | None) -> str:
    if lean is None:
        return "?"
    numbers = (wording.lean_number(n) for n in (lean.value, lean.low, lean.high))
    value, low, high = numbers
    return f"{value} ({low} to {high})"
