"""The suitability model and the guide's statements as typed data; the numbers live in the TOML."""

from __future__ import annotations

from functools import cache
from typing import Literal

import msgspec

from archlint.knowledge.tables import table

ALL_RUNTIMES = ("node", "go")
ALL_KINDS = ("service", "worker", "cli", "library")


class _Entry(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Base of the tables' entries; an unknown key in the data is an error."""


class Thresholds(_Entry, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Where the decision list switches; shares, leans and counts."""

    band: float
    min_coverage: float
    min_resolved: float
    mismatch_cpu: float
    mismatch_candidates: float
    extract_priority: float
    isolate_share: float
    strong_stability: float
    strong_sites: int
    strong_files: int
    firm: float
    leaning: float
    dynamic_cap: float


class SensitivityPlan(_Entry, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How the seeded runs move weights and values."""

    runs: int
    seed: int
    weight_octaves: float
    value_jitter: float


class DimensionSpec(_Entry, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A dimension of the code lean with its weight."""

    title: str
    weight: float


class SignalSpec(_Entry, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A structural signal: direction, weight, best reliability and where it applies."""

    dimension: str
    direction: Literal["go", "node", "bipolar"]
    weight: float
    reliability: Literal["high", "medium", "low"]
    guide: tuple[int, ...]
    title: str
    runtimes: tuple[str, ...] = ALL_RUNTIMES
    kinds: tuple[str, ...] = ALL_KINDS


class PracticeSpec(_Entry, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A ratio of things in order, and what the report calls it."""

    dimension: str
    guide: tuple[int, ...]
    title: str
    node_says: str
    go_says: str
    node_rules: tuple[str, ...] = ()
    go_rules: tuple[str, ...] = ()
    runtimes: tuple[str, ...] = ALL_RUNTIMES

    def rules(self, runtime: str) -> tuple[str, ...]:
        """The rules whose findings are its defects."""
        return self.go_rules if runtime == "go" else self.node_rules


class QuestionSpec(_Entry, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A question with its values and what each says in its context dimension."""

    dimension: str
    weight: float
    guide: tuple[int, ...]
    text: str
    values: tuple[str, ...]
    labels: tuple[str, ...]
    leans: tuple[float, ...]


class Texts(_Entry, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A text, or lines, per runtime."""

    node: str
    go: str


class TextLists(_Entry, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Lines per runtime."""

    node: tuple[str, ...]
    go: tuple[str, ...]


class Scale(_Entry, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Where a count begins to say something (0) and where it says all it can (1)."""

    low: float
    high: float


class Model(_Entry, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The whole model file."""

    version: str
    date: str
    source: str
    thresholds: Thresholds
    reliability: dict[str, float]
    sensitivity: SensitivityPlan
    dimensions: dict[str, DimensionSpec]
    context_dimensions: dict[str, float]
    signals: dict[str, SignalSpec]
    practice: dict[str, PracticeSpec]
    scenarios: dict[str, dict[str, float]]
    questions: dict[str, QuestionSpec]
    verdicts: dict[str, Texts]
    remedies: TextLists
    measure: TextLists
    scales: dict[str, Scale]


class Limit(_Entry, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Something the guide leaves open, and that the report therefore states."""

    lines: tuple[int, ...]
    text: str


class Statement(_Entry, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One statement of the guide and what can fill it in."""

    id: str
    line: int
    leans: str
    statement: str
    section: str = ""
    evidence: tuple[str, ...] = ()
    question: str = ""
    when: tuple[str, ...] = ()


class ScenarioText(_Entry, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One of the guide's scenarios with its statements."""

    id: str
    title: str
    lines: tuple[int, int]
    leans: str
    conclusion: str
    items: tuple[Statement, ...]


class Guide(_Entry, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The guide's checklist and scenarios in our own words."""

    source: str
    date: str
    limits: tuple[Limit, ...]
    checklist: tuple[Statement, ...]
    scenarios: tuple[ScenarioText, ...]


class Effect(_Entry, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What calls below one of ``names`` do.

    ``kind``: cpu, db, http, queue, cache, file, net, mail, connection, offload, parallel, stream or
    payload. ``where`` says where CPU work runs: loop (the calling thread) or pool (a thread
    pool, worker or other process). ``words`` is what the report calls it.
    ``classes`` have the effect whatever module they come from (generated clients).
    """

    kind: str
    names: tuple[str, ...]
    words: str = ""
    reliability: Literal["high", "medium", "low"] = "high"
    where: Literal["loop", "pool"] = "loop"
    classes: tuple[str, ...] = ()


class Effects(_Entry, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What outside APIs do, per runtime, and the packages that only their presence tells of."""

    source: str
    date: str
    node: tuple[Effect, ...]
    go: tuple[Effect, ...]
    frameworks: dict[str, tuple[str, ...]]
    monitors: dict[str, tuple[str, ...]]
    loggers: dict[str, tuple[str, ...]]
    batch: dict[str, tuple[str, ...]]
    managed: tuple[str, ...]
    interface: tuple[str, ...]
    row_methods: frozenset[str]
    """Methods of arrays, texts and dates: called on what a client gave, they are no work of it."""


@cache
def load_model() -> Model:
    """The suitability model."""
    return table("suitability/model.toml", Model)


@cache
def load_guide() -> Guide:
    """The guide's statements."""
    return table("suitability/guide.toml", Guide)


@cache
def load_effects() -> Effects:
    """What outside APIs do."""
    return table("suitability/effects.toml", Effects)
