"""From reports to findings: severity, suppressions, fingerprints, baseline and deltas."""

from archlint.triage.baseline import (
    Baseline,
    of_findings,
    read_baseline,
    write_baseline,
)
from archlint.triage.delta import Delta, delta
from archlint.triage.match import Tree
from archlint.triage.meta import META_RULES
from archlint.triage.triage import Ran, accepted, shown, triage

__all__ = [
    "META_RULES",
    "Baseline",
    "Delta",
    "Ran",
    "Tree",
    "accepted",
    "delta",
    "of_findings",
    "read_baseline",
    "shown",
    "triage",
    "write_baseline",
]
