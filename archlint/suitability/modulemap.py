"""The module map: folders of source, the imports between them, their layers and cycles."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from posixpath import dirname

import networkx as nx

from archlint.model.finding import Finding
from archlint.model.suitability import MapEdge, MapNode, ModuleMap
from archlint.program.program import Program

MOST_NODES = 48
MOST_EDGES = 160
_SHOWN = {"production", "generated"}


def module_map(
    program: Program, findings: Iterable[Finding], cpu_paths: Iterable[str]
) -> ModuleMap:
    """The weightiest modules, deep folders folded into their parents until few enough are left."""
    paths = sorted(p for p in program.files if program.roles.get(p, "production") in _SHOWN)
    folder = _folders(paths)
    counts = _imports(program, folder)
    files = Counter(folder[path] for path in paths)
    lines: Counter[str] = Counter()
    for path in paths:
        lines[folder[path]] += program.files[path].lines
    weight = {name: lines[name] for name in files}
    kept = sorted(weight, key=lambda name: (-weight[name], name))[:MOST_NODES]
    graph: nx.DiGraph[str] = nx.DiGraph()
    graph.add_nodes_from(sorted(kept))
    graph.add_edges_from(sorted(pair for pair in counts if set(pair) <= set(kept)))
    ranks, cyclic = _layers(graph)
    heat = Counter(folder[f.location.path] for f in findings if f.location.path in folder)
    cpu = Counter(folder[path] for path in cpu_paths if path in folder)
    nodes = tuple(
        MapNode(
            id=name,
            component=_component(program, name, folder),
            files=files[name],
            lines=lines[name],
            rank=ranks[name],
            heat=heat[name],
            cpu=cpu[name],
            in_cycle=name in cyclic,
        )
        for name in sorted(kept)
    )
    edges = sorted(graph.edges, key=lambda pair: (-counts[pair], pair))[:MOST_EDGES]
    return ModuleMap(
        nodes=nodes,
        edges=tuple(
            MapEdge(
                source=a,
                target=b,
                count=counts[a, b],
                cycle=a in cyclic and cyclic.get(a) == cyclic.get(b),
            )
            for a, b in sorted(edges)
        ),
        hidden=len(weight) - len(kept),
    )


def _folders(paths: list[str]) -> dict[str, str]:
    """Each file's module: its folder, cut to the depth at which few enough folders are left."""
    depth = 7
    while True:
        found = {path: "/".join(dirname(path).split("/")[:depth]) for path in paths}
        if depth <= 1 or len(set(found.values())) <= MOST_NODES:
            return found
        depth -= 1


def _imports(program: Program, folder: dict[str, str]) -> Counter[tuple[str, str]]:
    """Imports between modules; a Go package folder is found by any file in it."""
    packages = {dirname(path): name for path, name in folder.items()}
    counts: Counter[tuple[str, str]] = Counter()
    for linked in program.linked:
        for edge in linked.modules:
            if edge.type_only or not edge.target:
                continue
            source = folder.get(edge.source) or packages.get(edge.source)
            target = folder.get(edge.target) or packages.get(edge.target)
            if source is not None and target is not None and source != target:
                counts[source, target] += 1
    return counts


def _layers(graph: nx.DiGraph[str]) -> tuple[dict[str, int], dict[str, int]]:
    """The layer of each module (cycles share one) and, of modules on a cycle, which cycle."""
    condensed = nx.condensation(graph)
    ranks: dict[str, int] = {}
    cyclic: dict[str, int] = {}
    for layer, parts in enumerate(nx.topological_generations(condensed)):
        for part in parts:
            members = condensed.nodes[part]["members"]
            for name in members:
                ranks[name] = layer
                if len(members) > 1:
                    cyclic[name] = part
    return ranks, cyclic


def _component(program: Program, name: str, folder: dict[str, str]) -> str:
    path = next(path for path, module in folder.items() if module == name)
    owner = program.component(path)
    return owner.name if owner else ""
