"""The difference between two runs: what a change introduced, and what it fixed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from archlint.model.finding import Context, Finding
from archlint.triage.match import Tree, known, pair

_WEIGHT = (
    Context.REQUEST,
    Context.BACKGROUND,
    Context.STARTUP,
    Context.CLI,
    Context.UNKNOWN,
    Context.TEST,
    Context.BUILD,
)


@dataclass(frozen=True)
class Delta:
    """Findings of the new side that are new or graver, and of the old side that are gone or graver.

    A finding that only moved is in neither.
    """

    introduced: tuple[Finding, ...]
    fixed: tuple[Finding, ...]


def delta(old: Sequence[Finding], new: Sequence[Finding], before: Tree, now: Tree) -> Delta:
    """Compare two sides; suppressed findings count as absent on their side."""
    old = [f for f in old if not f.suppressed]
    new = [f for f in new if not f.suppressed]
    pairs = pair([known(f) for f in old], [known(f) for f in new], now, before)
    kept = set(pairs.values())
    introduced = [
        f for i, f in enumerate(new) if i not in pairs or weight(f) < weight(old[pairs[i]])
    ]
    better = {was for i, was in pairs.items() if weight(old[was]) < weight(new[i])}
    fixed = [f for i, f in enumerate(old) if i not in kept or i in better]
    return Delta(tuple(introduced), tuple(fixed))


def weight(finding: Finding) -> tuple[int, int]:
    """How grave a finding is, the gravest first: its severity, then its context."""
    return finding.severity.rank, _WEIGHT.index(finding.context)
