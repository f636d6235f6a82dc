"""What the code says: evidence, the signals it adds up to, and practices."""

from __future__ import annotations

from typing import Literal

import msgspec

from archlint.model.finding import Hop

Band = Literal["node", "either", "go"]
Firmness = Literal["firm", "leaning", "contested"]
VerdictKind = Literal[
    "insufficient-evidence",
    "mismatch",
    "extract",
    "isolate",
    "fits-with-changes",
    "fits",
    "reconsider",
    "not-assessed",
]
Direction = Literal["go", "node", "bipolar"]
Status = Literal["supported", "contradicted", "mixed", "unknown", "question", "not-applicable"]


class Record(msgspec.Struct, frozen=True, kw_only=True):
    """Base of the report's records."""


class Answer(Record, frozen=True, kw_only=True):
    """One answered question about the context; ``value`` is one of the question's values."""

    value: str
    rationale: str = ""
    source: str = ""
    date: str = ""


class Frame(Record, frozen=True, kw_only=True):
    """A piece of source: ``lines`` from line ``start`` on; ``mark`` is the line that matters."""

    start: int
    mark: int
    lines: tuple[str, ...]


class Evidence(Record, frozen=True, kw_only=True):
    """One place in the code that speaks for something: where, how it is reached, what it says.

    ``leans`` is "node", "go" or "" (practice); ``guide`` are line numbers of the guide;
    ``finding`` is the fingerprint of the finding that says the same, "" for none.
    """

    signal: str
    text: str
    path: str
    line: int
    leans: str = ""
    reliability: str = "high"
    trace: tuple[Hop, ...] = ()
    guide: tuple[int, ...] = ()
    entry_points: int = 0
    frame: Frame | None = None
    finding: str = ""


class Signal(Record, frozen=True, kw_only=True):
    """One structural signal: ``value`` in [0, 1], None when it could not be observed.

    ``contribution`` is what it adds to its dimension's lean (before division by the moments).
    ``k`` of ``n`` is the count behind the value where there is one.
    """

    id: str
    dimension: str
    direction: Direction
    weight: float
    reliability: float
    value: float | None
    applicable: bool = True
    k: int | None = None
    n: int | None = None
    says: str = ""
    why_unknown: str = ""
    guide: tuple[int, ...] = ()
    moment: float = 0.0
    contribution: float = 0.0
    evidence: tuple[Evidence, ...] = ()


class Practice(Record, frozen=True, kw_only=True):
    """Fixable defects of one kind: ``k`` of ``n`` are in order; None where it cannot be counted.

    ``smoothed`` is (k + .5) / (n + 1). ``on_request_path`` counts the defects a request can meet,
    ``met_rules`` names their rules.
    """

    id: str
    dimension: str
    says: str
    k: int | None = None
    n: int | None = None
    smoothed: float | None = None
    defects: int | None = None
    on_request_path: int = 0
    why_unknown: str = ""
    guide: tuple[int, ...] = ()
    rules: tuple[str, ...] = ()
    met_rules: tuple[str, ...] = ()
    evidence: tuple[Evidence, ...] = ()
