"""Goroutines started in a loop without any limit on how many run at once.

Why it matters: A large request or a burst of messages starts as many goroutines as it has items;
they compete for memory, connections and file handles until everything is slow.
What to do: errgroup.SetLimit, a semaphore channel, or a fixed number of workers on one channel.
Guide: Goroutines are cheap, not free: memory stays predictable only with a bound (L30, L43, L101).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from archlint.knowledge.golang.calls import names
from archlint.model import ir
from archlint.model.finding import Confidence, Context, Report, Severity
from archlint.model.pattern import lazy_regex
from archlint.model.walk import walk
from archlint.program.golang.types import Chan, Map, Slice, underlying
from archlint.program.golang_flow.constants import is_constant
from archlint.program.golang_flow.shapes import dotted, is_name
from archlint.program.golang_flow.sites import Sites, sites
from archlint.program.program import FunctionId, Program
from archlint.rules.registry import rule
from archlint.rules.reporting import ANYWHERE, Extra, Site, site_report

_STREAM = {**ANYWHERE}
_ITEMS = {
    **ANYWHERE,
    Context.STARTUP: None,
    Context.CLI: None,
    Context.UNKNOWN: Severity.NOTE,
    Context.BACKGROUND: Severity.NOTE,
}
_STARTERS = {
    "golang.org/x/sync/errgroup.Group.Go": "errgroup.Group.Go",
    "sync.WaitGroup.Go": "WaitGroup.Go",
}
_RECEIVING = lazy_regex(r"^(Read|Receive|Recv|Fetch|Consume|Next|Pop|Poll)", re.IGNORECASE)
_FIXED = lazy_regex(
    r"(disk|drive|volume|peer|client|clnt|node|server|host|backend|replica|shard|pool|worker|target"
    r"|endpoint|listener|plugin|input|output|provider|module|cpu|thread|partition|chunk|batch"
    r"|stor|check|monitor|watcher|subscri|service|broker|region|zone|set)[a-z]*$",
    re.IGNORECASE,
)
"""Names of collections (or their elements) whose size the deployment sets, or that are cut so."""
_LIMITING = lazy_regex(r"^(Acquire|TryAcquire|Take|SetLimit|Submit|Borrow|Wait|WaitN)$")


@rule(
    "unbounded-goroutines",
    severity=Severity.WARNING,
    confidence=Confidence.MEDIUM,
    languages=("go",),
)
def unbounded_goroutines(program: Program) -> Iterator[Report]:
    """Spawns in loops over messages or data of any size."""
    found = sites(program)
    for ident, stmt in found.spawns():
        if isinstance(stmt.call, ir.Call) and not _is_once(program, ident, stmt.call):
            yield from _spawn(program, found, (ident, stmt.call, "go"), stmt.at)
    for ident, call, callee in found.calls(("Go",)):
        how = _STARTERS.get(callee.canonical)
        if how is not None and not _has_limit(program, ident, call):
            yield from _spawn(program, found, (ident, call, how), call.at)


def _is_once(program: Program, ident: FunctionId, call: ir.Call) -> bool:
    return program.golang.callee(ident, call).canonical in names("once")


def _has_limit(program: Program, ident: FunctionId, call: ir.Call) -> bool:
    """Whether the group's ``SetLimit`` is called in the function or around it."""
    group = dotted(call.callee.object) if isinstance(call.callee, ir.Member) else ""
    outer = sites(program).outermost(ident)
    return any(
        isinstance(other.callee, ir.Member)
        and other.callee.name == "SetLimit"
        and dotted(other.callee.object) == group
        for holder in (outer, *sites(program).closures(outer))
        for other in program.golang.body(holder).calls
    )


def _spawn(
    program: Program, found: Sites, place: tuple[FunctionId, ir.Call, str], at: int
) -> Iterator[Report]:
    ident, call, how = place
    loops = found.loops_around(ident, at)
    if not loops or _limited(program, ident, loops[-1], call) or _leaves(loops[-1], at):
        return
    over = _over(program, ident, loops[-1])
    if over is None:
        return
    kind, what = over
    message = f"{how} in a loop starts one goroutine per {what}, with nothing to limit them"
    site = Site(function=ident, at=at, end=at + len(how), label=how)
    cap = Severity.NOTE if kind == "given" else None
    extra = Extra(scale=_STREAM if kind == "stream" else _ITEMS, cap=cap)
    report = site_report(program, site, message, f"{how} {what}", extra)
    if report is not None:
        yield report


def _over(program: Program, ident: FunctionId, loop: ir.Loop) -> tuple[str, str] | None:
    """What the loop runs over, when its size is not fixed: (stream or items, description)."""
    if loop.kind == "range" and loop.subject is not None:
        shape = underlying(program.golang.type_of(ident, loop.subject))
        if isinstance(shape, Chan):
            return "stream", f"message of {_text(loop.subject)}"
        if isinstance(shape, (Slice, Map)) and isinstance(underlying(shape.elem), Chan):
            return None  # as many as somebody made channels for
        named = (dotted(target) for target in loop.targets if isinstance(target, ir.Name))
        if any(_FIXED.search(name) for name in named):
            return None
        if isinstance(shape, (Slice, Map)) and _varies(program, ident, loop.subject):
            return _kind(program, ident, loop.subject), f"element of {_text(loop.subject)}"
        return None
    if loop.test is None:
        reader = _reader(loop)
        return ("stream", f"result of {reader}") if reader else None
    counted = _length(loop.test)
    if counted is not None and _varies(program, ident, counted):
        return _kind(program, ident, counted), f"element of {_text(counted)}"
    return None


