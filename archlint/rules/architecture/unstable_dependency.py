"""A module that much rests on imports one that rests on much and on which little rests.

Why it matters: dependencies should point to what changes less (Martin's stable dependencies
principle); here each change of the unstable module may shake everything above the stable one.
What to do: put an interface or a smaller stable module between them, or move what is needed down.
Guide: structure is what keeps long-running services easy to reason about (L114, L141).
"""

from __future__ import annotations

from collections.abc import Iterator

from archlint.model.finding import Confidence, Report, Severity
from archlint.program.architecture import ModuleMetrics, inner_graph, metrics
from archlint.program.architecture.graph import edge_hop, edge_place
from archlint.program.architecture.groups import group_graph
from archlint.program.architecture.metrics import graph_metrics
from archlint.program.digraph import Digraph
from archlint.program.program import ModuleEdge, Program
from archlint.rules.registry import rule

STABLE, UNSTABLE = 0.25, 0.75
"""Instability at most and at least."""
GROUPS_REST, PACKAGES_REST = 3, 8
"""Others that must rest on the stable one, and on which the unstable one must rest."""


@rule(
    "unstable-dependency",
    severity=Severity.NOTE,
    confidence=Confidence.MEDIUM,
    languages=("javascript", "typescript", "go"),
    needs="modules",
)
def unstable_dependency(program: Program) -> Iterator[Report]:
    """One report a pair of components, or of Go packages, at the first import."""
    groups = group_graph(program)
    yield from _judge(program, groups, graph_metrics(groups), GROUPS_REST)
    inner = inner_graph(program)
    table = {name: m for name, m in metrics(program).items() if name not in program.files}
    yield from _judge(program, inner, table, PACKAGES_REST)


def _judge(
    program: Program, graph: Digraph[str], table: dict[str, ModuleMetrics], rest: int
) -> Iterator[Report]:
    for module, stable in table.items():
        if stable.fan_in < rest or stable.instability > STABLE:
            continue
        for target in sorted(graph.adj[module]):
            other = table.get(target)
            if other and other.fan_out >= rest and other.instability >= UNSTABLE:
                yield _report(program, stable, other, graph.edges[module, target]["edges"][0])


def _report(
    program: Program, stable: ModuleMetrics, other: ModuleMetrics, edge: ModuleEdge
) -> Report:
    place = edge_place(program, edge)
    component = program.component(place.path)
    return Report(
        location=place,
        message=(
            f"{stable.module} is imported by {stable.fan_in} others, but rests on {other.module}, "
            f"which imports {other.fan_out} itself"
        ),
        key=f"{stable.module} {other.module}",
        trace=(edge_hop(program, edge),),
        component=component.name if component else "",
        evidence={
            "stable": round(stable.instability, 2),
            "unstable": round(other.instability, 2),
        },
    )
