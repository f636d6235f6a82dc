"""The suitability report as plain data: the canonical JSON from which every other form renders.

Shares and reliabilities lie in [0, 1]; a lean lies in [-1 Node.js, +1 Go]. ``None`` is "unknown"
throughout and is shown as ``?``: an unknown is never a zero.
"""

from __future__ import annotations

from archlint.model.suitability.evidence import (
    Answer,
    Band,
    Direction,
    Evidence,
    Firmness,
    Frame,
    Practice,
    Signal,
    Status,
    VerdictKind,
)
from archlint.model.suitability.judgement import (
    Candidate,
    ChecklistItem,
    Dimension,
    Fixes,
    Flip,
    Lean,
    Outcome,
    Scenario,
    Sensitivity,
    Sweep,
    Verdict,
)
from archlint.model.suitability.questions import Cadence, Hint, Question
from archlint.model.suitability.report import (
    MapEdge,
    MapNode,
    ModuleMap,
    Origin,
    Parameters,
    Row,
    RowRelated,
    SuitabilityReport,
    Tool,
    Unit,
    decode_report,
    encode_report,
    report_schema,
)

__all__ = [
    "Answer",
    "Band",
    "Cadence",
    "Candidate",
    "ChecklistItem",
    "Dimension",
    "Direction",
    "Evidence",
    "Firmness",
    "Fixes",
    "Flip",
    "Frame",
    "Hint",
    "Lean",
    "MapEdge",
    "MapNode",
    "ModuleMap",
    "Origin",
    "Outcome",
    "Parameters",
    "Practice",
    "Question",
    "Row",
    "RowRelated",
    "Scenario",
    "Sensitivity",
    "Signal",
    "Status",
    "SuitabilityReport",
    "Sweep",
    "Tool",
    "Unit",
    "Verdict",
    "VerdictKind",
    "decode_report",
    "encode_report",
    "report_schema",
]
