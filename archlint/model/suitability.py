"""The suitability report as plain data: the canonical JSON from which every other form renders.

Shares and reliabilities lie in [0, 1]; a lean lies in [-1 Node.js, +1 Go]. ``None`` is "unknown"
throughout and is shown as ``?``: an unknown is never a zero.
"""

from __future__ import annotations

import json
from typing import Any, Literal

import msgspec

from archlint.model.finding import ComponentInfo, Coverage, Hop, RuleInfo, Skip
from archlint.model.schema import published_schema

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


class _Data(msgspec.Struct, frozen=True, kw_only=True):
    """Base of the report's records."""


class Answer(_Data, frozen=True, kw_only=True):
    """One answered question about the context; ``value`` is one of the question's values."""

    value: str
    rationale: str = ""
    source: str = ""
    date: str = ""


class Frame(_Data, frozen=True, kw_only=True):
    """A piece of source: ``lines`` from line ``start`` on; ``mark`` is the line that matters."""

    start: int
    mark: int
    lines: tuple[str, ...]


class Evidence(_Data, frozen=True, kw_only=True):
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


class Signal(_Data, frozen=True, kw_only=True):
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


class Practice(_Data, frozen=True, kw_only=True):
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


class Lean(_Data, frozen=True, kw_only=True):
    """A lean with its interval; ``coverage`` is the share of evidence weight that was observed."""

    value: float
    low: float
    high: float
    coverage: float
    band: Band


class Dimension(_Data, frozen=True, kw_only=True):
    """One dimension: the lean of its signals beside its practice ratios."""

    id: str
    title: str
    weight: float
    lean: float | None
    coverage: float
    signals: tuple[Signal, ...] = ()
    practice: tuple[Practice, ...] = ()


class Candidate(_Data, frozen=True, kw_only=True):
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


class Outcome(_Data, frozen=True, kw_only=True):
    """A possible verdict and the share of runs that gave it.

    "fits" counts apart for each band of the lean: that either runtime would do is part of it.
    """

    verdict: VerdictKind
    share: float
    band: Band | Literal[""] = ""


class Sweep(_Data, frozen=True, kw_only=True):
    """What one possible answer to an open question would do to the verdict."""

    question: str
    value: str
    verdict: VerdictKind
    lean: float
    flips: bool


class Flip(_Data, frozen=True, kw_only=True):
    """An unknown that could change the verdict: observed at ``value`` it would be ``verdict``."""

    signal: str
    value: float
    verdict: VerdictKind


class Fixes(_Data, frozen=True, kw_only=True):
    """The smallest set of fixes that would change the verdict; empty when no set was found."""

    verdict: VerdictKind
    fixes: tuple[str, ...]


class Sensitivity(_Data, frozen=True, kw_only=True):
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


class Verdict(_Data, frozen=True, kw_only=True):
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


class ChecklistItem(_Data, frozen=True, kw_only=True):
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


class Scenario(_Data, frozen=True, kw_only=True):
    """One of the guide's five scenarios and how far its marks are met by this component."""

    id: str
    title: str
    lines: tuple[int, int]
    leans: str
    chosen: bool
    conclusion: str
    items: tuple[ChecklistItem, ...]


class Hint(_Data, frozen=True, kw_only=True):
    """A suggested answer to a question, from the code; never applied by itself."""

    question: str
    value: str
    text: str
    evidence: tuple[Evidence, ...] = ()


class Cadence(_Data, frozen=True, kw_only=True):
    """Commits and tagged releases a month, over the last ``months`` months of the git history.

    Counted back from the newest commit; ``unknown`` says why there is no number.
    """

    months: int = 0
    commits: float | None = None
    releases: float | None = None
    unknown: str = ""


class Question(_Data, frozen=True, kw_only=True):
    """An open or answered question about what code cannot tell."""

    id: str
    text: str
    values: tuple[str, ...]
    labels: tuple[str, ...]
    guide: tuple[int, ...]
    answer: Answer | None = None
    hint: Hint | None = None


