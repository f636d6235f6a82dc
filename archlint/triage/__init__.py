"""From reports to findings: severity, suppressions, fingerprints, baseline and deltas."""

from archlint.triage.baseline import Baseline, read_baseline, write_baseline
from archlint.triage.delta import Delta, delta
from archlint.triage.meta import META_RULES
from archlint.triage.triage import Ran, shown, triage

__all__ = [
    "META_RULES",
    "Baseline",
    "Delta",
    "Ran",
    "delta",
    "read_baseline",
    "shown",
    "triage",
    "write_baseline",
]
