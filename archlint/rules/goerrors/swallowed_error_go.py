"""An error is found and then forgotten: the branch does nothing, or returns nil instead.

Why it matters: The caller takes the failure for a success and goes on with missing or wrong data.
What to do: Return the error (with context), handle or log it, or say in a comment why it may go.
Guide: Go's explicit errors help only where they are passed on (L48, L50, L116).
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

from archlint.knowledge.golang.calls import mapping
from archlint.model import ir
from archlint.model.facts import FunctionFacts
from archlint.model.finding import Confidence, Context, Report, Severity
from archlint.model.location import line_of
from archlint.model.pattern import lazy_regex
from archlint.program.golang_flow.shapes import is_name, mentions, nil_test, source_of, type_name
from archlint.program.golang_flow.sites import sites, statements
from archlint.program.program import FunctionId, Program
from archlint.rules.registry import rule
from archlint.rules.reporting import ANYWHERE, Extra, Site, site_report

_SCALE = {**ANYWHERE, Context.STARTUP: Severity.NOTE, Context.CLI: Severity.NOTE}
_ASKING = (
    "is",
    "has",
    "exists",
    "can",
    "try",
    "find",
    "lookup",
    "maybe",
    "parse",
    "match",
    "valid",
)
"""What the names of functions begin with whose failure is an answer."""
_PROBES = (
    "encoding/base64.", "encoding/hex.", "encoding/json.Unmarshal",
    "golang.org/x/crypto/bcrypt.CompareHashAndPassword", "mime.ParseMediaType", "net.ParseCIDR",
    "net.ParseMAC", "net.SplitHostPort", "net/http.Request.Cookie", "net/url.Parse", "os.Lstat",
    "os.Open", "os.ReadDir", "os.ReadFile", "os.Stat", "os/exec.LookPath", "path/filepath.Rel",
    "strconv.", "time.Parse",
)  # fmt: skip
"""Calls whose error often is the answer to a question."""
_LOGS = lazy_regex(
    r"(?:Error|Warn|Warning|Print|Info|Debug|Log|Fatal|Panic|Trace)(?:f|ln|w|Context)?$"
)
_ENDS = lazy_regex(r"^(?:Read\w*|Recv|Next\w*|[sS]leep\w*|[wW]ait\w*|Acquire)$")
"""Calls whose error often only says that it is over: the stream, the wait."""


@rule(
    "swallowed-error-go", severity=Severity.WARNING, confidence=Confidence.HIGH, languages=("go",)
)
def swallowed_error_go(program: Program) -> Iterator[Report]:
    """``if err != nil`` branches that lose the error, and ``err == nil`` ones that return it."""
    for ident, function in sites(program).functions:
        for stmt in program.golang.body(ident).ifs:
            checked = nil_test(stmt.test)
            if checked is not None and isinstance(checked[0], ir.Name):
                yield from _branch(program, (ident, function), stmt, (checked[0], checked[1]))
        for loop, end in _ended(function, program.golang.body(ident).loops):
            yield from _left(program, ident, loop, end)


def _ended(function: FunctionFacts, loops: list[ir.Loop]) -> Iterator[tuple[ir.Loop, ir.Return]]:
    """Loops behind which the function at once returns nil for its error."""
    if not loops:
        return
    for block in (function.body or (), *(loop.body for loop in loops)):
        for loop, end in pairwise(block):
            if type(loop) is ir.Loop and type(end) is ir.Return and _gives_nil(end, function):
                yield loop, end


def _left(program: Program, ident: FunctionId, loop: ir.Loop, end: ir.Return) -> Iterator[Report]:
    """An error that only leaves the loop: ``if err != nil { break }``, and nil is returned."""
    for stmt in loop.body:
        checked = nil_test(stmt.test) if isinstance(stmt, ir.If) else None
        if not isinstance(stmt, ir.If) or checked is None or not stmt.then or not checked[1]:
            continue
        name, last = checked[0], stmt.then[-1]
        leaves = isinstance(last, ir.Jump) and last.kind == "break" and not last.label
        if not leaves or not isinstance(name, ir.Name) or mentions(stmt.then, name.id):
            continue
        if _is_error(program, ident, name) and not _commented(program, ident, stmt):
            source = source_of(program, ident, name)
            over = isinstance(source, ir.Call) and _ENDS.search(_called(source))
            confidence = Confidence.LOW if over or _told(program, ident, stmt) else None
            message = f"{name.id} only ended the loop: nil is returned for it"
            lost = _Lost(stmt, message, Severity.NOTE, confidence, end)
            yield from _report(program, ident, lost)


def _branch(
    program: Program,
    place: tuple[FunctionId, FunctionFacts],
    stmt: ir.If,
    checked: tuple[ir.Name, bool],
) -> Iterator[Report]:
    (ident, function), (name, fails) = place, checked
    if not fails:
        if _returns(stmt.then, name.id, function) and _is_error(program, ident, name):
            message = f"{name.id} is nil here, but it is what the branch returns"
            yield from _report(program, ident, _Lost(stmt, message, Severity.NOTE))
        return
    message = _loss(stmt, name.id, function)
    if not message or _commented(program, ident, stmt) or not _is_error(program, ident, name):
        return
    cap = Severity.NOTE if len(stmt.then) > 1 else _cap(program, ident, stmt, name)
    quiet = _told(program, ident, stmt) or _elsewhere(stmt, name.id, function)
    confidence = Confidence.LOW if quiet else None
    yield from _report(program, ident, _Lost(stmt, message, cap, confidence))


def _elsewhere(stmt: ir.If, name: str, function: FunctionFacts) -> bool:
    """Whether the branch only returns the error, in the place of a result of another type."""
    last = stmt.then[-1] if len(stmt.then) == 1 else None
    if not isinstance(last, ir.Return) or len(last.values) != len(function.results):
        return False
    given = [r for r, v in zip(function.results, last.values, strict=True) if is_name(v, name)]
    return bool(given) and all(result.type != ir.TName("error") for result in given)


def _loss(stmt: ir.If, name: str, function: FunctionFacts) -> str:
    """How the branch loses the error ("" when it does not)."""
    if not stmt.then:
        return "" if stmt.other else f"{name} is checked and then ignored: the branch is empty"
    last = stmt.then[-1]
    if mentions(stmt.then, name) and not _elsewhere(stmt, name, function):
        return ""
    if isinstance(last, ir.Return) and _gives_nil(last, function):
        closures = any(isinstance(s, (ir.Defer, ir.Spawn)) for s in stmt.then)
        return "" if closures else f"{name} is not nil, but the branch returns nil for it"
    return ""


def _told(program: Program, ident: FunctionId, stmt: ir.If) -> bool:
    """Whether the branch tells somebody: it logs, or answers the request."""
    for inner in statements(stmt.then):
        call = inner.value if isinstance(inner, ir.ExprStmt) else None
        if isinstance(call, ir.Call):
            callee = call.callee
            name = callee.name if isinstance(callee, ir.Member) else ""
            if _LOGS.match(name) or any(_answers(program, ident, part) for part in call.args):
                return True
            if isinstance(callee, ir.Member) and _answers(program, ident, callee.object):
                return True
    return False


def _answers(program: Program, ident: FunctionId, part: ir.Expr) -> bool:
    """Whether an expression is what a handler answers by: a response writer, a router's context."""
    if not isinstance(part, (ir.Name, ir.Member)):
        return False
    name = type_name(program, ident, part)
    return name == "net/http.ResponseWriter" or (
        name != "context.Context" and name in mapping("carries_context")
    )


