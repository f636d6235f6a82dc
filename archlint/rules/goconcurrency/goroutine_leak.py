"""A goroutine that cannot end once the function that started it has left.

Why it matters: A goroutine that waits for ever keeps its stack and all it refers to; on a request
path their number grows with every request until the service falls over.
What to do: Give the channel a buffer of one or close it, select on ctx.Done(), or wait for it.
Guide: Goroutines are light as long as they end; Go is chosen for stable memory (L18, L43, L101).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from archlint.model import ir
from archlint.model.finding import Confidence, Context, Related, Report, Severity
from archlint.model.location import line_of, locate
from archlint.model.walk import walk
from archlint.program.golang_flow.channels import Channel, channels
from archlint.program.golang_flow.flow import Analysis, State, follow
from archlint.program.golang_flow.guards import runs_once
from archlint.program.golang_flow.shapes import is_name, type_name
from archlint.program.golang_flow.sites import Sites, sites
from archlint.program.program import FunctionId, Program
from archlint.rules.registry import rule
from archlint.rules.reporting import ANYWHERE, Extra, Site, entry_phrase, site_report

_SCALE = {**ANYWHERE, Context.REQUEST: Severity.ERROR, Context.STARTUP: Severity.NOTE}
_PER_REQUEST = {**dict.fromkeys(Context, None), Context.REQUEST: Severity.ERROR}
_PER_REQUEST[Context.BACKGROUND] = Severity.WARNING


@rule("goroutine-leak", severity=Severity.ERROR, confidence=Confidence.HIGH, languages=("go",))
def goroutine_leak(program: Program) -> Iterator[Report]:
    """Sends nobody may receive, receives nobody answers, and endless loops started per request."""
    found = sites(program)
    starters = sorted({ident for ident, _ in found.spawns()})
    for ident in starters:
        for channel in channels(program, ident):
            if not channel.escapes:
                yield from _abandoned(program, found, channel)
                yield from _unanswered(program, found, channel)
    for ident, stmt in found.spawns():
        yield from _endless(program, ident, stmt)


def _spawned(found: Sites, ident: FunctionId) -> bool:
    use = found.given.get(ident)
    return use is not None and use[2] == "spawn"


# ------------------------------------------------------------------ sends


class _Abandoned(Analysis):
    """Follows a channel from the spawn of its sender to a receive or an exit."""

    def __init__(self, channel: Channel, senders: set[int]) -> None:
        self.channel = channel
        self.senders = senders
        self.exits: list[ir.Return | None] = []

    def visit(self, node: Any, state: State) -> State:
        """A spawn opens, a receive closes."""
        if isinstance(node, ir.Spawn):
            return state | {"open"} if _starts(node, self.senders) else state
        return frozenset() if state and self._receives(node) else state

    def skip(self, loop: ir.Loop, state: State) -> State | None:
        """A loop that receives is taken to do so as often as it must."""
        return frozenset() if state and self._receives(loop) else state

    def leave(self, node: ir.Return | None, state: State) -> None:
        """An exit with the sender still waiting."""
        if state:
            self.exits.append(node)

    def _receives(self, node: Any) -> bool:
        name = self.channel.name
        if is_name(node, name):
            return True
        return any(
            (isinstance(n, ir.Unary) and n.op == "<-" and is_name(n.value, name))
            or (isinstance(n, ir.Loop) and n.subject is not None and is_name(n.subject, name))
            for n in walk((node,))
        )


def _starts(stmt: ir.Spawn, closures: set[int]) -> bool:
    call = stmt.call
    callee = call.callee if isinstance(call, ir.Call) else call
    return isinstance(callee, ir.FunctionRef) and callee.index in closures


def _abandoned(program: Program, found: Sites, channel: Channel) -> Iterator[Report]:
    """An unbuffered send in a goroutine, and a way out that never receives."""
    if channel.buffered or not channel.sends:
        return
    if not all(_spawned(found, ident) for ident, _ in channel.sends):
        return
    if not all(ident == channel.function for ident, _ in (*channel.receives, *channel.ranges)):
        return
    senders = {ident[1] for ident, _ in channel.sends}
    analysis = _Abandoned(channel, senders)
    follow(program.function(channel.function).body or (), analysis)
    if not analysis.exits:
        return
    ident, at = channel.sends[0]
    facts = program.files[ident[0]]
    first = analysis.exits[0]
    leaves = first.at if first is not None else program.function(channel.function).end - 1
    name = channel.name
    message = (
        f"this goroutine waits for ever to send on {name} when the function that receives "
        f"leaves at line {line_of(facts, leaves)}"
    )
    related = (Related(locate(facts, leaves), f"leaves without receiving from {name}"),)
    site = Site(function=ident, at=at, end=at + len(name), label=f"{name} <-")
    extra = Extra(scale=_SCALE, related=related, advice=f"make {name} with a buffer of one")
    yield from _made(site_report(program, site, message, f"send {name}", extra))


# --------------------------------------------------------------- receives


def _unanswered(program: Program, found: Sites, channel: Channel) -> Iterator[Report]:
    """A goroutine that ranges over, or receives from, a channel nobody closes or sends to."""
    if channel.closed:
        return
    for ident, at in channel.ranges:
        if _spawned(found, ident) and _last_use(program, ident, at):
            message = f"this goroutine never ends: nobody closes {channel.name}"
            site = Site(function=ident, at=at, end=at + 3, label=f"range {channel.name}")
            extra = Extra(scale=_SCALE, advice=f"close {channel.name} after the last send")
            yield from _made(site_report(program, site, message, f"range {channel.name}", extra))
    if channel.sends or channel.other_sends:
        return
    for ident, at in channel.receives:
        if _spawned(found, ident) and not _in_select(program, ident, at):
            message = f"this goroutine never ends: nobody sends on or closes {channel.name}"
            site = Site(function=ident, at=at, end=at + 2, label=f"<-{channel.name}")
            key = f"receive {channel.name}"
            yield from _made(site_report(program, site, message, key, Extra(scale=_SCALE)))


def _last_use(program: Program, ident: FunctionId, at: int) -> bool:
    """Whether the loop can only end by the channel's end: nothing in it leaves."""
    loop = next(found for found in sites(program).loops(ident) if found.at == at)
    return not any(isinstance(n, (ir.Return, ir.Jump)) for n in walk(loop.body))


