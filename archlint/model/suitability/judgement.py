"""What the evidence comes to: leans, candidates, the verdict and what would change it."""

from __future__ import annotations

from typing import Literal

from archlint.model.suitability.evidence import (
    Band,
    Evidence,
    Firmness,
    Practice,
    Record,
    Signal,
    Status,
    VerdictKind,
)


class Lean(Record, frozen=True, kw_only=True):
    """A lean with its interval; ``coverage`` is the share of evidence weight that was observed."""

    value: float
    low: float
    high: float
    coverage: float
    band: Band


class Dimension(Record, frozen=True, kw_only=True):
    """One dimension: the lean of its signals beside its practice ratios."""

    id: str
    title: str
    weight: float
    lean: float | None
    coverage: float
    signals: tuple[Signal, ...] = ()
    practice: tuple[Practice, ...] = ()


class Candidate(Record, frozen=True, kw_only=True):
    """A part that could be taken out, with the numbers that decide its priority.

    ``effort`` is S, M or L. ``functions`` names the most important ones.
    """

    name: str
    modules: tuple[str, ...]
    functions: tuple[str, ...]
    lines: int
    exports_used: int
    cohesion: float
    json_able: float
    shared_state: float
    separability: float
    demand_share: float
    entry_points: int
    priority: float
    effort: Literal["S", "M", "L"]
    evidence: tuple[Evidence, ...] = ()


class Outcome(Record, frozen=True, kw_only=True):
    """A possible verdict and the share of runs that gave it.

    "fits" counts apart for each band of the lean: that either runtime would do is part of it.
    """

    verdict: VerdictKind
    share: float
    band: Band | Literal[""] = ""


class Sweep(Record, frozen=True, kw_only=True):
    """What one possible answer to an open question would do to the verdict."""

    question: str
    value: str
    verdict: VerdictKind
    lean: float
    flips: bool


class Flip(Record, frozen=True, kw_only=True):
    """An unknown that could change the verdict: observed at ``value`` it would be ``verdict``."""

    signal: str
    value: float
    verdict: VerdictKind


class Fixes(Record, frozen=True, kw_only=True):
    """The smallest set of fixes that would change the verdict; empty when no set was found."""

    verdict: VerdictKind
    fixes: tuple[str, ...]


class Sensitivity(Record, frozen=True, kw_only=True):
    """How much the verdict depends on weights, reliabilities and open questions."""

    runs: int
    seed: int
    stability: float
    outcomes: tuple[Outcome, ...]
    lean_p05: float
    lean_p95: float
    sweeps: tuple[Sweep, ...] = ()
    fixes: Fixes | None = None
    flips: tuple[Flip, ...] = ()


class Verdict(Record, frozen=True, kw_only=True):
    """The verdict of the decision list: ``step`` is the rule's number in it.

    ``stepped_down_from`` names the stronger verdict that the guard against over-claiming withheld.
    """

    kind: VerdictKind
    title: str
    reason: str
    step: int
    firmness: Firmness
    stability: float
    subject: str = ""
    stepped_down_from: str = ""
    step_down_reason: str = ""
    remedies: tuple[str, ...] = ()
    measure: tuple[str, ...] = ()
    changes: tuple[str, ...] = ()


class ChecklistItem(Record, frozen=True, kw_only=True):
    """One statement of the guide, filled in: its evidence, or the question it needs."""

    id: str
    section: str
    line: int
    statement: str
    leans: str
    status: Status
    note: str = ""
    question: str = ""
    evidence: tuple[Evidence, ...] = ()


class Scenario(Record, frozen=True, kw_only=True):
    """One of the guide's five scenarios and how far its marks are met by this component."""

    id: str
    title: str
    lines: tuple[int, int]
    leans: str
    chosen: bool
    conclusion: str
    items: tuple[ChecklistItem, ...]
