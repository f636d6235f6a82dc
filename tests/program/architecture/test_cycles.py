import networkx as nx
from hypothesis import given
from hypothesis import strategies as st

from archlint.program.architecture import cycles, metrics
from archlint.program.architecture.cycles import shortest_cycle
from archlint.program.architecture.view import graph_view
from tests.program.architecture.handmade import program


def test_one_report_a_component_with_its_shortest_cycle() -> None:
    found = cycles(
        program("a -> b", "b -> c", "c -> a", "b -> a", "x -> y", "y -> z", "z -> x", "z -> a")
    )
    assert [c.modules for c in found] == [("a", "b", "c"), ("x", "y", "z")]
    assert [[e.source for e in c.edges] for c in found] == [["a", "b"], ["x", "y", "z"]]


def test_type_only_imports_close_no_cycle_and_lazy_ones_are_told() -> None:
    assert cycles(program("a -> b", "b ~> a")) == ()
    assert [c.modules for c in cycles(program("a -> b", "b ~> a"), types=True)] == [("a", "b")]
    (cycle,) = cycles(program("a -> b", "b => a"))
    assert cycle.lazy


def test_a_module_that_imports_itself_is_no_cycle() -> None:
    assert cycles(program("a -> a")) == ()


graphs = st.lists(st.tuples(st.integers(0, 7), st.integers(0, 7)), min_size=1, max_size=30)


@given(graphs)
def test_the_shortest_cycle_is_one_and_is_shortest(pairs: list[tuple[int, int]]) -> None:
    graph = nx.DiGraph((f"m{a}", f"m{b}") for a, b in pairs if a != b)
    for part in nx.strongly_connected_components(graph):
        if len(part) < 2:
            continue
        path = shortest_cycle(graph, part)
        assert all(graph.has_edge(a, b) for a, b in zip(path, [*path[1:], path[0]], strict=True))
        assert path[0] == min(path)
        best = min(len(c) for c in nx.simple_cycles(graph.subgraph(part)))
        assert len(path) == best


def test_metrics_and_instability() -> None:
    table = metrics(program("a -> c", "b -> c", "c -> d", "c -> npm:express"))
    assert (table["c"].fan_in, table["c"].fan_out) == (2, 1)
    assert (table["d"].instability, table["a"].instability) == (0.0, 1.0)


def test_the_view_marks_cycles() -> None:
    view = graph_view(program("a -> b", "b -> a", "b -> c"), "modules")
    assert {n.id: n.cycle for n in view.nodes} == {"a": 1, "b": 1, "c": 0}
    assert {(e.source, e.target): e.cycle for e in view.edges} == {
        ("a", "b"): True,
        ("b", "a"): True,
        ("b", "c"): False,
    }
