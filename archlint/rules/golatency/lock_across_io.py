"""A mutex is held while the code waits for the network, another process or the clock.

Why it matters: Every request that needs the lock waits for the slowest answer; one stalled peer
stops all of them.
What to do: Copy what is needed under the lock, unlock, then wait; or use singleflight.
Guide: Go's latency stays stable because work is independent; a lock across I/O undoes it (L95).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from archlint.knowledge.golang.calls import last_parts, names
from archlint.model import ir
from archlint.model.finding import Confidence, Context, Report, Severity
from archlint.model.location import line_of
from archlint.model.walk import walk
from archlint.program.golang_flow.flow import Analysis, State, follow
from archlint.program.golang_flow.guards import runs_once
from archlint.program.golang_flow.shapes import dotted, nil_test
from archlint.program.golang_flow.sites import sites, statements
from archlint.program.golang_flow.stores import Key, key_of
from archlint.program.program import FunctionId, Program
from archlint.rules.registry import rule
from archlint.rules.reporting import ON_REQUEST_PATH, Extra, Site, site_report

_SCALE = {
    **ON_REQUEST_PATH,
    Context.REQUEST: Severity.WARNING,
    Context.BACKGROUND: Severity.NOTE,
    Context.STARTUP: None,
    Context.CLI: None,
}
_LOCKS = {"sync.Mutex.Lock", "sync.RWMutex.Lock", "sync.Locker.Lock"}
_DEPTH = 3
"""Calls between the lock and the wait that are followed inside the repo."""


class _Held(Analysis):
    """Follows which locks are held; notes waits under one."""

    def __init__(self, program: Program, ident: FunctionId, waits: dict[FunctionId, str]) -> None:
        self.program = program
        self.ident = ident
        self.waits = waits
        self.found: dict[int, tuple[ir.Call, str, str, int]] = {}

    def visit(self, node: Any, state: State) -> State:
        """Locks, unlocks and waits in the order in which they stand."""
        if isinstance(node, ir.Spawn):
            return state
        for inner in walk((node,)):
            if isinstance(inner, ir.Call):
                state = self._call(inner, state)
        return state

    def defer(self, node: ir.Defer, state: State) -> State:
        """A deferred unlock comes too late to matter; a deferred wait is not followed."""
        return state

    def _call(self, call: ir.Call, state: State) -> State:
        callee = call.callee
        if isinstance(callee, ir.Member) and callee.name in {"Lock", "Unlock"}:
            lock = dotted(callee.object)
            if callee.name == "Unlock":
                return frozenset(fact for fact in state if fact[0] != lock)
            if self.program.golang.callee(self.ident, call).canonical in _LOCKS:
                return state | {(lock, call.at)}
            return state
        if state and call.at not in self.found:
            wait = self._wait(call)
            if wait:
                lock, at = min(state)
                self.found[call.at] = (call, wait, lock, at)
        return state

    def _wait(self, call: ir.Call) -> str:
        """What the call waits for, directly or through the repo's functions ("" for nothing)."""
        callee = self.program.golang.callee(self.ident, call)
        if callee.canonical in names("waits"):
            return callee.canonical.rpartition("/")[2]
        if callee.kind in {"function", "method"} and len(callee.functions) == 1:
            through = self.waits.get(callee.functions[0])
            if through and not self._unlocks(callee.functions[0]):
                return f"{callee.canonical.rpartition('/')[2]}, which calls {through}"
        return ""

    def _unlocks(self, ident: FunctionId) -> bool:
        """Whether the callee lets a lock go itself before it waits."""
        return any(
            isinstance(call.callee, ir.Member) and call.callee.name == "Unlock"
            for call in self.program.golang.body(ident).calls
        )


