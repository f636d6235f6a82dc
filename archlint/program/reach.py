"""Reachability: from entry points along the call graph, with the shortest trace."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from archlint.model.finding import Context, EntryPoint, Hop
from archlint.model.location import line_of

if TYPE_CHECKING:
    from archlint.program.program import CallEdge, FunctionId, Program

ORDER = (
    Context.REQUEST,
    Context.BACKGROUND,
    Context.STARTUP,
    Context.CLI,
    Context.TEST,
    Context.BUILD,
)
"""Contexts from the weightiest to the lightest; a function has the first that reaches it."""
APART = frozenset({"once", "process"})
"""Kinds of call edges that no path follows: what they lead to has entry points of its own."""


def is_vague(entry: EntryPoint) -> bool:
    """Whether a label names no path (``* *``): one that does says more to a reader."""
    return entry.label.rpartition(" ")[2] == "*"


class Reach:
    """Answers, memoised per context: who reaches a function, and along which calls."""

    def __init__(self, program: Program) -> None:
        self._program = program
        self._from: dict[Context, dict[FunctionId, CallEdge | EntryPoint]] = {}
        self._contexts: dict[FunctionId, Context] = {}
        self._calls: dict[FunctionId, list[CallEdge]] | None = None
        self._masks: dict[FunctionId, int] | None = None

    def _table(self, context: Context) -> dict[FunctionId, CallEdge | EntryPoint]:
        """Breadth first from the context's entry points: function -> the step that found it."""
        table = self._from.get(context)
        if table is None:
            table = self._from[context] = self._search(context)
        return table

    def _search(self, context: Context) -> dict[FunctionId, CallEdge | EntryPoint]:
        calls = self._within()
        table: dict[FunctionId, CallEdge | EntryPoint] = {}
        queue: deque[FunctionId] = deque()
        for entry in sorted(self._program.entry_points, key=is_vague):
            if entry.kind is context and entry.function[1] >= 0 and entry.function not in table:
                table[entry.function] = entry
                queue.append(entry.function)
        while queue:
            for edge in calls.get(queue.popleft(), ()):
                if edge.callee not in table:
                    table[edge.callee] = edge
                    queue.append(edge.callee)
        return table

    def _within(self) -> dict[FunctionId, list[CallEdge]]:
        """The calls of each function that stay in its process and are not made once for it."""
        if self._calls is None:
            self._calls = {}
            for caller, below in self._program.call_graph.adj.items():
                edges: list[CallEdge] = [data["edge"] for data in below.values()]
                self._calls[caller] = [edge for edge in edges if edge.kind not in APART]
        return self._calls

    def reaches(self, context: Context, ident: FunctionId) -> bool:
        """Whether an entry point of this context reaches the function."""
        return ident in self._table(context)

    def context(self, ident: FunctionId) -> Context:
        """The weightiest context that reaches the function; the file's role decides for tests."""
        found = self._contexts.get(ident)
        if found is None:
            found = self._contexts[ident] = self._context(ident)
        return found

    def _context(self, ident: FunctionId) -> Context:
        role = self._program.roles.get(ident[0], "production")
        if role == "test":
            return Context.TEST
        if role in {"build", "example"}:
            return Context.BUILD
        for context in ORDER:
            if ident in self._table(context):
                return context
        return Context.UNKNOWN

    def entry(self, ident: FunctionId) -> EntryPoint | None:
        """The entry point from which the shortest trace starts."""
        step: CallEdge | EntryPoint | None = self._step(ident)
        while step is not None and not isinstance(step, EntryPoint):
            step = self._table(self.context(ident)).get(step.caller)
        return step

    def _step(self, ident: FunctionId) -> CallEdge | EntryPoint | None:
        context = self.context(ident)
        return self._table(context).get(ident) if context in ORDER else None

    def trace(self, ident: FunctionId, last: Hop | None = None) -> tuple[Hop, ...]:
        """The calls from the entry point down to the function, then ``last``.

        Empty when no entry point reaches it. Each hop's line is where its call stands.
        """
        edges, entry = self.calls_to(ident)
        if entry is None:
            return ()
        hops = [Hop(entry.path, entry.line, entry.label), *map(self._hop, edges)]
        return (*hops, last) if last is not None else tuple(hops)

    def calls_to(self, ident: FunctionId) -> tuple[list[CallEdge], EntryPoint | None]:
        """The shortest chain of calls from an entry point to the function, and that entry point."""
        context = self.context(ident)
        table = self._table(context) if context in ORDER else {}
        edges: list[CallEdge] = []
        step = table.get(ident)
        while step is not None and not isinstance(step, EntryPoint):
            edges.append(step)
            step = table.get(step.caller)
        edges.reverse()
        return edges, step

    def _hop(self, edge: CallEdge) -> Hop:
        facts = self._program.files[edge.caller[0]]
        callee = self._program.function(edge.callee)
        label = callee.name or f"anonymous {callee.kind}"
        if edge.note:
            label = f"{label} ({edge.note})"
        return Hop(edge.caller[0], line_of(facts, edge.at), label)

    def entry_masks(self) -> dict[FunctionId, int]:
        """Per function a bit mask over ``Program.entry_points``: which of them reach it.

        Only request and background entry points are counted; bit i is entry point i.
        """
        if self._masks is None:
            self._masks = self._propagate()
        return self._masks

    def _propagate(self) -> dict[FunctionId, int]:
        calls = self._within()
        masks: dict[FunctionId, int] = {}
        queue: deque[FunctionId] = deque()
        waiting: set[FunctionId] = set()
        for bit, entry in enumerate(self._program.entry_points):
            if entry.kind in {Context.REQUEST, Context.BACKGROUND} and entry.function[1] >= 0:
                masks[entry.function] = masks.get(entry.function, 0) | (1 << bit)
                queue.append(entry.function)
        while queue:
            caller = queue.popleft()
            waiting.discard(caller)
            mask = masks[caller]
            for edge in calls.get(caller, ()):
                known = masks.get(edge.callee, 0)
                if known | mask != known:
                    masks[edge.callee] = known | mask
                    if edge.callee not in waiting:
                        waiting.add(edge.callee)
                        queue.append(edge.callee)
        return masks

    def entry_count(self, ident: FunctionId) -> int:
        """How many request and background entry points reach the function."""
        return self.entry_masks().get(ident, 0).bit_count()
