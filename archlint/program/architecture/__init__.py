"""The shape of the module graph: cycles, metrics and contracts."""

from archlint.program.architecture.contracts import Violation, evaluate, stale_ignores
from archlint.program.architecture.cycles import Cycle, cycles
from archlint.program.architecture.graph import inner_graph, runtime_edges
from archlint.program.architecture.groups import Groups, groups
from archlint.program.architecture.metrics import ModuleMetrics, metrics

__all__ = [
    "Cycle",
    "Groups",
    "ModuleMetrics",
    "Violation",
    "cycles",
    "evaluate",
    "groups",
    "inner_graph",
    "metrics",
    "runtime_edges",
    "stale_ignores",
]
