"""Fan-in, fan-out and instability of modules and of groups of modules."""

from __future__ import annotations

import msgspec

from archlint.program.architecture.graph import inner_graph, role_of
from archlint.program.digraph import Digraph
from archlint.program.program import Program


class ModuleMetrics(msgspec.Struct, frozen=True, order=True):
    """How a module hangs together with the others of the repo.

    ``fan_in`` counts modules that import it, ``fan_out`` modules that it imports; ``instability``
    is fan-out over both (Martin): 0 is what everything rests on, 1 what rests on everything.
    """

    module: str
    fan_in: int
    fan_out: int

    @property
    def instability(self) -> float:
        """Between 0 (stable) and 1 (unstable)."""
        total = self.fan_in + self.fan_out
        return self.fan_out / total if total else 0.0


def metrics(program: Program) -> dict[str, ModuleMetrics]:
    """The metrics of every production module, imports at run time only; tests do not count."""
    return program.once(_metrics)


def _metrics(program: Program) -> dict[str, ModuleMetrics]:
    graph = inner_graph(program)
    kept = [node for node in graph if role_of(program, node) == "production"]
    return graph_metrics(graph.subgraph(kept))


def graph_metrics(graph: Digraph[str]) -> dict[str, ModuleMetrics]:
    """The metrics of every node of a graph, sorted by name."""
    return {
        node: ModuleMetrics(node, graph.in_degree(node), graph.out_degree(node))
        for node in sorted(graph)
    }
