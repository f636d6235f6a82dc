"""A promise that nobody awaits or handles: its rejection is lost, or ends the process.

Why it matters: Since Node.js 15 an unhandled rejection ends the process, and with it every
request in flight; before, or with a global hook, the error is merely lost. The caller also goes on
as if the work were done.
What to do: Await the promise, return it, or handle its rejection with `.catch(...)`; write `void`
in front of a call whose failure really does not matter and that handles its own errors.
Guide: Asynchronous errors that are not awaited and handled propagate and are hard to debug (L46).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from archlint.knowledge.errors import reports_errors
from archlint.model import ir
from archlint.model.finding import Confidence, Report, Severity
from archlint.program.ecma_promises.callbacks import told
from archlint.program.ecma_promises.context import (
    has_hook,
    hook_cap,
    production,
    promise_context,
    runs_in_server,
)
from archlint.program.ecma_promises.floating import Unhandled, unhandled
from archlint.program.ecma_promises.naming import expression_name
from archlint.program.program import FunctionId, Program
from archlint.rules.registry import rule
from archlint.rules.reporting import WHILE_SERVING, Extra, Site, entry_phrase, site_report

_NO_PROMISE = frozenset({ir.Assign, ir.Unary, ir.Yield, ir.Literal})
"""Statements that need no look."""
_MANY = 8
"""So many calls left alone make a habit."""


@rule(
    "floating-promise",
    severity=Severity.ERROR,
    confidence=Confidence.HIGH,
    languages=("javascript", "typescript"),
)
def floating_promise(program: Program) -> Iterator[Report]:
    """Expression statements whose promise nobody handles."""
    promises = promise_context(program).promises
    floats: list[tuple[FunctionId, ir.ExprStmt, Unhandled]] = []
    left: Counter[FunctionId] = Counter()
    for file in production(program):
        plain = file.facts.language == "javascript"
        for index, stmt in file.noted.statements:
            value = stmt.value
            if type(value) in _NO_PROMISE:
                continue
            if plain and promises.quiet.statement(file.functions[index], value):
                continue
            ident = (file.path, index)
            found = unhandled(promises, ident, value)
            if found is not None and not _tells_caller(program, ident, found.expr):
                floats.append((ident, stmt, found))
                left.update(_targets(program, ident, found.expr))
    for ident, stmt, found in floats:
        report = _report(program, ident, (stmt, found), left)
        if report is not None:
            yield report


def _targets(program: Program, ident: FunctionId, node: ir.Expr) -> tuple[FunctionId, ...]:
    if not isinstance(node, ir.Call):
        return ()
    return program.ecma.resolve_call(ident, node).targets


def _tells_caller(program: Program, ident: FunctionId, node: ir.Expr) -> bool:
    """``next()``, ``save(x, callback)``: a callback is told what happens."""
    if not isinstance(node, ir.Call):
        return False
    if told(program, ident, node):
        return True
    for name in (node.callee, *node.args[-1:]):
        if isinstance(name, ir.Name) and reports_errors(name.id):
            binding = program.ecma.binding(ident, name)
            if binding is not None and (
                binding.parameter >= 0 or any(source.steps for source in binding.sources)
            ):
                return True
    return False


def _by_design(
    program: Program, ident: FunctionId, node: ir.Expr, left: Counter[FunctionId]
) -> tuple[int, int]:
    """How many calls of the callee are left alone, and how many there are, when nearly all are.

    (0, 0) otherwise: what is called often and hardly ever awaited is meant to run by itself.
    """
    habits = promise_context(program).habits
    for target in _targets(program, ident, node):
        alone = left[target]
        if alone >= _MANY:
            every = max(habits.calls(target, program.function(target).name), alone)
            if alone * 10 >= every * 8:
                return alone, every
    return 0, 0


def _report(
    program: Program,
    ident: FunctionId,
    place: tuple[ir.ExprStmt, Unhandled],
    left: Counter[FunctionId],
) -> Report | None:
    stmt, found = place
    rejects = _can_reject(program, ident, found)
    hooked = has_hook(program, ident[0])
    name = expression_name(found.expr)
    way = entry_phrase(program, ident)
    alone, calls = _by_design(program, ident, found.expr, left)
    site = Site(function=ident, at=stmt.at, end=stmt.end, label=name)
    extra = Extra(
        scale=WHILE_SERVING,
        cap=Severity.NOTE if alone or not rejects else _cap(program, ident, found),
        confidence=Confidence.MEDIUM if found.guessed else None,
        advice=_advice(program, ident),
        evidence={"can_reject": rejects, "process_hook": hooked},
    )
    message = _message(found, name, rejects, hooked)
    if alone:
        message += f", as in {alone} of its {calls} calls: catch inside it"
    return site_report(program, site, message + (f" ({way})" if way else ""), name, extra)


def _can_reject(program: Program, ident: FunctionId, found: Unhandled) -> bool:
    rejections = promise_context(program).rejections
    return rejections.promise(ident, found.expr)


def _cap(program: Program, ident: FunctionId, found: Unhandled) -> Severity | None:
    if not runs_in_server(program, ident):
        return Severity.NOTE
    outright = promise_context(program).outright.promise(ident, found.expr)
    return hook_cap(program, ident[0], outright=outright)


def _message(found: Unhandled, name: str, rejects: bool, hooked: bool) -> str:
    if found.reason == "array":
        return f"{name} holds promises that nobody awaits"
    if found.reason == "handler":
        return f"{name} is given a rejection handler that is no function"
    if not rejects:
        return f"the promise of {name} is not awaited; it seems unable to reject"
    if hooked:
        return f"a rejection of {name} reaches only the process-wide hook"
    return f"a rejection of {name} is handled nowhere"


def _advice(program: Program, ident: FunctionId) -> str:
    if program.function(ident).is_async:
        return "await it, or handle its rejection with .catch(...)"
    return "return it, or handle its rejection with .catch(...)"
