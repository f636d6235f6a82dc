"""An error that is caught and disappears: empty catch, `.catch(() => {})`, replaced without cause.

Why it matters: When the operation fails, nothing tells anyone: the caller goes on with half a
result, and whoever looks for the reason finds no trace of it.
What to do: Log it, handle it, or let it pass on; when you throw another error, give it the first as
`cause`; when ignoring it is right, say why in a comment.
Guide: Runtime errors are to be captured by structured logs and monitoring (L47).
"""

from __future__ import annotations

from collections.abc import Iterator

from archlint.model import ir
from archlint.model.facts import FunctionFacts
from archlint.model.finding import Confidence, Context, Report, Severity
from archlint.model.location import line_of
from archlint.model.walk import nodes_of, walk
from archlint.program.ecma_flow.sites import sites
from archlint.program.ecma_promises.context import in_server, production
from archlint.program.ecma_promises.naming import expression_name
from archlint.program.program import FunctionId, Program
from archlint.rules.registry import rule
from archlint.rules.reporting import Extra, Site, entry_phrase, site_report

_SCALE = {
    Context.REQUEST: Severity.WARNING,
    Context.BACKGROUND: Severity.WARNING,
    Context.STARTUP: Severity.NOTE,
    Context.CLI: Severity.NOTE,
    Context.UNKNOWN: Severity.NOTE,
    Context.TEST: None,
    Context.BUILD: None,
}
_CLEANUP = frozenset(
    {
        "abort", "access", "accessSync", "cancel", "cleanup", "close", "closeSync", "destroy",
        "detach", "disconnect", "dispose", "end", "exit", "getItem", "kill", "lstatSync", "mkdir",
        "mkdirSync", "off", "pause", "play", "quit", "release", "releaseLock", "remove",
        "removeItem", "require", "resolve", "rm", "rmSync", "rmdir", "rmdirSync", "rollback",
        "setItem", "shutdown", "stat", "statSync", "stop", "terminate", "toISOString", "truncate",
        "unlink", "unlinkSync", "unref", "unsubscribe",
    }
)  # fmt: skip
"""Calls after which ignoring a failure is the usual and right thing: clean-up, probes, options."""

_HANDLES = {"catch": 0, "then": 1}
"""Methods of promises that take a rejection handler, and its position."""


@rule(
    "swallowed-error",
    severity=Severity.WARNING,
    confidence=Confidence.MEDIUM,
    languages=("javascript", "typescript"),
)
def swallowed_error(program: Program) -> Iterator[Report]:
    """Empty handlers of exceptions and rejections, and errors that replace others."""
    for file in production(program):
        last = {id(t) for _, n in file.noted.tries for t in nodes_of(ir.Try, n.finalizer)}
        for index, node in file.noted.tries:
            if id(node) in last:
                continue  # what tidies up when all is over
            report = _caught(program, (file.path, index), node)
            if report is not None:
                yield report
    every = sites(program)
    for fn, call in every.written(_HANDLES):
        if fn.file.path in every.production:
            report = _rejected(program, fn.id, call)
            if report is not None:
                yield report


def _caught(program: Program, ident: FunctionId, node: ir.Try) -> Report | None:
    handler = node.handler
    if handler is None:
        return None
    if not handler:
        if node.handler_comment or _is_expected(node.body):
            return None
        return _report(program, ident, node.handler_at, "the catch block is empty", "catch")
    thrown = handler[-1]
    if len(handler) == 1 and isinstance(thrown, ir.Throw) and _replaces(node.param, thrown):
        message = "the caught error is replaced by another without its cause"
        return _report(program, ident, thrown.at, message, "replaced")
    return None


def _is_expected(body: tuple[ir.Stmt, ...]) -> bool:
    """A single clean-up, probe or optional import whose failure is nothing to tell of."""
    calls = [node for node in walk(body) if isinstance(node, ir.Call)]
    if len(body) > 2:
        return False
    return not calls or any(_last_name(call.callee) in _CLEANUP for call in calls)


def _last_name(callee: ir.Expr) -> str:
    if isinstance(callee, ir.Member):
        return callee.name
    return callee.id if isinstance(callee, ir.Name) else ""


def _replaces(param: ir.Expr | None, thrown: ir.Throw) -> bool:
    """Whether a new error is thrown that says nothing of the caught one."""
    value = thrown.value
    if not (isinstance(value, ir.Call) and value.new) or not isinstance(param, ir.Name):
        return False
    names = {part.id for part in walk([value]) if isinstance(part, ir.Name)}
    return param.id not in names and _last_name(value.callee) == "Error"


def _rejected(program: Program, ident: FunctionId, call: ir.Call) -> Report | None:
    callee = call.callee
    if not isinstance(callee, ir.Member):
        return None
    position = _HANDLES[callee.name]
    if position >= len(call.args):
        return None
    handler = call.args[position]
    if not isinstance(handler, ir.FunctionRef):
        return None
    facts = program.function((ident[0], handler.index))
    if facts.body != () or _commented(program, ident[0], call.at, facts):
        return None
    inner = _made(program, ident, callee.object)
    if isinstance(inner, ir.Call) and _last_name(inner.callee) in _CLEANUP:
        return None
    if _lives_on(program, ident, callee.object):
        return None
    name = expression_name(callee.object)
    return _report(program, ident, facts.at, f"a rejection of {name} is ignored", f"{name}.catch")


def _lives_on(program: Program, ident: FunctionId, node: ir.Expr) -> bool:
    """Whether a promise is kept in a variable that the function also waits for or hands on.

    Then the empty handler silences only the second chain: ``kept.finally(f).catch(() => {})``.
    """
    while isinstance(node, ir.Call) and isinstance(node.callee, ir.Member):
        if node.callee.name != "finally":
            return False
        node = node.callee.object
    if not isinstance(node, ir.Name):
        return False
    parts = list(walk(program.function(ident).body or ()))
    used = [n for n in parts if isinstance(n, ir.Name) and n.id == node.id]
    given = {id(target) for n in parts if isinstance(n, ir.Assign) for target in n.targets}
    return sum(id(name) not in given for name in used) > 1


def _made(program: Program, ident: FunctionId, node: ir.Expr) -> ir.Expr:
    """The call whose promise a constant holds; other expressions as they are."""
    binding = program.ecma.binding(ident, node) if isinstance(node, ir.Name) else None
    if binding is None or binding.kind != "const" or len(binding.sources) != 1:
        return node
    source = binding.sources[0]
    return node if source.steps or not isinstance(source.expr, ir.Call) else source.expr


def _commented(program: Program, path: str, at: int, facts: FunctionFacts) -> bool:
    """Whether a comment stands above a promise, beside it or inside its empty handler."""
    file = program.files[path]
    first, last = line_of(file, at), line_of(file, max(facts.end - 1, facts.at))
    return any(line in file.comment_lines for line in range(first - 1, last + 1))


def _report(program: Program, ident: FunctionId, at: int, message: str, key: str) -> Report | None:
    way = entry_phrase(program, ident)
    site = Site(function=ident, at=at, end=at + 5, label=key)
    told = key == "replaced"
    cap = None if in_server(program, ident[0]) and not told else Severity.NOTE
    text = message + (f" ({way})" if way else "")
    advice = "log or handle it; a comment says why ignoring it is right"
    return site_report(program, site, text, key, Extra(scale=_SCALE, cap=cap, advice=advice))
