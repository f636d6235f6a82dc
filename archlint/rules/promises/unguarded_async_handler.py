"""An async handler whose rejection its framework drops: the request hangs, or the process ends.

Why it matters: Express 4, `node:http`, ws and socket.io ignore the promise that a handler returns.
When it rejects, nothing answers the client, and the unhandled rejection ends the process.
What to do: Catch inside the handler, or wrap it so that the rejection reaches the framework
(`next(error)`); Express 5, Koa, Fastify and NestJS await their handlers.
Guide: Asynchronous errors that are not awaited and handled propagate and are hard to debug (L46).
"""

from __future__ import annotations

from collections.abc import Iterator

from archlint.knowledge.errors import Drop, drop, drop_modules
from archlint.model import ir
from archlint.model.finding import Confidence, Context, Report, Severity
from archlint.model.walk import walk
from archlint.program.ecma.values import FunctionValue
from archlint.program.ecma_flow.sites import sites
from archlint.program.ecma_promises.callbacks import told
from archlint.program.ecma_promises.context import has_hook, hook_cap, promise_context
from archlint.program.ecma_promises.naming import expression_name
from archlint.program.ecma_promises.sorts import Sort
from archlint.program.ecma_promises.versions import depends_on, major
from archlint.program.program import FunctionId, Program
from archlint.rules.registry import rule
from archlint.rules.reporting import Extra, Site, site_report

_SCALE = {
    **dict.fromkeys(Context, Severity.ERROR),
    Context.CLI: Severity.WARNING,
    Context.TEST: None,
    Context.BUILD: None,
}


@rule(
    "unguarded-async-handler",
    severity=Severity.ERROR,
    confidence=Confidence.HIGH,
    languages=("javascript", "typescript"),
)
def unguarded_async_handler(program: Program) -> Iterator[Report]:
    """Async handlers that may reject, registered where their promise is dropped."""
    seen: set[tuple[str, int]] = set()
    every = sites(program)
    for outer in every.calling(drop, every.of_modules(drop_modules())):
        ident, found = outer.function, drop(outer.names[0])
        if found is None or ident[0] not in every.production:
            continue
        for report in _handlers(program, ident, outer.call, found):
            key = (report.location.path, report.location.line)
            if key not in seen:
                seen.add(key)
                yield report


def _applies(program: Program, ident: FunctionId, found: Drop) -> bool:
    """Whether the version in use drops promises and nothing mends it."""
    if found.patches and depends_on(program, ident[0], found.patches):
        return False
    if not found.below:
        return True
    version = major(program, ident[0], found.package)
    return version is not None and version < found.below


def _handlers(program: Program, ident: FunctionId, call: ir.Call, found: Drop) -> Iterator[Report]:
    if not _applies(program, ident, found):
        return
    context = promise_context(program)
    for arg in call.args[found.first :]:
        items = arg.items if isinstance(arg, ir.Array) else (arg,)
        for item in items:
            if not isinstance(item, ir.FunctionRef | ir.Name | ir.Member):
                continue
            target = _target(program, ident, item)
            if target is None or not context.rejections.function(target):
                continue
            if _only_told(program, target):
                continue
            if context.promises.returns(target) is Sort.PROMISE:
                report = _report(program, ident, call, (target, item), found)
                if report is not None:
                    yield report


def _only_told(program: Program, target: FunctionId) -> bool:
    """Whether a plain handler only returns calls that tell a callback of their failures."""
    facts = program.function(target)
    returned = [n for n in walk(facts.body or ()) if isinstance(n, ir.Return) and n.values]
    calls = [value for node in returned for value in node.values if isinstance(value, ir.Call)]
    if facts.is_async or not calls:
        return False
    promises = promise_context(program).promises
    return all(
        told(program, target, call) or promises.sort(target, call) is not Sort.PROMISE
        for call in calls
    )


def _target(program: Program, ident: FunctionId, node: ir.Expr) -> FunctionId | None:
    """The function of the repo that a handler argument is."""
    values = program.ecma.value_of(ident, node)
    functions_only = [v for v in values if isinstance(v, FunctionValue)]
    if len(functions_only) != 1:
        return None
    return (functions_only[0].path, functions_only[0].index)


def _report(
    program: Program,
    ident: FunctionId,
    call: ir.Call,
    handler: tuple[FunctionId, ir.Expr],
    found: Drop,
) -> Report | None:
    target, node = handler
    facts = program.function(target)
    event = call.args[0]
    what = event.value[:60] if isinstance(event, ir.Literal) else ""
    callee = expression_name(call.callee)
    label = f"{callee}({what!r})" if what else f"{callee}()"
    inline = isinstance(node, ir.FunctionRef)
    at = facts.at if inline else node.at
    name = facts.name or "the handler"
    site = Site(
        function=target if inline else ident,
        at=at,
        end=min(at + 5, facts.end) if inline else at + 1,
        label=f"async {name}",
        runs=target if program.context(target) is Context.REQUEST else None,
    )
    outright = promise_context(program).outright.function(target)
    extra = Extra(
        scale=_SCALE,
        cap=hook_cap(program, ident[0], outright=outright),
        advice=found.remedy,
        evidence={"framework": found.what, "process_hook": has_hook(program, ident[0])},
    )
    message = f"{found.what} drops the promise of this async handler of {label}, which may reject"
    if not outright:
        message += " while it handles a failure"
    return site_report(program, site, message, label, extra)
