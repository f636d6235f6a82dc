"""Modules that import each other, directly or through others.

Why it matters: none of them can be understood, tested, moved or loaded alone; in Node.js one of
them sees the other half-initialised, depending on which is imported first. Where each uses the
others' exports only later, inside functions, no order of loading breaks them: a note.
What to do: move what both need into a third module, or turn one import into a parameter or an
interface. The finding shows the shortest cycle of its strongly connected component.
Guide: structure is what keeps long-running services easy to reason about (L114, L141).
"""

from __future__ import annotations

from collections.abc import Iterator

from archlint.model.finding import Confidence, Report, Severity
from archlint.program.architecture import Cycle, cycles
from archlint.program.architecture.graph import edge_hop, edge_place, role_of
from archlint.program.program import Program
from archlint.rules.registry import rule

_SHOWN = 8


@rule(
    "import-cycle",
    severity=Severity.WARNING,
    confidence=Confidence.HIGH,
    languages=("javascript", "typescript"),
    needs="modules",
)
def import_cycle(program: Program) -> Iterator[Report]:
    """One report a strongly connected component; a note where nothing is used at load."""
    for cycle in cycles(program):
        if any(role_of(program, module) == "production" for module in cycle.modules):
            yield _report(program, cycle)


def _report(program: Program, cycle: Cycle) -> Report:
    place = edge_place(program, cycle.edges[0])
    component = program.component(place.path)
    way = [edge.source for edge in cycle.edges]
    shown = [*way[:_SHOWN], *(["…"] if len(way) > _SHOWN else []), way[0]]
    more = len(cycle.modules) - len(way)
    rest = f" ({len(cycle.modules)} modules import each other in circles)" if more else ""
    return Report(
        location=place,
        message=f"import cycle: {' -> '.join(shown)}{rest}{_when(cycle)}",
        key=" ".join(sorted(way)),
        severity=None if cycle.read else Severity.NOTE,
        trace=tuple(edge_hop(program, edge) for edge in cycle.edges),
        component=component.name if component else "",
        evidence={"modules": len(cycle.modules), "length": len(way)},
    )


def _when(cycle: Cycle) -> str:
    """When the modules need each other."""
    if cycle.lazy:
        return "; the circle is closed by imports inside functions"
    if cycle.read is None:
        return "; all use each other inside functions only, so no order of loading breaks them"
    edge, name = cycle.read
    return f"; {edge.source} uses {name} of {edge.target} while it is loaded" if name else ""
