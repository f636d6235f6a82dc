"""Directed graphs on plain dicts: the few questions that linking and rules ask of one.

Method names follow networkx, whose import alone takes longer than most checks' linking.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Hashable, Iterable, Iterator
from typing import Any, Generic, TypeVar

N = TypeVar("N", bound=Hashable)
Data = dict[str, Any]


class Edges(Generic[N]):
    """The edges of a graph: iterate for pairs, index by a pair for its data, call for both."""

    __slots__ = ("_adj",)

    def __init__(self, adj: dict[N, dict[N, Data]]) -> None:
        self._adj = adj

    def __iter__(self) -> Iterator[tuple[N, N]]:
        """Every pair, in the order in which nodes and their edges were added."""
        for source, targets in self._adj.items():
            for target in targets:
                yield source, target

    def __len__(self) -> int:
        return sum(map(len, self._adj.values()))

    def __getitem__(self, pair: tuple[N, N]) -> Data:
        return self._adj[pair[0]][pair[1]]

    def data(self) -> Iterator[tuple[N, N, Data]]:
        """Every edge with its data."""
        for source, targets in self._adj.items():
            for target, data in targets.items():
                yield source, target, data

    def leaving(self, nodes: Iterable[N]) -> Iterator[tuple[N, N]]:
        """The edges out of some nodes."""
        for source in nodes:
            for target in self._adj.get(source, ()):
                yield source, target


class Digraph(Generic[N]):
    """A directed graph; ``adj`` and ``pred`` map a node to its neighbours and the edges' data."""

    def __init__(self, edges: Iterable[tuple[N, N]] = ()) -> None:
        self.adj: dict[N, dict[N, Data]] = {}
        self.pred: dict[N, dict[N, Data]] = {}
        self.edges: Edges[N] = Edges(self.adj)
        self.add_edges_from(edges)

    def add_nodes_from(self, nodes: Iterable[N]) -> None:
        """Add nodes that are not there yet."""
        for node in nodes:
            if node not in self.adj:
                self.adj[node] = {}
                self.pred[node] = {}

    def add_edge(self, source: N, target: N, **data: Any) -> None:
        """Add an edge and its nodes; data of an edge that is there is updated."""
        self.add_nodes_from((source, target))
        found = self.adj[source].get(target)
        if found is None:
            self.adj[source][target] = self.pred[target][source] = data
        else:
            found.update(data)

    def add_first(self, source: N, target: N, data: Data) -> None:
        """Add an edge and its nodes unless the edge is there."""
        below = self.adj.get(source)
        if below is None:
            below = self.adj[source] = {}
            self.pred[source] = {}
        elif target in below:
            return
        above = self.pred.get(target)
        if above is None:
            above = self.pred[target] = {}
            self.adj[target] = {}
        below[target] = above[source] = data

    def add_edges_from(self, edges: Iterable[tuple[N, N]]) -> None:
        """Add edges without data."""
        for source, target in edges:
            self.add_edge(source, target)

    def has_edge(self, source: N, target: N) -> bool:
        """Whether the edge is there."""
        return target in self.adj.get(source, ())

    def __contains__(self, node: object) -> bool:
        return node in self.adj

    def __iter__(self) -> Iterator[N]:
        return iter(self.adj)

    def __len__(self) -> int:
        return len(self.adj)

    def successors(self, node: N) -> Iterator[N]:
        """Where the node's edges lead."""
        return iter(self.adj[node])

    def predecessors(self, node: N) -> Iterator[N]:
        """Whose edges lead to the node."""
        return iter(self.pred[node])

    def in_degree(self, node: N) -> int:
        """How many edges lead to the node."""
        return len(self.pred[node])

    def out_degree(self, node: N) -> int:
        """How many edges leave the node."""
        return len(self.adj[node])

    def subgraph(self, nodes: Iterable[N]) -> Digraph[N]:
        """The nodes and the edges between them, sharing the edges' data."""
        kept = set(nodes)
        found: Digraph[N] = Digraph()
        found.add_nodes_from(node for node in self.adj if node in kept)
        for source in found.adj:
            for target, data in self.adj[source].items():
                if target in kept:
                    found.adj[source][target] = found.pred[target][source] = data
        return found


def strongly_connected_components(graph: Digraph[N]) -> Iterator[set[N]]:
    """Largest sets of nodes that reach each other, callees before callers.

    Tarjan's algorithm with an explicit stack.
    """
    index: dict[N, int] = {}
    low: dict[N, int] = {}
    on_stack: set[N] = set()
    stack: list[N] = []
    for root in graph:
        if root in index:
            continue
        index[root] = low[root] = len(index)
        stack.append(root)
        on_stack.add(root)
        work = [(root, iter(graph.adj[root]))]
        while work:
            node, targets = work[-1]
            for target in targets:
                if target not in index:
                    index[target] = low[target] = len(index)
                    stack.append(target)
                    on_stack.add(target)
                    work.append((target, iter(graph.adj[target])))
                    break
                if target in on_stack:
                    low[node] = min(low[node], index[target])
            else:
                work.pop()
                if work:
                    above = work[-1][0]
                    low[above] = min(low[above], low[node])
                if low[node] == index[node]:
                    yield _popped(stack, on_stack, node)


def _popped(stack: list[N], on_stack: set[N], node: N) -> set[N]:
    """What lies on the stack down to the node, taken off it."""
    at = len(stack) - 1
    while stack[at] != node:
        at -= 1
    part = set(stack[at:])
    del stack[at:]
    on_stack -= part
    return part


def topological_generations(graph: Digraph[N]) -> list[list[N]]:
    """Nodes in rows, each after all rows with edges to it; nodes on cycles are left out."""
    waiting = {node: len(graph.pred[node]) for node in graph}
    row = [node for node, count in waiting.items() if count == 0]
    rows: list[list[N]] = []
    while row:
        rows.append(row)
        below: list[N] = []
        for node in row:
            for target in graph.adj[node]:
                waiting[target] -= 1
                if waiting[target] == 0:
                    below.append(target)
        row = below
    return rows


def shortest_paths(graph: Digraph[N], start: N) -> dict[N, list[N]]:
    """Each node that ``start`` reaches, nearest first, with a shortest path to it."""
    paths: dict[N, list[N]] = {start: [start]}
    queue = deque([start])
    while queue:
        here = queue.popleft()
        for target in graph.adj[here]:
            if target not in paths:
                paths[target] = [*paths[here], target]
                queue.append(target)
    return paths