class Unit(_Data, frozen=True, kw_only=True):
    """One component's suitability; ``None`` parts belong to components that are not assessed.

    ``contested`` names what the guide says both ways and what is therefore never scored.
    """

    component: ComponentInfo
    coverage: Coverage
    verdict: Verdict
    lean: Lean | None = None
    context_lean: Lean | None = None
    dimensions: tuple[Dimension, ...] = ()
    staying: tuple[Evidence, ...] = ()
    moving: tuple[Evidence, ...] = ()
    candidates: tuple[Candidate, ...] = ()
    sensitivity: Sensitivity | None = None
    checklist: tuple[ChecklistItem, ...] = ()
    scenarios: tuple[Scenario, ...] = ()
    limits: tuple[str, ...] = ()


class Row(_Data, frozen=True, kw_only=True):
    """A finding as the report's JSON has it: flat, with the names that ``check`` uses too."""

    rule: str
    severity: str
    confidence: str
    message: str
    path: str
    line: int
    column: int
    end_line: int
    end_column: int
    component: str
    context: str
    trace: tuple[Hop, ...]
    related: tuple[RowRelated, ...]
    fingerprint: str
    suppressed: bool
    advice: str = ""
    entry_points: int = 0
    frame: Frame | None = None


class RowRelated(_Data, frozen=True, kw_only=True):
    """Another place that belongs to a finding."""

    path: str
    line: int
    message: str


class MapNode(_Data, frozen=True, kw_only=True):
    """A module (a folder of files) in the module map; ``heat`` counts findings on it.

    ``rank`` is its layer: 0 for modules that nothing imports; ``cpu`` counts CPU sites.
    """

    id: str
    component: str
    files: int
    lines: int
    rank: int = 0
    heat: int = 0
    cpu: int = 0
    in_cycle: bool = False


class MapEdge(_Data, frozen=True, kw_only=True):
    """Imports from one module to another: how many, and whether they lie on a cycle."""

    source: str
    target: str
    count: int
    cycle: bool = False


class ModuleMap(_Data, frozen=True, kw_only=True):
    """The components' modules and the imports between them, cut to the weightiest."""

    nodes: tuple[MapNode, ...] = ()
    edges: tuple[MapEdge, ...] = ()
    hidden: int = 0


class Parameters(_Data, frozen=True, kw_only=True):
    """The model as the report prints it: its version, weights and thresholds."""

    version: str
    date: str
    weights: dict[str, float]
    thresholds: dict[str, float]
    reliability: dict[str, float]
    signal_weights: dict[str, float]
    scenario: str = ""


class Tool(_Data, frozen=True, kw_only=True):
    """What made the report."""

    name: str
    version: str


class Origin(_Data, frozen=True, kw_only=True):
    """Where the code is from: the folder's name, its host's page and revision, "" if unknown."""

    name: str
    remote: str = ""
    revision: str = ""
    blob: str = ""


class SuitabilityReport(_Data, frozen=True, kw_only=True):
    """The whole report; everything in it is sorted, without clock or absolute path."""

    schema_version: int
    tool: Tool
    origin: Origin
    model: Parameters
    coverage: Coverage
    components: tuple[ComponentInfo, ...]
    units: tuple[Unit, ...]
    findings: tuple[Row, ...]
    skipped: tuple[Skip, ...]
    questions: tuple[Question, ...]
    module_map: ModuleMap
    rules: tuple[RuleInfo, ...] = ()
    cadence: Cadence = Cadence(unknown="no commit was read")


def encode_report(report: SuitabilityReport) -> bytes:
    """The canonical JSON: equal reports give equal bytes, all of them ASCII."""
    plain = msgspec.to_builtins(report)
    return (json.dumps(plain, ensure_ascii=True, indent=1) + "\n").encode("ascii")


def decode_report(data: bytes) -> SuitabilityReport:
    """Read what ``encode_report`` wrote; raises msgspec.DecodeError on anything else."""
    return msgspec.json.decode(data, type=SuitabilityReport)


def report_schema() -> dict[str, Any]:
    """The JSON schema (2020-12) of the canonical JSON."""
    return published_schema("archlint report", SuitabilityReport)
