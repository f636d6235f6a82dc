"""Whether a request really gets to a place: ways in on which nothing is done once only."""

from __future__ import annotations

from collections import deque
from typing import NamedTuple

from archlint.model.finding import Context, EntryPoint, Hop
from archlint.model.location import line_of
from archlint.program.ecma_flow.guards import GATED, SETUP, guard, serves_setup
from archlint.program.program import CallEdge, FunctionId, Program
from archlint.program.reach import is_vague


class WayIn(NamedTuple):
    """How a place is reached: ``context`` on a way without guards, else ``guard`` says why not.

    ``guard`` is once, cached, gated or setup; "" when the place is reached freely.
    """

    context: Context
    guard: str
    note: str = ""
    entry: EntryPoint | None = None
    calls: tuple[CallEdge, ...] = ()


class _Way(NamedTuple):
    """A free way in: its entry point, the calls from there, and what they assume."""

    entry: EntryPoint
    calls: tuple[CallEdge, ...]
    note: str


def way_in(program: Program, function: FunctionId, at: int) -> WayIn:
    """The weightiest context that reaches the place freely; else the one it has, with the guard."""
    own = program.context(function)
    held = guard(program, function, at)
    if held:
        return WayIn(own, held)
    if own not in {Context.REQUEST, Context.BACKGROUND}:
        return WayIn(own, "")
    found, blocked = _free_contexts(program, function)
    for context in (Context.REQUEST, Context.BACKGROUND):
        if context in found:
            way = found[context]
            return WayIn(context, "", way.note, way.entry, way.calls)
    return WayIn(own, blocked or "setup")


def trace(program: Program, way: WayIn, last: Hop) -> tuple[Hop, ...]:
    """The hops of a free way in, down to ``last``; () when the place is not reached freely."""
    if way.entry is None:
        return ()
    hops = [Hop(way.entry.path, way.entry.line, way.entry.label)]
    for edge in way.calls:
        callee = program.function(edge.callee)
        label = callee.name or f"anonymous {callee.kind}"
        label = f"{label} ({edge.note})" if edge.note else label
        path = edge.caller[0]
        hops.append(Hop(path, line_of(program.files[path], edge.at), label))
    return (*hops, last)


def _free_contexts(program: Program, function: FunctionId) -> tuple[dict[Context, _Way], str]:
    """Contexts whose entry points reach the function over unguarded calls."""
    known: dict[FunctionId, tuple[dict[Context, _Way], str]]
    known = program.memo.setdefault(__name__, {})
    if function not in known:
        known[function] = _search(program, function)
    return known[function]


def _search(program: Program, function: FunctionId) -> tuple[dict[Context, _Way], str]:
    """Breadth first against the calls; of equally near ways in, one whose label names a path."""
    entries = _entries(program)
    graph = program.call_graph
    found: dict[Context, _Way] = {}
    blocked = ""
    onward: dict[FunctionId, CallEdge | None] = {function: None}
    queue: deque[tuple[FunctionId, int]] = deque([(function, 0)])
    last = len(graph)
    while queue and queue[0][1] <= last:
        callee, far = queue.popleft()
        for entry in entries.get(callee, ()):
            held = SETUP if serves_setup(entry) else _registration(program, callee)
            if held:
                blocked = blocked or held
                continue
            known = found.get(entry.kind)
            if known is None or is_vague(known.entry) > is_vague(entry):
                found[entry.kind] = _way(entry, callee, onward)
        if Context.REQUEST in found:
            last = min(last, far) if is_vague(found[Context.REQUEST].entry) else -1
        for caller in graph.pred[callee] if callee in graph else ():
            edge: CallEdge = graph.edges[caller, callee]["edge"]
            if caller in onward or edge.kind == "process":
                continue
            held = guard(program, caller, edge.at)
            if held:
                blocked = blocked or held
                continue
            onward[caller] = edge
            queue.append((caller, far + 1))
    return found, blocked


def _way(
    entry: EntryPoint, function: FunctionId, onward: dict[FunctionId, CallEdge | None]
) -> _Way:
    """The calls from an entry point's function on, as the search found them."""
    calls: list[CallEdge] = []
    edge = onward[function]
    while edge is not None:
        calls.append(edge)
        edge = onward[edge.callee]
    note = next((edge.note for edge in calls if edge.note), "")
    return _Way(entry, tuple(calls), note)


def _entries(program: Program) -> dict[FunctionId, list[EntryPoint]]:
    """Request and background entry points by function."""
    known: dict[FunctionId, list[EntryPoint]] = program.memo.setdefault(f"{__name__}.entries", {})
    if not known:
        for entry in program.entry_points:
            if entry.kind in {Context.REQUEST, Context.BACKGROUND} and entry.function[1] >= 0:
                known.setdefault(entry.function, []).append(entry)
    return known


def _registration(program: Program, function: FunctionId) -> str:
    """The guard around the place where a handler is written (``if (isDev) app.get(...)``)."""
    facts = program.function(function)
    if facts.parent < 0 or facts.owner >= 0:
        return ""
    parent = (function[0], facts.parent)
    held = guard(program, parent, facts.at)
    if held in {GATED, SETUP}:
        return held
    graph = program.call_graph
    edges = [graph.edges[p, parent]["edge"] for p in graph.pred[parent]] if parent in graph else []
    gates = {guard(program, edge.caller, edge.at) for edge in edges}
    return GATED if gates == {GATED} else ""
