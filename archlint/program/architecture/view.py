"""A picture of the program as plain data: nodes and edges, cycles and broken contracts marked."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from archlint.model.location import line_of
from archlint.program.architecture.contracts import evaluate
from archlint.program.architecture.cycles import cycles
from archlint.program.architecture.graph import inner_graph, is_inside
from archlint.program.architecture.groups import component_of_module, group_graph
from archlint.program.architecture.metrics import graph_metrics
from archlint.program.digraph import Digraph, strongly_connected_components
from archlint.program.program import FunctionId, Program


class Node(msgspec.Struct, frozen=True):
    """A component, module or function; ``group`` is the component, ``cycle`` numbers its circle.

    ``cycle`` is 0 outside of circles; ``path`` and ``line`` say where it stands.
    """

    id: str
    label: str
    group: str
    kind: str
    fan_in: int
    fan_out: int
    cycle: int = 0
    path: str = ""
    line: int = 0


class Edge(msgspec.Struct, frozen=True):
    """``count`` imports or calls; ``cycle`` closes a circle; ``contract`` is one it breaks."""

    source: str
    target: str
    count: int
    cycle: bool = False
    contract: str = ""


class GraphView(msgspec.Struct, frozen=True):
    """Nodes sorted by id, edges by their ends."""

    level: str
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]


def graph_view(program: Program, level: str) -> GraphView:
    """The picture at a level: ``components``, ``modules`` or ``calls``."""
    if level == "calls":
        return _calls(program)
    broken = _broken(program)
    if level == "components":
        graph = group_graph(program)
        named = {
            (component_of_module(program, a), component_of_module(program, b)): contract
            for (a, b), contract in broken.items()
        }
        sorts = {c.name: ("", c.kind) for c in program.workspace.components}
        return _view(level, graph, named, sorts, _circles(graph))
    inner = inner_graph(program)
    sorts = {
        name: (component_of_module(program, name), "file" if name in program.files else "package")
        for name in inner
    }
    found = {m: number for number, c in enumerate(cycles(program), 1) for m in c.modules}
    return _view(level, inner, broken, sorts, found)


def _broken(program: Program) -> dict[tuple[str, str], str]:
    """Imports on the chains that break contracts -> the contract's name."""
    found: dict[tuple[str, str], str] = {}
    for contract in program.config.contracts:
        for violation in evaluate(program, contract):
            for edge in violation.chain:
                if is_inside(edge.target):
                    name = contract.name or contract.type
                    found.setdefault((edge.source, edge.target), name)
    return found


def _view(
    level: str,
    graph: Digraph[str],
    broken: dict[tuple[str, str], str],
    sorts: dict[str, tuple[str, str]],
    circles: dict[str, int],
) -> GraphView:
    """``sorts`` is each node's group and kind, ``circles`` the number of its cycle."""
    nodes = [
        Node(
            id=name,
            label=name or ".",
            group=sorts.get(name, ("", ""))[0],
            kind=sorts.get(name, ("", "component"))[1],
            fan_in=m.fan_in,
            fan_out=m.fan_out,
            cycle=circles.get(name, 0),
            path=name if level == "modules" else "",
        )
        for name, m in graph_metrics(graph).items()
    ]
    edges = [
        Edge(a, b, len(data["edges"]), _same(circles, a, b), broken.get((a, b), ""))
        for a, b, data in sorted(graph.edges.data(), key=lambda item: item[:2])
    ]
    return GraphView(level, tuple(nodes), tuple(edges))


def _circles(graph: Digraph[str]) -> dict[str, int]:
    parts = [sorted(p) for p in strongly_connected_components(graph) if len(p) > 1]
    return {name: number for number, part in enumerate(sorted(parts), 1) for name in part}


def _same(circles: dict[str, int], one: str, two: str) -> bool:
    return circles.get(one, 0) != 0 and circles.get(one) == circles.get(two)


def _calls(program: Program) -> GraphView:
    graph = program.call_graph
    named: Digraph[str] = Digraph()
    names = {ident: _ident(ident) for ident in sorted(graph)}
    named.add_nodes_from(names.values())
    named.add_edges_from((names[a], names[b]) for a, b in graph.edges)
    circles, table = _circles(named), graph_metrics(named)
    entries = {entry.function for entry in program.entry_points}
    nodes = [
        _function(program, i, table[n].fan_in, circles.get(n, 0), entries) for i, n in names.items()
    ]
    nodes = [msgspec.structs.replace(n, fan_out=table[n.id].fan_out) for n in nodes]
    edges = [Edge(a, b, 1, _same(circles, a, b)) for a, b in sorted(named.edges)]
    return GraphView("calls", tuple(sorted(nodes, key=lambda n: n.id)), tuple(edges))


def _ident(ident: FunctionId) -> str:
    return f"{ident[0]}#{ident[1]}"


def _function(
    program: Program, ident: FunctionId, fan_in: int, cycle: int, entries: Iterable[FunctionId]
) -> Node:
    facts = program.files[ident[0]]
    function = facts.functions[ident[1]]
    label = function.name or f"{function.kind} in {ident[0].rpartition('/')[2]}"
    component = program.component(ident[0])

    return Node(
        id=_ident(ident),
        label=label,
        group=component.name if component else "",
        kind="entry point" if ident in entries else function.kind,
        fan_in=fan_in,
        fan_out=0,
        cycle=cycle,
        path=ident[0],
        line=line_of(facts, function.at),
    )
