"""A goroutine, or a context with its timer, that stays when the function that made it has left.

Why it matters: A goroutine that waits for ever keeps its stack and all it refers to; on a request
path their number grows with every request until the service falls over.
What to do: Give the channel a buffer of one or close it, select on ctx.Done(), or wait for it;
defer a context's cancel function where it is made.
Guide: Goroutines are light as long as they end; Go is chosen for stable memory (L18, L43, L101).
"""

from __future__ import annotations

from collections.abc import Iterator

from archlint.model import ir
from archlint.model.finding import Confidence, Context, Related, Report, Severity
from archlint.model.location import line_of, locate
from archlint.model.walk import walk
from archlint.program.golang_flow.abandoned import abandoned, generator
from archlint.program.golang_flow.cancels import Lost, lost_cancels
from archlint.program.golang_flow.channels import Channel, channels, held
from archlint.program.golang_flow.flow import Analysis, State, follow
from archlint.program.golang_flow.guards import runs_once
from archlint.program.golang_flow.shapes import is_name, type_name
from archlint.program.golang_flow.sites import Sites, sites, statements
from archlint.program.program import FunctionId, Program
from archlint.rules.registry import rule
from archlint.rules.reporting import ANYWHERE, Extra, Site, entry_phrase, site_report

_SCALE = {**ANYWHERE, Context.REQUEST: Severity.ERROR, Context.STARTUP: Severity.NOTE}
_PER_REQUEST = {**dict.fromkeys(Context, None), Context.REQUEST: Severity.ERROR}
_PER_REQUEST[Context.BACKGROUND] = Severity.WARNING
_BUFFER = "make {} with a buffer of one"


@rule("goroutine-leak", severity=Severity.ERROR, confidence=Confidence.HIGH, languages=("go",))
def goroutine_leak(program: Program) -> Iterator[Report]:
    """Sends nobody may receive, receives nobody answers, endless loops, and lost cancellation."""
    found = sites(program)
    starters = sorted({ident for ident, _ in found.spawns()})
    for ident in starters:
        for channel in channels(program, ident):
            if not channel.escapes and not channel.returned:
                yield from _abandoned(program, channel)
                yield from _unanswered(program, channel)
    yield from _generated(program, found)
    for ident, stmt in found.spawns():
        yield from _endless(program, ident, stmt)
    for lost in lost_cancels(program):
        yield from _uncancelled(program, lost)


# ------------------------------------------------------------------ sends


def _abandoned(program: Program, channel: Channel) -> Iterator[Report]:
    """An unbuffered send in a goroutine, and a way out that never receives."""
    leaving = abandoned(program, channel)
    if leaving is None:
        return
    ident, at = channel.sends[0]
    facts = program.files[channel.function[0]]
    end = program.function(channel.function).end - 1
    leaves = leaving.exit.at if leaving.exit is not None else end
    name, line = channel.name, str(line_of(facts, leaves))
    if ident[0] != channel.function[0]:
        line = f"{line} of {channel.function[0]}"
    message = (
        f"the goroutines that send on {name} wait for ever when the function that receives leaves "
        f"at line {line} with one of them answered"
        if leaving.some
        else f"this goroutine waits for ever to send on {name} when the function that receives "
        f"leaves at line {line}"
    )
    related = (Related(locate(facts, leaves), f"leaves without receiving from {name}"),)
    site = Site(function=ident, at=at, end=at + len(name), label=f"{name} <-")
    advice = f"give {name} a buffer for every sender" if leaving.some else _BUFFER.format(name)
    extra = Extra(scale=_SCALE, related=related, advice=advice)
    yield from _made(site_report(program, site, message, f"send {name}", extra))


def _generated(program: Program, found: Sites) -> Iterator[Report]:
    """Loops over what a function generates for ever, left early: its goroutine stays."""
    for ident, _ in found.functions:
        for loop in found.loops(ident):
            source = _source(program, ident, loop.subject) if loop.kind == "range" else None
            way_out = _left(loop) if source is not None else None
            if source is None or way_out is None or generator(program, source) is None:
                continue
            if isinstance(loop.subject, ir.Name) and held(program, ident, loop.subject.id).escapes:
                continue
            name = program.function(source).name
            line = line_of(program.files[ident[0]], way_out.at)
            message = (
                f"leaving the loop at line {line} leaves the goroutine of {name} waiting for ever "
                "to send"
            )
            site = Site(function=ident, at=loop.at, end=loop.at + 3, label=f"range {name}")
            extra = Extra(scale=_SCALE, advice=f"give {name} a context and stop it, or drain it")
            yield from _made(site_report(program, site, message, f"generator {name}", extra))


