"""A promise where a value or a plain callback is expected: always true, or never awaited.

Why it matters: A promise in a condition is always truthy, so the check checks nothing (an async
predicate keeps every element). A callback whose promise nobody awaits runs on after its caller is
done, and its rejection ends the process.
What to do: Await the promise before it is tested or spread; use `for ... of` with `await`, or
`Promise.all(list.map(...))`, in place of `forEach`; catch inside timers and event listeners.
Guide: Asynchronous errors that are not awaited and handled propagate and are hard to debug (L46).
"""

from __future__ import annotations

from collections.abc import Iterator

from archlint.model import ir
from archlint.model.finding import Confidence, Context, Report, Severity
from archlint.program.ecma_promises.context import (
    hook_cap,
    in_server,
    production,
    promise_context,
    runs_in_server,
)
from archlint.program.ecma_promises.listeners import Listener, listeners
from archlint.program.ecma_promises.misuse import Misuses
from archlint.program.ecma_promises.misuse_kinds import Misuse
from archlint.program.ecma_promises.naming import expression_name
from archlint.program.program import Program
from archlint.rules.registry import rule
from archlint.rules.reporting import ANYWHERE, WHILE_SERVING, Extra, Site, entry_phrase, site_report

_TRUTHY = frozenset({"conditional", "predicate", "spread"})
_WRONG = {**ANYWHERE, Context.REQUEST: Severity.ERROR, Context.CLI: Severity.WARNING}


@rule(
    "misused-promise",
    severity=Severity.ERROR,
    confidence=Confidence.HIGH,
    languages=("javascript", "typescript"),
)
def misused_promise(program: Program) -> Iterator[Report]:
    """Promises in conditions and spreads, and async callbacks that nobody awaits."""
    promises = promise_context(program).promises
    misuses = Misuses(promises)
    for file in production(program):
        for found in misuses.of(file, declared=in_server(program, file.path)):
            report = _misuse(program, found)
            if report is not None:
                yield report
    for listener in listeners(program, promises):
        report = _listener(program, listener)
        if report is not None:
            yield report


def _misuse(program: Program, found: Misuse) -> Report | None:
    name = expression_name(found.expr)
    site = Site(function=found.function, at=found.at, end=_end(program, found), label=name)
    if found.kind in _TRUTHY:
        cap = None if in_server(program, found.function[0]) else Severity.NOTE
        extra = Extra(scale=_WRONG, cap=cap, advice="await it first")
        return site_report(program, site, _truthy(found, name), f"{found.kind}:{name}", extra)
    rejects = promise_context(program).rejections.callback(found.function, found.expr)
    if not (rejects or found.label == "forEach"):
        return None
    if found.label == "Promise" and not _is_async(program, found):
        return None
    weighty = rejects and runs_in_server(program, found.function)
    extra = Extra(
        scale=WHILE_SERVING,
        cap=Severity.WARNING if weighty else Severity.NOTE,
        confidence=_confidence(found),
        advice="await it in a loop, or collect the promises with Promise.all"
        if found.label == "forEach"
        else "catch inside the function",
    )
    message = _unawaited(found, rejects)
    return site_report(program, site, message, f"{found.kind}:{found.label}", extra)


def _confidence(found: Misuse) -> Confidence:
    if found.kind == "argument" and found.label in {"forEach", "Promise"}:
        return Confidence.MEDIUM if found.guessed else Confidence.HIGH
    return Confidence.LOW


def _is_async(program: Program, found: Misuse) -> bool:
    """Whether an executor is written as an async function."""
    if not isinstance(found.expr, ir.FunctionRef):
        return False
    return program.function((found.function[0], found.expr.index)).is_async


def _truthy(found: Misuse, name: str) -> str:
    if found.kind == "predicate":
        return f"the async predicate of {found.label}() gives a promise, which is always truthy"
    if found.kind == "spread":
        return f"{name} is a promise: spreading it gives nothing"
    return f"{name} is a promise and always truthy here: it is not awaited"


def _unawaited(found: Misuse, rejects: bool) -> str:
    if found.label == "Promise":
        return "an async function as executor: what it throws never rejects the new promise"
    if found.label == "forEach" and not rejects:
        return "forEach() does not await its async callback: it returns before the work is done"
    if found.label == "forEach":
        return "forEach() does not await its async callback: errors are lost, order is not kept"
    return f"an async function where {found.label or 'the type'} wants one that returns nothing"


def _listener(program: Program, found: Listener) -> Report | None:
    context = promise_context(program)
    if not context.rejections.callback(found.function, found.handler):
        return None
    outright = context.outright.callback(found.function, found.handler)
    cap = hook_cap(program, found.function[0], outright=outright)
    served = runs_in_server(program, found.function)
    target = Site(function=found.function, at=found.call.at, end=found.call.end, label=found.label)
    way = entry_phrase(program, found.target)
    message = f"nobody handles a rejection of the async callback of {found.label}"
    message += "" if outright else " while it handles a failure"
    extra = Extra(
        scale={**WHILE_SERVING, Context.STARTUP: Severity.WARNING},
        cap=cap if served else Severity.NOTE,
        advice="catch inside the callback",
    )
    text = message + (f" ({way})" if way else "")
    return site_report(program, target, text, f"listener:{found.label}", extra)


def _end(program: Program, found: Misuse) -> int:
    if isinstance(found.expr, ir.Call):
        return found.expr.end
    return found.at + 1
