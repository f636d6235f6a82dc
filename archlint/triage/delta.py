"""The difference between two runs: what a change introduced, and what it fixed."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

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


class Delta(msgspec.Struct, frozen=True):
    """Findings of the new side that are new or graver, and of the old side that are gone or graver.

    A finding that only moved is in neither; one that was only silenced is not fixed.
    """

    introduced: tuple[Finding, ...] = ()
    fixed: tuple[Finding, ...] = ()


def delta(old: Sequence[Finding], new: Sequence[Finding], before: Tree, now: Tree) -> Delta:
    """Compare two sides."""
    pairs = pair([known(f) for f in old], [known(f) for f in new], now, before)
    introduced = [
        finding
        for i, finding in enumerate(new)
        if not finding.suppressed and (i not in pairs or _worse(old[pairs[i]], finding))
    ]
    better = {was for i, was in pairs.items() if weight(old[was]) < weight(new[i])}
    kept = set(pairs.values()) - better
    fixed = [f for i, f in enumerate(old) if i not in kept and not f.suppressed]
    return Delta(tuple(introduced), tuple(fixed))


def _worse(was: Finding, now: Finding) -> bool:
    return was.suppressed or weight(now) < weight(was)


def weight(finding: Finding) -> tuple[int, int]:
    """How grave a finding is, the gravest first: its severity, then its context."""
    return finding.severity.rank, _WEIGHT.index(finding.context)
