"""Async callbacks of timers and event emitters, whose promises the runtime drops."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from archlint.knowledge.errors import drop
from archlint.model import ir
from archlint.model.pattern import lazy_regex
from archlint.program.ecma.values import FunctionValue
from archlint.program.ecma_flow.sites import sites
from archlint.program.ecma_promises.kinds import FunctionId
from archlint.program.ecma_promises.promiseness import Promises
from archlint.program.ecma_promises.sorts import Sort
from archlint.program.program import Program

_TIMERS = frozenset(
    {
        "global:setTimeout",
        "global:setInterval",
        "global:setImmediate",
        "global:process.nextTick",
        "global:queueMicrotask",
        "node:timers.setTimeout",
        "node:timers.setInterval",
        "node:timers.setImmediate",
    }
)
_LISTENING = ("on", "once", "addListener", "prependListener")
_LISTEN = lazy_regex(rf"\.(?:{'|'.join(_LISTENING)})$")
_LAST_EVENTS = lazy_regex(
    r"(?:unhandledRejection|uncaughtException(?:Monitor)?|SIG[A-Z0-9]+|disconnect)\Z"
)
"""What a process hears when something is wrong, or when it is told to end."""
_PROCESS = lazy_regex(r"(?:global|node):process(?:\.default)?\.\w+\Z")


class Listener(msgspec.Struct, frozen=True):
    """A call in ``function`` whose async callback ``handler`` is the function ``target``."""

    function: FunctionId
    call: ir.Call
    handler: ir.Expr
    target: FunctionId
    label: str


def listeners(program: Program, promises: Promises) -> Iterator[Listener]:
    """The timers and listeners that production files set up with async callbacks."""
    for ident, call, name in _places(program):
        if not call.args or call.new:
            continue
        position = 0 if name in _TIMERS else 1
        if position >= len(call.args) or drop(name) is not None:
            continue
        handler = call.args[position]
        target = _async(program, promises, ident, handler)
        event = call.args[0]
        if position and _is_last(name, event):
            continue
        if target is not None:
            yield Listener(ident, call, handler, target, _label(call, name))


def _is_last(name: str, event: ir.Expr) -> bool:
    """Whether a process ends with what it hears; events by variables are lists of signals."""
    if not _PROCESS.match(name):
        return False
    if isinstance(event, ir.Literal):
        return _LAST_EVENTS.match(event.value) is not None
    return isinstance(event, ir.Name)


def _places(program: Program) -> Iterator[tuple[FunctionId, ir.Call, str]]:
    """Calls of timers and, in linked files, of what listens; with the canonical name."""
    every = sites(program)
    names = {*_TIMERS, *filter(_is_listener, every.ending(_LISTENING))}
    for outer in every.named(names):
        name = outer.names[0]
        if outer.function[0] in every.production and (name in _TIMERS or _is_listener(name)):
            yield outer.function, outer.call, name
    for fn, call in every.written({name.rpartition(".")[2].rpartition(":")[2] for name in _TIMERS}):
        if fn.file.path not in every.linked:
            for name in program.ecma.resolve_call(fn.id, call).externals[:1]:
                if name in _TIMERS:
                    yield fn.id, call, name


def _is_listener(name: str) -> bool:
    return name.startswith(("node:", "global:process")) and _LISTEN.search(name) is not None


def _async(
    program: Program, promises: Promises, ident: FunctionId, handler: ir.Expr
) -> FunctionId | None:
    """The function of the repo that a callback is, when calls of it give promises."""
    for value in program.ecma.value_of(ident, handler):
        if isinstance(value, FunctionValue):
            target = (value.path, value.index)
            if promises.returns(target) is Sort.PROMISE:
                return target
    return None


def _label(call: ir.Call, name: str) -> str:
    last = name.rpartition(".")[2].rpartition(":")[2]
    event = call.args[0]
    if _LISTEN.search(name) and isinstance(event, ir.Literal):
        return f"{last}('{event.value[:40]}')"
    return f"{last}()"