def _gives_nil(stmt: ir.Return, function: FunctionFacts) -> bool:
    """Whether the error among the results is a literal nil."""
    if not function.results or function.results[-1].type != ir.TName("error"):
        return False
    if len(stmt.values) != len(function.results):
        return False
    last = stmt.values[-1]
    return isinstance(last, ir.Literal) and last.kind == "null"


def _returns(body: tuple[ir.Stmt, ...], name: str, function: FunctionFacts) -> bool:
    """Whether the branch ends by returning the error itself."""
    end = body[-1] if body else None
    if not isinstance(end, ir.Return) or not function.results:
        return False
    if any(isinstance(s, ir.Assign) and mentions(s.targets, name) for s in statements(body)):
        return False
    values = end.values
    last = values[-1] if len(values) == len(function.results) else None
    return (
        function.results[-1].type == ir.TName("error")
        and all(_is_zero(value) for value in values[:-1])
        and isinstance(last, ir.Name)
        and last.id == name
    )


def _is_error(program: Program, ident: FunctionId, name: ir.Name) -> bool:
    return program.golang.implements_error(program.golang.type_of(ident, name))


def _commented(program: Program, ident: FunctionId, stmt: ir.If) -> bool:
    """Whether a comment in the branch, or right above it, gives the reason."""
    facts = program.files[ident[0]]
    first = line_of(facts, stmt.at) - 1
    end = stmt.other[0].at if stmt.other else stmt.end
    return any(first <= line <= line_of(facts, end) for line in facts.comment_lines)


def _is_zero(value: ir.Expr) -> bool:
    """A value that says nothing: nil, 0, "" or an empty literal."""
    if isinstance(value, ir.Literal):
        return value.value in {"nil", "0", ""}  # false mostly is an answer
    return isinstance(value, ir.Composite) and not value.entries


def _cap(program: Program, ident: FunctionId, stmt: ir.If, name: ir.Name) -> Severity | None:
    """No more than a note where the failure is the answer to a question, or has a fallback."""
    function = program.function(sites(program).outermost(ident))
    last = stmt.then[-1] if stmt.then else None
    if isinstance(last, ir.Return) and not all(_is_zero(value) for value in last.values):
        return Severity.NOTE
    if function.name.lower().startswith(_ASKING):
        return Severity.NOTE
    use = sites(program).given.get(ident)
    if use is not None and use[2] == "argument":
        return Severity.NOTE  # a callback's nil often means: go on with the next
    source = source_of(program, ident, name)
    if isinstance(source, ir.Call):
        canonical = program.golang.callee(ident, source).canonical
        if canonical.startswith(_PROBES) or _ENDS.search(_called(source)):
            return Severity.NOTE
    return None


def _called(call: ir.Call) -> str:
    callee = call.callee
    if isinstance(callee, ir.Member):
        return callee.name
    return callee.id if isinstance(callee, ir.Name) else ""


class _Lost(NamedTuple):
    """A branch that loses an error, in words; ``end`` is the return that gives nil for it."""

    stmt: ir.If
    message: str
    cap: Severity | None = None
    confidence: Confidence | None = None
    end: ir.Return | None = None


def _report(program: Program, ident: FunctionId, lost: _Lost) -> Iterator[Report]:
    stmt, message = lost.stmt, lost.message
    last = lost.end or (stmt.then[-1] if stmt.then else None)
    site = Site(function=ident, at=stmt.at, end=stmt.at + 2, label="swallowed error")
    if isinstance(last, ir.Return):
        site = Site(function=ident, at=last.at, end=last.end, label="swallowed error")
    extra = Extra(scale=_SCALE, cap=lost.cap, confidence=lost.confidence)
    report = site_report(program, site, message, message, extra)
    if report is not None:
        yield report
