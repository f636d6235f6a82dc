"""Parts that could be taken out: groups of the call graph around the heavy work."""

from __future__ import annotations

from collections.abc import Iterable
from math import sqrt
from posixpath import dirname
from typing import Literal

import msgspec
import networkx as nx

from archlint.model import ir
from archlint.model.suitability import Candidate
from archlint.model.walk import walk
from archlint.program.digraph import Digraph
from archlint.program.program import FunctionId
from archlint.suitability.evidence import site_evidence
from archlint.suitability.sites import Site
from archlint.suitability.survey import Survey

MOST = 5
_PLAIN = {
    "string", "number", "boolean", "bigint", "Buffer", "Uint8Array", "Date", "any", "object",
    "Record", "Array", "ReadonlyArray", "Partial", "Readable",
}  # fmt: skip
_LIVE = {
    "Request", "Response", "NextFunction", "FastifyRequest", "FastifyReply", "Context", "Socket",
    "Server", "EventEmitter", "Function", "Promise", "Connection", "EntityManager",
}  # fmt: skip


class _Group(msgspec.Struct, frozen=True):
    """Functions around heavy work, and the sites in them."""

    functions: frozenset[FunctionId]
    sites: tuple[Site, ...]


def candidates_of(survey: Survey, sites: list[Site]) -> tuple[Candidate, ...]:
    """The best candidates by priority; empty without heavy work on an entry point's path."""
    if not sites or not survey.n:
        return ()
    graph = _own_graph(survey)
    demand = _demand(survey, sites)
    total = sum(demand.values())
    starts = {entry.function for _, entry in survey.entries}
    found = [
        _candidate(survey, graph, group, demand, total) for group in _groups(graph, sites, starts)
    ]
    found.sort(key=lambda c: (-c.priority, -c.demand_share, c.name))
    return tuple(found[:MOST])


def _own_graph(survey: Survey) -> Digraph[FunctionId]:
    """The call graph of what the component's entry points reach."""
    graph = survey.program.call_graph
    return graph.subgraph([node for node in graph if survey.reached_by(node)])


def _demand(survey: Survey, sites: Iterable[Site]) -> dict[FunctionId, int]:
    """Entry points that reach the heavy work of each function."""
    return {s.function: survey.reached_by(s.function).bit_count() for s in sites}


def _groups(graph: Digraph[FunctionId], sites: list[Site], starts: set[FunctionId]) -> list[_Group]:
    """Heavy functions with what they alone call, joined when their files call each other.

    A group is the subtree below heavy functions that no one else enters, closed over their files:
    what lies in one file moves together.
    """
    by_file: dict[str, list[Site]] = {}
    for site in sites:
        by_file.setdefault(site.function[0], []).append(site)
    undirected: nx.Graph[str] = nx.Graph()
    undirected.add_nodes_from(by_file)
    for caller, callee in graph.edges:
        if caller[0] != callee[0] and caller[0] in by_file and callee[0] in by_file:
            undirected.add_edge(caller[0], callee[0])
    groups = []
    for files in sorted(sorted(part) for part in nx.connected_components(undirected)):
        heavy = {site.function for path in files for site in by_file[path]}
        functions = _closure(graph, heavy, set(files), starts)
        mine = tuple(site for path in files for site in by_file[path])
        groups.append(_Group(frozenset(functions), mine))
    return groups


def _closure(
    graph: Digraph[FunctionId],
    heavy: set[FunctionId],
    files: set[str],
    starts: set[FunctionId],
) -> set[FunctionId]:
    """The heavy functions, what they call in their files, and callees that only they call.

    Entry points (``starts``) stay where they are, unless the heavy work stands in them.
    """
    found = set(heavy)
    stack = sorted(heavy)
    while stack:
        here = stack.pop()
        for callee in graph.successors(here) if here in graph else ():
            if callee in found or callee in starts or callee[1] == 0:
                continue
            private = all(caller in found for caller in graph.predecessors(callee))
            if callee[0] in files or private:
                found.add(callee)
                stack.append(callee)
    return found


def _candidate(
    survey: Survey,
    graph: Digraph[FunctionId],
    group: _Group,
    demand: dict[FunctionId, int],
    total: int,
) -> Candidate:
    inside = sum(1 for a, b in graph.edges.leaving(group.functions) if b in group.functions)
    entering = {
        callee
        for callee in group.functions
        for caller in (graph.predecessors(callee) if callee in graph else ())
        if caller not in group.functions
    }
    starts = {entry.function for _, entry in survey.entries}
    entering |= group.functions & starts
    crossing = sum(
        1
        for function in group.functions
        if function in graph
        for other in (*graph.predecessors(function), *graph.successors(function))
        if other not in group.functions
    )
    cohesion = inside / (inside + crossing) if inside + crossing else 1.0
    plain = _json_able(survey, entering or set(group.functions))
    shared = _shared_state(survey, group.functions)
    separability = (
        0.35 * cohesion + 0.25 / (1 + len(entering) / 4) + 0.20 * plain + 0.20 * (1 - shared)
    )
    mask = survey.union(group.sites)
    share = sum(demand[f] for f in demand if f in group.functions) / total if total else 0.0
    files = sorted({function[0] for function in group.functions})
    lines = _lines(survey, group.functions)
    return Candidate(
        name=_name(survey, group),
        modules=tuple(files),
        functions=_names(survey, group),
        lines=lines,
        exports_used=len(entering),
        cohesion=round(cohesion, 4),
        json_able=round(plain, 4),
        shared_state=round(shared, 4),
        separability=round(separability, 4),
        demand_share=round(share, 4),
        entry_points=mask.bit_count(),
        priority=round(share * separability * sqrt(mask.bit_count() / survey.n), 4),
        effort=_effort(lines, len(entering)),
        evidence=site_evidence(survey, "workload.cpu", "go", list(group.sites), (64, 92)),
    )


