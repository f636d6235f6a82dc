"""Whether a request really gets to a place: ways in on which nothing is done once only."""

from __future__ import annotations

from collections import deque
from typing import NamedTuple

from archlint.model.finding import Context, EntryPoint
from archlint.program.ecma_flow.guards import GATED, SETUP, guard, serves_setup
from archlint.program.program import CallEdge, FunctionId, Program


class WayIn(NamedTuple):
    """How a place is reached: ``context`` on a way without guards, else ``guard`` says why not.

    ``guard`` is once, cached, gated or setup; "" when the place is reached freely.
    """

    context: Context
    guard: str
    note: str = ""


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
            return WayIn(context, "", found[context])
    return WayIn(own, blocked or "setup")


def _free_contexts(program: Program, function: FunctionId) -> tuple[dict[Context, str], str]:
    """Contexts whose entry points reach the function over unguarded calls (with the notes)."""
    known: dict[FunctionId, tuple[dict[Context, str], str]]
    known = program.memo.setdefault(__name__, {})
    if function not in known:
        known[function] = _search(program, function)
    return known[function]


def _search(program: Program, function: FunctionId) -> tuple[dict[Context, str], str]:
    entries = _entries(program)
    graph = program.call_graph
    found: dict[Context, str] = {}
    blocked = ""
    seen = {function}
    queue: deque[tuple[FunctionId, str]] = deque([(function, "")])
    while queue and Context.REQUEST not in found:
        callee, note = queue.popleft()
        for entry in entries.get(callee, ()):
            held = SETUP if serves_setup(entry) else _registration(program, callee)
            if held:
                blocked = blocked or held
            else:
                found.setdefault(entry.kind, note)
        for caller in graph.pred[callee] if callee in graph else ():
            edge: CallEdge = graph.edges[caller, callee]["edge"]
            if caller in seen or edge.kind == "process":
                continue
            held = guard(program, caller, edge.at)
            if held:
                blocked = blocked or held
                continue
            seen.add(caller)
            queue.append((caller, note or edge.note))
    return found, blocked


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
