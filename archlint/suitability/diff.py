"""What moved between two reports."""

from __future__ import annotations

from collections import Counter

from archlint.model.delta import Delta, LeanMove, PracticeMove, SignalMove, VerdictMove
from archlint.model.suitability import Practice, Row, SuitabilityReport, Unit


def compare(before: SuitabilityReport, after: SuitabilityReport) -> Delta:
    """Everything that differs; a change of model is said first, for it may move everything else."""
    old = {unit.component.name: unit for unit in before.units}
    new = {unit.component.name: unit for unit in after.units}
    both = sorted(old.keys() & new.keys())
    gone = {row.fingerprint: row for row in before.findings}
    come = {row.fingerprint: row for row in after.findings}
    return Delta(
        model_before=before.model.version,
        model_after=after.model.version,
        scenario_before=before.model.scenario,
        scenario_after=after.model.scenario,
        added=tuple(sorted(new.keys() - old.keys())),
        removed=tuple(sorted(old.keys() - new.keys())),
        verdicts=tuple(m for name in both for m in _verdict(name, old[name], new[name])),
        leans=tuple(m for name in both for m in _lean(name, old[name], new[name])),
        signals=tuple(m for name in both for m in _signals(name, old[name], new[name])),
        practice=tuple(m for name in both for m in _practice(name, old[name], new[name])),
        introduced=tuple(row for key, row in come.items() if key not in gone),
        fixed=tuple(row for key, row in gone.items() if key not in come),
        introduced_by_rule=_by_rule(come, gone),
        fixed_by_rule=_by_rule(gone, come),
    )


def _by_rule(some: dict[str, Row], others: dict[str, Row]) -> dict[str, int]:
    counts = Counter(row.rule for key, row in some.items() if key not in others)
    return dict(sorted(counts.items()))


def _verdict(name: str, old: Unit, new: Unit) -> list[VerdictMove]:
    a, b = old.verdict, new.verdict
    if (a.kind, a.subject, a.firmness) == (b.kind, b.subject, b.firmness):
        return []
    return [
        VerdictMove(
            component=name,
            before=a.kind,
            after=b.kind,
            firmness_before=a.firmness,
            firmness_after=b.firmness,
            title=b.title,
        )
    ]


def _lean(name: str, old: Unit, new: Unit) -> list[LeanMove]:
    if old.lean == new.lean:
        return []
    return [LeanMove(component=name, before=old.lean, after=new.lean)]


def _signals(name: str, old: Unit, new: Unit) -> list[SignalMove]:
    before = {s.id: s for part in old.dimensions for s in part.signals}
    after = {s.id: s for part in new.dimensions for s in part.signals}
    return [
        SignalMove(
            component=name,
            signal=key,
            before=before[key].value,
            after=after[key].value,
            says=after[key].says,
        )
        for key in sorted(before.keys() & after.keys())
        if before[key].value != after[key].value
    ]


def _practice(name: str, old: Unit, new: Unit) -> list[PracticeMove]:
    before = {p.id: p for part in old.dimensions for p in part.practice}
    after = {p.id: p for part in new.dimensions for p in part.practice}
    moves = []
    for key in sorted(before.keys() & after.keys()):
        a, b = _ratio(before[key]), _ratio(after[key])
        if a != b:
            moves.append(
                PracticeMove(component=name, practice=key, before=a, after=b, says=after[key].says)
            )
    return moves


def _ratio(practice: Practice) -> str:
    if practice.k is None or practice.n is None:
        return "?"
    return f"{practice.k} of {practice.n}"