def _in_select(program: Program, ident: FunctionId, at: int) -> bool:
    return any(
        isinstance(node, ir.Switch)
        and node.kind == "select"
        and len(node.cases) > 1
        and node.at < at < node.end
        for node in walk(program.function(ident).body or ())
    )


# ----------------------------------------------------------- endless loops


class _Exits(Analysis):
    """Whether a function can leave at all."""

    def __init__(self, program: Program, ident: FunctionId) -> None:
        self.program = program
        self.ident = ident
        self.leaves = False

    def skip(self, loop: ir.Loop, state: State) -> State | None:
        """A ticker's channel is never closed."""
        subject = loop.subject
        if not isinstance(subject, ir.Member) or subject.name != "C":
            return state
        ticks = type_name(self.program, self.ident, subject.object) == "time.Ticker"
        return None if ticks else state

    def leave(self, node: ir.Return | None, state: State) -> None:
        """It can."""
        self.leaves = True


def _endless(program: Program, ident: FunctionId, stmt: ir.Spawn) -> Iterator[Report]:
    """A goroutine whose function never leaves, started by a request or a job."""
    call = stmt.call
    if program.context(ident) not in _SERVING or not isinstance(call, ir.Call):
        return
    callee = program.golang.callee(ident, call)
    if len(callee.functions) != 1 or runs_once(program, ident, call):
        return
    target = callee.functions[0]
    body = program.function(target).body
    if not body or not any(isinstance(node, ir.Loop) for node in walk(body)):
        return
    analysis = _Exits(program, target)
    follow(body, analysis)
    if analysis.leaves or _dies(body):
        return
    name = callee.canonical.rpartition("/")[2] or "this function literal"
    message = f"{name} never returns: every run starts another goroutine that stays"
    way = entry_phrase(program, ident)
    site = Site(function=ident, at=stmt.at, end=stmt.at + 2, label=f"go {name}")
    extra = Extra(scale=_PER_REQUEST, confidence=Confidence.MEDIUM)
    report = site_report(program, site, f"{message} ({way})", f"endless {name}", extra)
    yield from _made(report)


_SERVING = {Context.REQUEST, Context.BACKGROUND}


def _dies(body: tuple[ir.Stmt, ...]) -> bool:
    """Whether the goroutine may end by a panic or by Goexit."""
    return any(
        isinstance(node, ir.Call) and (is_name(node.callee, "panic") or _is_exit(node.callee))
        for node in walk(body)
    )


def _is_exit(callee: ir.Expr) -> bool:
    return isinstance(callee, ir.Member) and callee.name in {"Goexit", "Exit"}


def _made(report: Report | None) -> Iterator[Report]:
    if report is not None:
        yield report
