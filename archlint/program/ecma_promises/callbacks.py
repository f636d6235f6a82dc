"""Calls that are told of failures by a callback, though what they give is a promise as well."""

from __future__ import annotations

from archlint.knowledge.errors import reports_errors
from archlint.model import ir
from archlint.model.facts import FunctionFacts
from archlint.model.pattern import lazy_regex
from archlint.model.walk import nodes_of
from archlint.program.program import FunctionId, Program

_ERROR = lazy_regex(r"_*(?:ex|er|err|error|[a-z]\w*(?:Err|Error))\d?\Z")
_CHAINED = frozenset({"then", "catch", "finally"})


def told(program: Program, ident: FunctionId, call: ir.Call) -> bool:
    """Whether a call hands on an error-first callback that hears of its failures.

    So it is of packages (``stripe.events.retrieve(id, (err, event) => ...)``), of functions that
    take both styles (``run(work, callback)``) and of async ones that something like
    ``util.callbackify`` has turned: these have no parameter for a callback where it stands.
    """
    last = call.args[-1] if call.args else None
    if not isinstance(last, ir.FunctionRef):
        return False
    callback = program.files[ident[0]].functions[last.index]
    targets = program.ecma.resolve_call(ident, call).targets
    position = len(call.args) - 1
    turned = [_turned(program.function(target), position) for target in targets]
    if not _hears(callback):
        missing = all(position >= len(program.function(t).params) for t in targets)
        return bool(turned) and all(turned) and missing and not callback.params
    if not targets:
        return not (isinstance(call.callee, ir.Member) and call.callee.name in _CHAINED)
    return all(
        turns or not program.function(target).is_async or _answers(program.function(target))
        for target, turns in zip(targets, turned, strict=True)
    )


def _hears(callback: FunctionFacts) -> bool:
    """Whether the first parameter of a callback is an error."""
    first = callback.params[0].name if callback.params else None
    return isinstance(first, ir.Name) and _ERROR.match(first.id) is not None


def _answers(fn: FunctionFacts) -> bool:
    """Whether all that an async function awaits stands in a ``try`` that tells its callback."""
    names = {p.name.id for p in fn.params if isinstance(p.name, ir.Name)}
    for stmt in fn.body or ():
        told = isinstance(stmt, ir.Try) and any(
            isinstance(call.callee, ir.Name) and call.callee.id in names
            for call in nodes_of(ir.Call, stmt.handler or ())
        )
        if not told and nodes_of(ir.Await, (stmt,)):
            return False
    return True


def _turned(fn: FunctionFacts, position: int) -> bool:
    """Whether an async function takes no callback at a position, so that another takes it off."""
    if not fn.is_async:
        return False
    if position >= len(fn.params):
        return True
    name = fn.params[position].name
    return not (isinstance(name, ir.Name) and reports_errors(name.id))
