"""Import cycles: strongly connected components, each with its shortest cycle."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Set

import msgspec

from archlint.program.architecture.graph import inner_graph
from archlint.program.dependencies.uses import is_erased, uses
from archlint.program.digraph import Digraph, strongly_connected_components
from archlint.program.program import ModuleEdge, Program

_TRIES = 200
"""Starting points tried for the shortest cycle of a component; the smallest names first."""


class Cycle(msgspec.Struct, frozen=True):
    """A strongly connected component: all its ``modules``, and its shortest cycle's imports.

    ``lazy`` says that without imports inside functions nothing would be left of it. ``read`` is an
    import of the cycle that its module uses while it is being loaded, with the name that it uses;
    None where no module of the component does: then no order of loading can break it.
    """

    modules: tuple[str, ...]
    edges: tuple[ModuleEdge, ...]
    lazy: bool
    read: tuple[ModuleEdge, str] | None = None


def cycles(program: Program, *, types: bool = False) -> tuple[Cycle, ...]:
    """Every strongly connected component of two modules or more, sorted by its first module."""
    key = f"architecture.cycles.{types}"
    if key not in program.memo:
        graph = inner_graph(program, types=types)
        graph = graph if types else _without_erased(program, graph)
        found = [
            _cycle(program, graph, part)
            for part in strongly_connected_components(graph)
            if len(part) > 1
        ]
        program.memo[key] = tuple(sorted(found, key=lambda cycle: cycle.modules))
    result: tuple[Cycle, ...] = program.memo[key]
    return result


def _without_erased(program: Program, graph: Digraph[str]) -> Digraph[str]:
    """The circles of a graph without imports that TypeScript drops because only types are used.

    Looking is only worth it where an import could close a circle.
    """
    kept: Digraph[str] = Digraph()
    for part in strongly_connected_components(graph):
        if len(part) < 2:
            continue
        for one, two, data in graph.subgraph(part).edges.data():
            edges = [edge for edge in data["edges"] if not is_erased(program, edge)]
            if edges:
                kept.add_edge(one, two, edges=edges)
    return kept


def _cycle(program: Program, graph: Digraph[str], part: set[str]) -> Cycle:
    eager: Digraph[str] = Digraph(
        (a, b)
        for a, b, data in graph.subgraph(part).edges.data()
        if any(not edge.lazy for edge in data["edges"])
    )
    inner = [found for found in strongly_connected_components(eager) if len(found) > 1]
    reads = {
        pair: read
        for found in inner
        for pair in eager.subgraph(found).edges
        if (read := read_at_load(program, graph.edges[pair]["edges"]))
    }
    path = shortest_cycle(graph, part) if not inner else _shown(eager, inner, reads.keys())
    pairs = list(zip(path, [*path[1:], path[0]], strict=True))
    read = next((reads[pair] for pair in pairs if pair in reads), None)
    edges = tuple(
        reads[pair][0] if pair in reads else graph.edges[pair]["edges"][0] for pair in pairs
    )
    return Cycle(tuple(sorted(part)), edges, lazy=not inner, read=read)


def _shown(graph: Digraph[str], parts: list[set[str]], reads: Set[tuple[str, str]]) -> list[str]:
    """The shortest cycle of the largest part; where something is read at load, one that does so."""
    risky = [part for part in parts if any(one in part for one, _ in reads)]
    part = max(risky or parts, key=lambda part: (len(part), sorted(part, reverse=True)))
    path = shortest_cycle(graph, part)
    if not reads or reads & set(zip(path, [*path[1:], path[0]], strict=True)):
        return path
    best: list[str] = []
    for one, two in sorted(pair for pair in reads if pair[0] in part)[:_TRIES]:
        way = _way(graph, part, two, one, len(best) or len(part) + 1)
        best = way if way and (not best or len(way) < len(best)) else best
    first = best.index(min(best))
    return best[first:] + best[:first]


def read_at_load(program: Program, edges: Iterable[ModuleEdge]) -> tuple[ModuleEdge, str] | None:
    """The first of some imports that its module uses while it is being loaded, with what it uses.

    A ``require`` hands over what is there at that moment, so it counts, without a name.
    """
    for edge in edges:
        facts = program.files.get(edge.path or edge.source)
        if edge.lazy or facts is None or edge.kind == "export-from":
            continue
        if edge.kind != "import":
            return edge, ""
        names = {
            local
            for item in facts.imports
            if item.at == edge.at and not item.type_only
            for _, local in item.names
        }
        emitted = facts.emitted if _is_module(program, facts.path) else ()
        used = names.intersection((*facts.eager, *emitted))
        if used:
            return edge, min(used)
    return None


def _is_module(program: Program, path: str) -> bool:
    """Whether a file runs as an ECMAScript module."""
    owner = uses(program).owner(path)
    return path.endswith((".mjs", ".mts")) or (owner is not None and owner.type == "module")


def shortest_cycle(graph: Digraph[str], part: set[str]) -> list[str]:
    """A shortest cycle within a strongly connected set of nodes, from its smallest name on."""
    best: list[str] = []
    for start in sorted(part)[:_TRIES]:
        found = _way(graph, part, start, start, len(best) or len(part) + 1)
        if found and (not best or len(found) < len(best)):
            best = found
            if len(best) == 2:
                break
    first = best.index(min(best))
    return best[first:] + best[:first]


def _way(graph: Digraph[str], part: set[str], start: str, end: str, limit: int) -> list[str]:
    """The nodes of the shortest way from ``start`` to ``end`` if fewer than ``limit``, else empty.

    From a node to itself the way is a cycle, and the node stands in it once.
    """
    came: dict[str, str] = {}
    queue = deque([(start, 1)])
    while queue:
        node, length = queue.popleft()
        if length >= limit:
            return []
        for target in sorted(graph.adj[node]):
            if target == end:
                path = [node]
                while path[-1] != start:
                    path.append(came[path[-1]])
                return path[::-1] if start == end else [*path[::-1], end]
            if target in part and target not in came:
                came[target] = node
                queue.append((target, length + 1))
    return []
