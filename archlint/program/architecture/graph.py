"""The module graph without what lies outside the repo, or vanishes at run time."""

from __future__ import annotations

from collections.abc import Iterable

from archlint.model.finding import Hop
from archlint.model.location import Location, line_of, locate
from archlint.program.digraph import Digraph
from archlint.program.program import ModuleEdge, Program

OUTSIDE = ("npm:", "node:", "go:")
"""What the names of modules outside the repo start with."""


def is_inside(module: str) -> bool:
    """Whether a node of the module graph is a file or package folder of the repo."""
    return not module.startswith(OUTSIDE)


def written_edges(edges: Iterable[ModuleEdge]) -> list[ModuleEdge]:
    """The imports that say what they import; computed ones name what may be meant, so out."""
    return [edge for edge in edges if edge.kind != "computed"]


def runtime_edges(edges: Iterable[ModuleEdge]) -> list[ModuleEdge]:
    """The written imports that are left after compilation."""
    return [edge for edge in written_edges(edges) if not edge.type_only]


def own_edges(program: Program, edges: Iterable[ModuleEdge]) -> list[ModuleEdge]:
    """The imports of a module itself: a Go package's tests are a package of their own."""
    return [
        edge
        for edge in edges
        if edge.path in {"", edge.source} or program.roles.get(edge.path) != "test"
    ]


def inner_graph(program: Program, *, types: bool = False) -> Digraph[str]:
    """Modules of the repo with their imports of each other; ``types`` keeps type-only ones.

    Each edge carries its ``ModuleEdge`` list as ``edges``; a module's import of itself is left out.
    """
    key = f"architecture.inner.{types}"
    if key not in program.memo:
        program.memo[key] = _inner(program, types)
    graph: Digraph[str] = program.memo[key]
    return graph


def _inner(program: Program, types: bool) -> Digraph[str]:
    graph: Digraph[str] = Digraph()
    kept = written_edges if types else runtime_edges
    for source, below in program.module_graph.adj.items():
        if not is_inside(source):
            continue
        for target, data in below.items():
            if source == target or not is_inside(target):
                continue
            edges = own_edges(program, kept(data["edges"]))
            if edges:
                graph.add_first(source, target, {"edges": edges})
    return graph


def edge_place(program: Program, edge: ModuleEdge) -> Location:
    """Where an import stands."""
    path = edge.path or edge.source
    facts = program.files.get(path)
    return locate(facts, edge.at) if facts else Location(path)


def edge_hop(program: Program, edge: ModuleEdge) -> Hop:
    """An import as a step of a trace."""
    path = edge.path or edge.source
    facts = program.files.get(path)
    return Hop(path, line_of(facts, edge.at) if facts else 1, f"imports {edge.target}")


def role_of(program: Program, module: str) -> str:
    """The role of a module: a file's own, for a Go package the weightiest of its files."""
    if module in program.roles:
        return program.roles[module]
    roles = program.once(_roles).get("" if module == "." else module, {"production"})
    return "production" if "production" in roles else min(roles)


def _roles(program: Program) -> dict[str, set[str]]:
    """The roles of the files in each folder."""
    table: dict[str, set[str]] = {}
    for path, role in program.roles.items():
        table.setdefault(path.rpartition("/")[0], set()).add(role)
    return table
