"""Our graph against networkx."""

from __future__ import annotations

from itertools import pairwise

import networkx as nx
from hypothesis import given
from hypothesis import strategies as st

from archlint.program.digraph import (
    Digraph,
    shortest_paths,
    strongly_connected_components,
    topological_generations,
)

NODES = st.integers(0, 12)
PAIRS = st.lists(st.tuples(NODES, NODES), max_size=40)


@given(PAIRS)
def test_components_are_networkx_s(pairs: list[tuple[int, int]]) -> None:
    found = list(map(frozenset, strongly_connected_components(Digraph(pairs))))
    assert len(set(found)) == len(found)
    assert set(found) == set(map(frozenset, nx.strongly_connected_components(nx.DiGraph(pairs))))


@given(PAIRS)
def test_shortest_paths_have_networkx_s_lengths(pairs: list[tuple[int, int]]) -> None:
    pairs = [(0, 1), *pairs]
    found = shortest_paths(Digraph(pairs), 0)
    expected = nx.single_source_shortest_path_length(nx.DiGraph(pairs), 0)
    assert {node: len(path) - 1 for node, path in found.items()} == dict(expected)
    assert all(set(pairwise(path)) <= set(pairs) for path in found.values())


@given(PAIRS)
def test_generations_of_an_acyclic_graph_are_networkx_s(pairs: list[tuple[int, int]]) -> None:
    down = [(a, b) for a, b in pairs if a < b]
    found = [set(row) for row in topological_generations(Digraph(down))]
    assert found == [set(row) for row in nx.topological_generations(nx.DiGraph(down))]


@given(PAIRS, st.sets(NODES))
def test_a_subgraph_keeps_the_edges_between_its_nodes(
    pairs: list[tuple[int, int]], kept: set[int]
) -> None:
    graph, other = Digraph(pairs), nx.DiGraph(pairs)
    part, expected = graph.subgraph(kept), other.subgraph(kept)
    assert set(part) == set(expected)
    assert set(part.edges) == set(expected.edges)
    assert all(part.in_degree(n) == expected.in_degree(n) for n in part)
    assert all(part.out_degree(n) == expected.out_degree(n) for n in part)
    assert len(part.edges) == len(expected.edges)


def test_data_of_an_edge_is_shared_by_both_directions_and_subgraphs() -> None:
    graph: Digraph[str] = Digraph()
    graph.add_edge("a", "b", edges=[1])
    graph.edges["a", "b"]["edges"].append(2)
    assert graph.pred["b"]["a"] == {"edges": [1, 2]}
    assert list(graph.subgraph(["a", "b"]).edges.data()) == [("a", "b", {"edges": [1, 2]})]
    assert not graph.has_edge("b", "a")
    assert not graph.has_edge("x", "a")
    assert list(graph.edges.leaving(["x", "a"])) == [("a", "b")]


@given(PAIRS)
def test_the_first_edge_of_a_pair_stays(pairs: list[tuple[int, int]]) -> None:
    graph: Digraph[int] = Digraph()
    for number, (source, target) in enumerate(pairs):
        graph.add_first(source, target, {"number": number})
    assert list(graph.edges) == list(Digraph(pairs).edges)
    assert list(graph) == list(Digraph(pairs))
    assert all(data["number"] == pairs.index((s, t)) for s, t, data in graph.edges.data())
    assert all(graph.pred[t][s] is data for s, t, data in graph.edges.data())