@rule("lock-across-io", severity=Severity.WARNING, confidence=Confidence.MEDIUM, languages=("go",))
def lock_across_io(program: Program) -> Iterator[Report]:
    """Waits between Lock and Unlock."""
    waits = _waiting_functions(program)
    held: dict[FunctionId, _Held] = {}
    for ident in sorted({ident for ident, _ in sites(program).named("Lock")}):
        held[ident] = _Held(program, ident, waits)
        follow(program.function(ident).body or (), held[ident])
    shared = _shared(program, held)
    for ident, analysis in held.items():
        told: set[tuple[str, int]] = set()
        for _, (call, wait, lock, at) in sorted(analysis.found.items()):
            if (lock, at) not in told:
                told.add((lock, at))
                by_itself = at not in shared.get(ident, ()) and wait != "time.Sleep"
                cap = Severity.NOTE if by_itself or _sets_up(program, ident, call) else None
                yield from _report(program, ident, _Wait(call, wait, lock, at), cap)


class _Wait(NamedTuple):
    """A call that waits, what for, and the lock that is held with where it was taken."""

    call: ir.Call
    wait: str
    lock: str
    at: int


def _report(
    program: Program, ident: FunctionId, found: _Wait, cap: Severity | None
) -> Iterator[Report]:
    line = line_of(program.files[ident[0]], found.at)
    message = f"{found.lock} is held (since line {line}) across {found.wait}"
    call = found.call
    site = Site(function=ident, at=call.at, end=call.end, label=found.wait)
    extra = Extra(scale=_SCALE, cap=cap)
    report = site_report(program, site, message, f"{found.lock}:{found.wait}", extra)
    if report is not None:
        yield report


def _shared(program: Program, held: dict[FunctionId, _Held]) -> dict[FunctionId, set[int]]:
    """Per function where it takes locks that others hold briefly: those wait with it.

    A lock that is only ever held across waits is there to let one of them run at a time.
    """
    brief: set[Key] = set()
    taken: dict[FunctionId, list[tuple[Key, int]]] = {}
    for name in ("Lock", "RLock"):
        for ident, call in sites(program).named(name):
            owner = call.callee.object if isinstance(call.callee, ir.Member) else None
            key = key_of(program, ident, owner) if owner is not None else None
            if key is None:
                continue
            waiting = {at for _, _, _, at in held[ident].found.values()} if ident in held else set()
            if call.at in waiting:
                taken.setdefault(ident, []).append((key, call.at))
            else:
                brief.add(key)
    return {
        ident: {at for key, at in places if key in brief} for ident, places in sorted(taken.items())
    }


def _sets_up(program: Program, ident: FunctionId, call: ir.Call) -> bool:
    """Whether the lock guards what is made once: ``if x != nil { return }`` or ``if ok`` first."""
    if runs_once(program, ident, call):
        return True
    for stmt in statements(program.function(ident).body or ()):
        if isinstance(stmt, ir.If) and stmt.at < call.at and stmt.then:
            if isinstance(stmt.test, ir.Name) and isinstance(stmt.then[-1], ir.Return):
                return True
            checked = nil_test(stmt.test)
            made = checked is not None and checked[1] and isinstance(checked[0], ir.Member)
            if made and isinstance(stmt.then[-1], ir.Return):
                return True
    return False


def _waiting_functions(program: Program) -> dict[FunctionId, str]:
    """Functions that wait, directly or a few plain calls further down: what they wait for."""
    table = names("waits")
    found: dict[FunctionId, str] = {}
    for ident, _, callee in sites(program).calls(last_parts("waits")):
        if callee.canonical in table:
            found.setdefault(ident, callee.canonical.rpartition("/")[2])
    graph = program.call_graph
    level = sorted(found)
    for _ in range(_DEPTH):
        above: list[FunctionId] = []
        for ident in level:
            for caller in sorted(graph.pred[ident]) if ident in graph else ():
                edge = graph.edges[caller, ident]["edge"]
                if edge.kind == "call" and not edge.note and caller not in found:
                    found[caller] = found[ident]
                    above.append(caller)
        level = above
    return found