def _kind(program: Program, ident: FunctionId, subject: ir.Expr) -> str:
    """``items`` of what a call gave here, ``given`` when the caller alone knows how many."""
    root: ir.Expr = subject
    while isinstance(root, (ir.Member, ir.Index, ir.SliceExpr)):
        root = root.object
    local = program.golang.binding(ident, root) if isinstance(root, ir.Name) else None
    return "given" if local is not None and local[0].kind in {"param", "variadic"} else "items"


def _leaves(loop: ir.Loop, at: int) -> bool:
    """Whether the loop is always left behind the spawn: the block goes on to return or break."""
    block = _block_of(loop.body, at)
    rest = [stmt for stmt in block if stmt.at > at]
    return any(
        isinstance(stmt, ir.Return) or (isinstance(stmt, ir.Jump) and stmt.kind == "break")
        for stmt in rest
    )


def _block_of(body: tuple[ir.Stmt, ...], at: int) -> tuple[ir.Stmt, ...]:
    """The innermost block of plain and conditional statements that holds a position."""
    for stmt in body:
        if isinstance(stmt, ir.If) and stmt.at < at < stmt.end:
            inner = stmt.other if stmt.other and at >= stmt.other[0].at else stmt.then
            return _block_of(inner, at)
        if isinstance(stmt, ir.Block) and stmt.body and stmt.body[0].at <= at <= stmt.body[-1].at:
            return _block_of(stmt.body, at)
    return body


def _text(subject: ir.Expr) -> str:
    """A collection as a reader knows it; a call with its parentheses."""
    return f"{dotted(subject.callee)}()" if isinstance(subject, ir.Call) else dotted(subject)


def _reader(loop: ir.Loop) -> str:
    """The call with which an endless loop takes its next message ("" for none)."""
    for stmt in loop.body:
        for value in stmt.values if isinstance(stmt, ir.Assign) else ():
            callee = value.callee if isinstance(value, ir.Call) else None
            if isinstance(callee, ir.Member) and _RECEIVING.match(callee.name):
                return dotted(callee)
    return ""


def _length(test: ir.Expr) -> ir.Expr | None:
    """``x`` in ``i < len(x)``."""
    for node in walk((test,)):
        if isinstance(node, ir.Call) and is_name(node.callee, "len") and node.args:
            found: ir.Expr = node.args[0]
            return found
    return None


def _varies(program: Program, ident: FunctionId, subject: ir.Expr) -> bool:
    """Whether a collection comes from outside: a parameter, a call, a request; not configuration.

    Fields of the receiver and package variables are set up once, so their size is known; so is the
    number of the service's own parts (``disks``, ``peers``, ``clients``).
    """
    if _FIXED.search(dotted(subject.callee if isinstance(subject, ir.Call) else subject)):
        return False
    if isinstance(subject, ir.Call):
        return True
    root: ir.Expr = subject
    while isinstance(root, (ir.Member, ir.Index, ir.SliceExpr)):
        root = root.object
    if not isinstance(root, ir.Name):
        return False
    local = program.golang.binding(ident, root)
    if local is None:
        return False
    binding, holder = local
    if binding.kind == "param":
        return not (isinstance(subject, ir.Name) and _is_cut(program, holder, subject))
    if binding.kind != "value" or isinstance(binding.node, ir.Composite):
        return False
    if isinstance(subject, ir.Name) and _is_cut(program, holder, subject):
        return False
    return binding.node is not None and not is_constant(program, holder, binding.node)


def _is_cut(program: Program, holder: FunctionId, name: ir.Name) -> bool:
    """Whether the collection is cut to size before: ``xs = xs[:n]``."""
    return any(
        is_name(target, name.id) and isinstance(value, ir.SliceExpr) and assign.at < name.at
        for assign in program.golang.body(holder).assigns
        for target, value in zip(assign.targets, assign.values, strict=False)
    )


def _limited(program: Program, ident: FunctionId, loop: ir.Loop, call: ir.Call) -> bool:
    """Whether the loop's body, or the goroutine itself, waits for a slot first."""
    functions = program.files[ident[0]].functions
    closures = [part for part in (call.callee, *call.args) if isinstance(part, ir.FunctionRef)]
    bodies = [loop.body, *(functions[part.index].body or () for part in closures)]
    return any(_takes_slot(node) for body in bodies for node in walk(body))


def _takes_slot(node: object) -> bool:
    if isinstance(node, ir.Send):
        return _is_token(node.value)
    if isinstance(node, ir.ExprStmt):
        return isinstance(node.value, ir.Unary) and node.value.op == "<-"
    if isinstance(node, ir.Call) and isinstance(node.callee, ir.Member):
        name = node.callee.name
        if name == "Add" and not node.args:
            return True  # a wait group with a size
        return _LIMITING.match(name) is not None or name == "Accept"
    return False


def _is_token(value: ir.Expr) -> bool:
    """A value that only counts: ``struct{}{}``, ``true``, a number."""
    if isinstance(value, ir.Composite):
        return not value.entries and isinstance(value.type, ir.TStruct)
    return isinstance(value, ir.Literal)