def _source(program: Program, ident: FunctionId, subject: ir.Expr | None) -> FunctionId | None:
    """The function whose result a loop runs over, straight or through one local variable."""
    if isinstance(subject, ir.Name):
        local = program.golang.binding(ident, subject)
        if local is None or local[0].kind != "value" or local[1] != ident or local[0].index:
            return None
        subject = local[0].node
    if not isinstance(subject, ir.Call):
        return None
    functions = program.golang.callee(ident, subject).functions
    return functions[0] if len(functions) == 1 else None


def _left(loop: ir.Loop) -> ir.Stmt | None:
    """A statement that leaves the loop before its channel is closed."""
    inside = list(statements(loop.body))
    inner = [stmt for stmt in inside if isinstance(stmt, (ir.Loop, ir.Switch))]
    for stmt in inside:
        if isinstance(stmt, ir.Return):
            return stmt
        leaves = isinstance(stmt, ir.Jump) and stmt.kind == "break" and not stmt.label
        if leaves and not any(nested.at < stmt.at < nested.end for nested in inner):
            return stmt
    return None


# --------------------------------------------------------------- receives


def _unanswered(program: Program, channel: Channel) -> Iterator[Report]:
    """A goroutine that ranges over, or receives from, a channel nobody closes or sends to."""
    if channel.closed:
        return
    for ident, at in channel.ranges:
        if ident in channel.apart and _last_use(program, ident, at):
            message = f"this goroutine never ends: nobody closes {channel.name}"
            site = Site(function=ident, at=at, end=at + 3, label=f"range {channel.name}")
            extra = Extra(scale=_SCALE, advice=f"close {channel.name} after the last send")
            yield from _made(site_report(program, site, message, f"range {channel.name}", extra))
    if channel.sends or channel.other_sends:
        return
    for ident, at in channel.receives:
        if ident in channel.apart and not _in_select(program, ident, at):
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
    if not _recurs(program, ident, stmt) or not isinstance(call, ir.Call):
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


def _recurs(program: Program, ident: FunctionId, stmt: ir.Spawn) -> bool:
    """Whether the statement runs for every request or job; a service's own loops start once."""
    context = program.context(ident)
    if context is Context.BACKGROUND:
        entry = program.reach.entry(ident)
        return (entry is not None and entry.framework != "") or bool(
            sites(program).loops_around(ident, stmt.at)
        )
    return context is Context.REQUEST


def _dies(body: tuple[ir.Stmt, ...]) -> bool:
    """Whether the goroutine may end by a panic or by Goexit."""
    return any(
        isinstance(node, ir.Call) and (is_name(node.callee, "panic") or _is_exit(node.callee))
        for node in walk(body)
    )


def _is_exit(callee: ir.Expr) -> bool:
    return isinstance(callee, ir.Member) and callee.name in {"Goexit", "Exit"}


# -------------------------------------------------------------- cancellation


def _uncancelled(program: Program, lost: Lost) -> Iterator[Report]:
    """A context that stays with its children until its parent ends, or its timer fires."""
    callee = program.golang.callee(lost.function, lost.call).canonical
    facts = program.files[lost.function[0]]
    if lost.cancel == "_":
        message = f"the cancel function of {callee} is dropped: the context stays with its parent"
    else:
        line = line_of(facts, lost.exit)
        message = f"{lost.cancel} is not called on the path that leaves at line {line}"
    related = () if lost.cancel == "_" else (Related(locate(facts, lost.exit), "leaves here"),)
    cap = Severity.WARNING if callee.startswith("context.WithCancel") else Severity.NOTE
    call = lost.call
    site = Site(function=lost.function, at=call.at, end=call.end, label=callee)
    advice = f"defer {lost.cancel}() behind the call" if lost.cancel != "_" else ""
    extra = Extra(scale=_SCALE, cap=cap, related=related, advice=advice)
    yield from _made(site_report(program, site, message, f"cancel {lost.cancel}", extra))


def _made(report: Report | None) -> Iterator[Report]:
    if report is not None:
        yield report
