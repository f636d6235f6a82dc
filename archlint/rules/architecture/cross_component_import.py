"""A file imports another package's source by its path.

Why it matters: it goes past what that package exports and declares: a moved file breaks others, the
dependency is in no manifest, and a build or image of one package silently needs the other's folder.
What to do: declare the package as a (workspace) dependency and import it by name; export what is
needed.
Guide: structure is what keeps long-running services easy to reason about (L114, L141).
"""

from __future__ import annotations

from collections.abc import Iterator

from archlint.model.finding import Confidence, Report, Severity
from archlint.model.workspace import Package
from archlint.program.architecture.graph import edge_hop, edge_place
from archlint.program.dependencies.uses import uses
from archlint.program.program import ModuleEdge, Program
from archlint.rules.registry import rule

_SHOWN = frozenset({"production"})


@rule(
    "cross-component-import",
    severity=Severity.WARNING,
    confidence=Confidence.HIGH,
    languages=("javascript", "typescript"),
    needs="modules",
)
def cross_component_import(program: Program) -> Iterator[Report]:
    """One report a pair of packages, at the first import, with the number of others."""
    owners = uses(program)
    pairs: dict[tuple[str, str], list[ModuleEdge]] = {}
    for linked in program.linked:
        for edge in linked.modules:
            path = edge.path or edge.source
            if edge.kind == "computed" or edge.target not in program.files:
                continue
            if not edge.specifier.startswith("."):
                continue
            if program.roles.get(path) not in _SHOWN or program.files[path].language == "go":
                continue
            one, two = owners.owner(path), owners.owner(edge.target)
            if one is not None and two is not None and one.root != two.root and two.name:
                pairs.setdefault((one.path, two.path), []).append(edge)
    packages = {package.path: package for package in program.workspace.packages}
    for (one_path, two_path), edges in sorted(pairs.items()):
        yield _report(program, packages[one_path], packages[two_path], edges)


def _report(program: Program, one: Package, two: Package, edges: list[ModuleEdge]) -> Report:
    first = min(edges, key=lambda edge: (edge.path or edge.source, edge.at))
    place = edge_place(program, first)
    component = program.component(place.path)
    more = f" (and {len(edges) - 1} more imports)" if len(edges) > 1 else ""
    types = all(edge.type_only for edge in edges)
    return Report(
        location=place,
        message=f"{one.name or one.path} imports {first.target} of {two.name} by path{more}",
        key=two.name,
        severity=Severity.NOTE if types else None,
        trace=(edge_hop(program, first),),
        component=component.name if component else "",
        evidence={"imports": len(edges)},
    )
