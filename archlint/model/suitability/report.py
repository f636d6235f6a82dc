"""The whole report as plain data, and its canonical JSON."""

from __future__ import annotations

import json
from typing import Any

import msgspec

from archlint.model.finding import ComponentInfo, Coverage, Hop, RuleInfo, Skip
from archlint.model.schema import published_schema
from archlint.model.suitability.evidence import Evidence, Frame, Record
from archlint.model.suitability.judgement import (
    Candidate,
    ChecklistItem,
    Dimension,
    Lean,
    Scenario,
    Sensitivity,
    Verdict,
)
from archlint.model.suitability.questions import Cadence, Question


class Unit(Record, frozen=True, kw_only=True):
    """One component's suitability; ``None`` parts belong to components that are not assessed.

    ``contested`` names what the guide says both ways and what is therefore never scored.
    ``counted`` is how many entry points the verdict counts: those of "k of n entry points".
    """

    component: ComponentInfo
    coverage: Coverage
    verdict: Verdict
    counted: int = 0
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


class Row(Record, frozen=True, kw_only=True):
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


class RowRelated(Record, frozen=True, kw_only=True):
    """Another place that belongs to a finding."""

    path: str
    line: int
    message: str


class MapNode(Record, frozen=True, kw_only=True):
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


class MapEdge(Record, frozen=True, kw_only=True):
    """Imports from one module to another: how many, and whether they lie on a cycle."""

    source: str
    target: str
    count: int
    cycle: bool = False


class ModuleMap(Record, frozen=True, kw_only=True):
    """The components' modules and the imports between them, cut to the weightiest."""

    nodes: tuple[MapNode, ...] = ()
    edges: tuple[MapEdge, ...] = ()
    hidden: int = 0


class Parameters(Record, frozen=True, kw_only=True):
    """The model as the report prints it: its version, weights and thresholds."""

    version: str
    date: str
    weights: dict[str, float]
    thresholds: dict[str, float]
    reliability: dict[str, float]
    signal_weights: dict[str, float]
    scenario: str = ""


class Tool(Record, frozen=True, kw_only=True):
    """What made the report."""

    name: str
    version: str


class Origin(Record, frozen=True, kw_only=True):
    """Where the code is from: the folder's name, its host's page and revision, "" if unknown."""

    name: str
    remote: str = ""
    revision: str = ""
    blob: str = ""


class SuitabilityReport(Record, frozen=True, kw_only=True):
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