def _name(survey: Survey, group: _Group) -> str:
    """The heavy work's file (with the function's name where routes share it), or their folder."""
    files = sorted({site.function[0] for site in group.sites})
    if len(files) == 1:
        names = _names(survey, group)
        routes = any(entry.path == files[0] for _, entry in survey.entries)
        return f"{names[0]} in {files[0]}" if routes and names else files[0]
    shared = dirname(files[0])
    while shared and not all(path.startswith(f"{shared}/") for path in files):
        shared = dirname(shared)
    inside = [path for path in survey.paths if path.startswith(f"{shared}/")]
    if shared and len(files) * 2 >= len(inside):
        return shared
    top = max(files, key=lambda path: (sum(s.function[0] == path for s in group.sites), path))
    return f"{top} and {len(files) - 1} more"


def _names(survey: Survey, group: _Group) -> tuple[str, ...]:
    heavy = sorted(
        {site.function for site in group.sites},
        key=lambda f: (-survey.reached_by(f).bit_count(), f),
    )
    names = [survey.program.function(f).name for f in heavy]
    return tuple(dict.fromkeys(name for name in names if name))[:8]


def _lines(survey: Survey, functions: frozenset[FunctionId]) -> int:
    """Lines of the functions, nested ones counted once."""
    from archlint.model.location import line_of

    spans: dict[str, set[int]] = {}
    for path, index in functions:
        facts = survey.program.files[path]
        function = facts.functions[index]
        if index == 0:
            continue
        rows = spans.setdefault(path, set())
        rows.update(range(line_of(facts, function.at), line_of(facts, function.end) + 1))
    return sum(len(rows) for rows in spans.values())


def _effort(lines: int, exports: int) -> Literal["S", "M", "L"]:
    """A size, never a duration."""
    if lines <= 150 and exports <= 3:
        return "S"
    return "M" if lines <= 800 and exports <= 12 else "L"


def _json_able(survey: Survey, functions: Iterable[FunctionId]) -> float:
    """The share of parameters that could cross a process as plain data; unknown counts half."""
    weight = n = 0.0
    for ident in sorted(functions):
        for param in survey.program.function(ident).params:
            n += 1
            weight += _plainness(param.type)
    return weight / n if n else 1.0


def _plainness(kind: ir.Type | None) -> float:
    if kind is None:
        return 0.5
    if isinstance(kind, ir.TSlice | ir.TPointer):
        return _plainness(kind.elem)
    if isinstance(kind, ir.TMap | ir.TStruct | ir.TTuple | ir.TLiteral):
        return 1.0
    if isinstance(kind, ir.TFunc | ir.TChan | ir.TInterface):
        return 0.0
    if isinstance(kind, ir.TUnion):
        return min((_plainness(member) for member in kind.members), default=0.5)
    if isinstance(kind, ir.TName):
        last = kind.name.rpartition(".")[2]
        if kind.name in _PLAIN or last.islower():
            return 1.0
        return 0.0 if last in _LIVE or last in {"ResponseWriter", "DB", "Tx"} else 0.6
    return 0.5


def _shared_state(survey: Survey, functions: frozenset[FunctionId]) -> float:
    """The share of the functions that write to names of their module or to ``this``."""
    touched = n = 0
    for path, index in sorted(functions):
        function = survey.program.files[path].functions[index]
        if index == 0 or function.body is None:
            continue
        n += 1
        touched += _writes_outside(function.body)
    return touched / n if n else 0.0


def _writes_outside(body: tuple[ir.Stmt, ...]) -> bool:
    declared: set[str] = set()
    for node in walk(body):
        if not isinstance(node, ir.Assign):
            continue
        fresh = node.op in {"var", "let", "const", "using", "await using", ":="}
        for target in node.targets:
            if isinstance(target, ir.Name):
                if fresh:
                    declared.add(target.id)
                elif target.id not in declared and target.id != "_":
                    return True
            elif isinstance(target, ir.Member):
                owner = target.object
                if isinstance(owner, ir.Name) and owner.id == "this":
                    return True
    return False
