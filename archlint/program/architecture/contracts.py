"""Contracts: who may import whom, and the chains of imports that break them."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from itertools import pairwise

import msgspec

from archlint.config import Contract, IgnoredImport
from archlint.config.globs import matches
from archlint.program.architecture.cycles import shortest_cycle
from archlint.program.architecture.graph import (
    OUTSIDE,
    is_inside,
    own_edges,
    role_of,
    runtime_edges,
    written_edges,
)
from archlint.program.architecture.groups import Groups, groups
from archlint.program.digraph import Digraph, strongly_connected_components
from archlint.program.program import ModuleEdge, Program


class Violation(msgspec.Struct, frozen=True):
    """A forbidden chain of imports: from a module of ``source`` to one of ``target``."""

    contract: Contract
    source: str
    target: str
    chain: tuple[ModuleEdge, ...]

    @property
    def order(self) -> tuple[object, ...]:
        """Sort key: by contract, place and length."""
        first = self.chain[0]
        where = (self.contract.name, self.contract.type, self.source, self.target)
        return (*where, first.path or first.source, first.at, len(self.chain))


def evaluate(program: Program, contract: Contract) -> tuple[Violation, ...]:
    """Every violation of one contract, sorted; shorter chains stand for longer ones."""
    view = _View(program, contract, groups(program), _graph(program, contract))
    checks = {
        "layers": _layers,
        "forbidden": _forbidden,
        "independence": _independence,
        "acyclic": _acyclic,
        "protected": _protected,
        "allow": _allow,
    }
    return tuple(sorted(checks[contract.type](view), key=lambda violation: violation.order))


class _View(msgspec.Struct, frozen=True):
    program: Program
    contract: Contract
    groups: Groups
    graph: Digraph[str]

    def union(self, names: Iterable[str]) -> frozenset[str]:
        return frozenset().union(*(self.groups.members(name) for name in names))


def _graph(program: Program, contract: Contract) -> Digraph[str]:
    """Production modules and externals, without type-only and ignored imports."""
    graph: Digraph[str] = Digraph()
    ignored = [item for item in contract.ignore if not program.config.lapsed(item)]
    for source, target, data in program.module_graph.edges.data():
        if source == target or role_of(program, source) != "production":
            continue
        edges = (written_edges if contract.type_imports else runtime_edges)(data["edges"])
        edges = own_edges(program, edges)
        edges = [e for e in edges if not any(_ignored(program, i, e) for i in ignored)]
        if edges:
            graph.add_edge(source, target, edges=edges)
    return graph


def _ignored(program: Program, item: IgnoredImport, edge: ModuleEdge) -> bool:
    sources = (edge.source, edge.path or edge.source)
    return any(_fits(program, item.from_, name) for name in sources) and _fits(
        program, item.to, edge.target
    )


def _fits(program: Program, pattern: str, module: str) -> bool:
    """Whether a module belongs to a component, fits a glob or is the external one named."""
    if pattern in program.config.components:
        return module in groups(program).members(pattern)
    if pattern.startswith(OUTSIDE):
        return module == pattern or module.startswith(pattern + "/")
    return is_inside(module) and matches((pattern,), module)


def lapsed_ignores(program: Program, contract: Contract) -> tuple[IgnoredImport, ...]:
    """The ignored imports of a contract whose day is over: they pass no longer."""
    return tuple(item for item in contract.ignore if program.config.lapsed(item))


def ignored_by(
    program: Program, chain: tuple[ModuleEdge, ...], items: Iterable[IgnoredImport]
) -> IgnoredImport | None:
    """The first of ``items`` that speaks of an import of the chain."""
    return next((i for i in items if any(_ignored(program, i, edge) for edge in chain)), None)


def stale_ignores(program: Program, contract: Contract) -> tuple[IgnoredImport, ...]:
    """The ignored imports of a contract that match none that exists."""
    every = (edge for linked in program.linked for edge in linked.modules if edge.target)
    edges = written_edges(every)
    return tuple(
        item for item in contract.ignore if not any(_ignored(program, item, edge) for edge in edges)
    )


def _layers(view: _View) -> Iterator[Violation]:
    """From high to low; a lower layer must not reach a higher one, nor siblings each other."""
    rows = [[name.strip() for name in row.split("|")] for row in view.contract.layers]
    every = view.union(name for row in rows for name in row)
    for index, row in enumerate(rows):
        above = [name for higher in rows[:index] for name in higher]
        for name in row:
            for other in (*above, *(sibling for sibling in row if sibling != name)):
                yield from _chains(view, name, other, every)


def _forbidden(view: _View) -> Iterator[Violation]:
    every = view.union((*view.contract.from_, *view.contract.to))
    for name in view.contract.from_:
        for other in view.contract.to:
            yield from _chains(view, name, other, every)


def _independence(view: _View) -> Iterator[Violation]:
    every = view.union(view.contract.modules)
    for name in view.contract.modules:
        for other in view.contract.modules:
            if name != other:
                yield from _chains(view, name, other, every)


def _chains(view: _View, name: str, other: str, every: frozenset[str]) -> Iterator[Violation]:
    """Imports of ``other`` by ``name``: direct ones all, indirect ones the shortest a module.

    A chain does not pass through other modules of the contract: those are judged by themselves.
    """
    sources, targets = view.groups.members(name), view.groups.members(other)
    next_hop = _towards(view.graph, targets, every) if view.contract.indirect else {}
    for source in sorted(sources - targets):
        if source not in view.graph:
            continue
        best: list[str] = []
        for target in sorted(view.graph.adj[source]):
            if target in targets:
                edge = view.graph.edges[source, target]["edges"][0]
                yield Violation(view.contract, name, other, (edge,))
            elif target in next_hop and target not in every:
                path = [source, target]
                while path[-1] not in targets:
                    path.append(next_hop[path[-1]])
                best = path if not best or len(path) < len(best) else best
        if best:
            pairs = pairwise(best)
            chain = tuple(view.graph.edges[pair]["edges"][0] for pair in pairs)
            yield Violation(view.contract, name, other, chain)


def _towards(graph: Digraph[str], targets: frozenset[str], every: frozenset[str]) -> dict[str, str]:
    """For each module outside the contract that reaches ``targets``: the next step there."""
    found: dict[str, str] = {}
    queue = deque(sorted(target for target in targets if target in graph))
    while queue:
        node = queue.popleft()
        for above in sorted(graph.pred[node]):
            if above not in found and above not in every:
                found[above] = node
                queue.append(above)
    return found


def _acyclic(view: _View) -> Iterator[Violation]:
    """The groups must not import each other in a circle; one group means its own modules."""
    names = view.contract.modules or tuple(view.program.config.components)
    collapsed: Digraph[str] = Digraph()
    owner: dict[str, str] = {}
    for name in names:
        for module in view.groups.members(name):
            owner.setdefault(module, module if len(names) == 1 else name)
    for source, target, data in view.graph.edges.data():
        one, two = owner.get(source, ""), owner.get(target, "")
        if one and two and one != two and not collapsed.has_edge(one, two):
            collapsed.add_edge(one, two, edges=data["edges"])
    for part in strongly_connected_components(collapsed):
        if len(part) > 1:
            path = shortest_cycle(collapsed, part)
            pairs = zip(path, [*path[1:], path[0]], strict=True)
            chain = tuple(collapsed.edges[pair]["edges"][0] for pair in pairs)
            yield Violation(view.contract, path[0], path[0], chain)


def _protected(view: _View) -> Iterator[Violation]:
    """Only ``from`` (and the modules themselves) may import ``modules`` directly."""
    guarded = view.union(view.contract.modules or view.contract.to)
    allowed = view.union(view.contract.from_) | guarded
    label = ", ".join(view.contract.modules or view.contract.to)
    for target in sorted(guarded):
        for source in sorted(view.graph.pred[target]) if target in view.graph else ():
            if source not in allowed:
                edge = view.graph.edges[source, target]["edges"][0]
                yield Violation(view.contract, source, label, (edge,))


def _allow(view: _View) -> Iterator[Violation]:
    """``from`` may import only ``to``; externals are limited only if ``to`` names some."""
    sources = view.union(view.contract.from_)
    allowed = view.union(view.contract.to) | sources
    outside = any(name.startswith(OUTSIDE) for name in view.contract.to)
    label = ", ".join(view.contract.from_)
    for source in sorted(sources):
        for target in sorted(view.graph.adj[source]) if source in view.graph else ():
            if target not in allowed and (outside or is_inside(target)):
                edge = view.graph.edges[source, target]["edges"][0]
                yield Violation(view.contract, label, target, (edge,))
