"""Import cycles: strongly connected components, each with its shortest cycle."""

from __future__ import annotations

from collections import deque

import msgspec

from archlint.program.architecture.graph import inner_graph
from archlint.program.dependencies.uses import is_erased
from archlint.program.digraph import Digraph, strongly_connected_components
from archlint.program.program import ModuleEdge, Program

_TRIES = 200
"""Starting points tried for the shortest cycle of a component; the smallest names first."""


class Cycle(msgspec.Struct, frozen=True):
    """A strongly connected component: all its ``modules``, and its shortest cycle's imports.

    ``lazy`` says that without imports inside functions nothing would be left of it.
    """

    modules: tuple[str, ...]
    edges: tuple[ModuleEdge, ...]
    lazy: bool


def cycles(program: Program, *, types: bool = False) -> tuple[Cycle, ...]:
    """Every strongly connected component of two modules or more, sorted by its first module."""
    key = f"architecture.cycles.{types}"
    if key not in program.memo:
        graph = inner_graph(program, types=types)
        graph = graph if types else _without_erased(program, graph)
        found = [
            _cycle(graph, part) for part in strongly_connected_components(graph) if len(part) > 1
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


def _cycle(graph: Digraph[str], part: set[str]) -> Cycle:
    eager: Digraph[str] = Digraph(
        (a, b)
        for a, b, data in graph.subgraph(part).edges.data()
        if any(not edge.lazy for edge in data["edges"])
    )
    lazy = all(len(inner) < 2 for inner in strongly_connected_components(eager))
    path = shortest_cycle(graph, part if lazy else _largest(eager))
    pairs = zip(path, [*path[1:], path[0]], strict=True)
    edges = tuple(graph.edges[a, b]["edges"][0] for a, b in pairs)
    return Cycle(tuple(sorted(part)), edges, lazy)


def _largest(graph: Digraph[str]) -> set[str]:
    parts = strongly_connected_components(graph)
    return max(parts, key=lambda part: (len(part), sorted(part, reverse=True)))


def shortest_cycle(graph: Digraph[str], part: set[str]) -> list[str]:
    """A shortest cycle within a strongly connected set of nodes, from its smallest name on."""
    best: list[str] = []
    for start in sorted(part)[:_TRIES]:
        found = _back_to(graph, part, start, len(best) or len(part) + 1)
        if found and (not best or len(found) < len(best)):
            best = found
            if len(best) == 2:
                break
    first = best.index(min(best))
    return best[first:] + best[:first]


def _back_to(graph: Digraph[str], part: set[str], start: str, limit: int) -> list[str]:
    """The shortest way from ``start`` back to itself of fewer than ``limit`` steps, else empty."""
    came: dict[str, str] = {}
    queue = deque([(start, 0)])
    while queue:
        node, steps = queue.popleft()
        if steps + 1 >= limit:
            return []
        for target in sorted(graph.adj[node]):
            if target == start:
                path = [node]
                while path[-1] != start:
                    path.append(came[path[-1]])
                return path[::-1]
            if target in part and target not in came:
                came[target] = node
                queue.append((target, steps + 1))
    return []
