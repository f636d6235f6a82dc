"""What moved between two suitability reports, as plain data."""

from __future__ import annotations

import msgspec

from archlint.model.suitability import Firmness, Lean, Row, VerdictKind


class VerdictMove(msgspec.Struct, frozen=True, kw_only=True):
    """A component whose verdict, its subject or its firmness changed."""

    component: str
    before: VerdictKind
    after: VerdictKind
    firmness_before: Firmness
    firmness_after: Firmness
    title: str


class LeanMove(msgspec.Struct, frozen=True, kw_only=True):
    """A component whose lean or interval changed; None where it had none."""

    component: str
    before: Lean | None
    after: Lean | None


class SignalMove(msgspec.Struct, frozen=True, kw_only=True):
    """A signal whose value changed; None is unknown."""

    component: str
    signal: str
    before: float | None
    after: float | None
    says: str


class PracticeMove(msgspec.Struct, frozen=True, kw_only=True):
    """A practice ratio that changed, as shown (``412 of 430``, ``?``)."""

    component: str
    practice: str
    before: str
    after: str
    says: str


class Delta(msgspec.Struct, frozen=True, kw_only=True):
    """What moved between two reports."""

    model_before: str
    model_after: str
    scenario_before: str
    scenario_after: str
    added: tuple[str, ...]
    removed: tuple[str, ...]
    verdicts: tuple[VerdictMove, ...]
    leans: tuple[LeanMove, ...]
    signals: tuple[SignalMove, ...]
    practice: tuple[PracticeMove, ...]
    introduced: tuple[Row, ...]
    fixed: tuple[Row, ...]
    introduced_by_rule: dict[str, int]
    fixed_by_rule: dict[str, int]
