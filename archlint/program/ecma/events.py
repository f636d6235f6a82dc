"""Events inside the repo: listeners and the calls that emit to them, by emitter and event name."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from archlint.model import ir
from archlint.program.ecma.calls import Reached
from archlint.program.ecma.index import FunctionIndex
from archlint.program.ecma.values import ExternalValue, InstanceValue, Value

if TYPE_CHECKING:
    from archlint.program.ecma.evaluate import Evaluator

Id = tuple[str, int]
_LISTEN = frozenset({"on", "once", "addListener", "prependListener", "prependOnceListener"})
_EMITTERS = ("node:events.EventEmitter()", "node:events()")


class Events:
    """Pairs ``emitter.on("x", f)`` with ``emitter.emit("x")`` on the same emitter or class."""

    def __init__(self, evaluator: Evaluator) -> None:
        self._ev = evaluator
        self._listeners: dict[tuple[Value, str], list[tuple[Id, Id, int]]] = {}
        self._emits: list[tuple[Id, int, Value, str]] = []

    def note(self, fn: FunctionIndex, call: ir.Call, reached: Reached, functions: list[Id]) -> bool:
        """Record a listener on an emitter of the repo; whether it was one."""
        callee = call.callee
        if not isinstance(callee, ir.Member) or callee.name not in _LISTEN or len(call.args) < 2:
            return False
        if not any(_is_emitter(value.name) for value in reached.externals):
            return False
        event = self._ev.text(fn, call.args[0])
        keys = self._keys(fn, callee.object)
        for key in keys:
            places = [(listener, fn.id, call.at) for listener in functions]
            self._listeners.setdefault((key, event), []).extend(places)
        return bool(keys)

    def emit(self, fn: FunctionIndex, call: ir.Call, reached: Reached) -> None:
        """Record an emitting call."""
        callee = call.callee
        if not isinstance(callee, ir.Member) or callee.name != "emit" or not call.args:
            return
        if any(_is_emitter(value.name) for value in reached.externals):
            event = self._ev.text(fn, call.args[0])
            for key in self._keys(fn, callee.object):
                self._emits.append((fn.id, call.at, key, event))

    def edges(self) -> Iterator[tuple[Id, Id, int]]:
        """(function that emits, listener, place) of every pair with a known event name."""
        for caller, at, key, event in self._emits:
            for listener, _, _ in self._listeners.get((key, event), ()):
                yield caller, listener, at

    def unheard(self) -> Iterator[tuple[Id, Id, int]]:
        """(function that listens, listener, place) of listeners whose emitting call is unknown."""
        emitted = {(key, event) for _, _, key, event in self._emits}
        for pair, places in self._listeners.items():
            if pair not in emitted:
                for listener, caller, at in places:
                    yield caller, listener, at

    def _keys(self, fn: FunctionIndex, receiver: ir.Expr) -> list[Value]:
        return [
            found
            for value in self._ev.values(fn, receiver)
            if (found := self._root(value)) is not None
        ]

    def _root(self, value: Value) -> Value | None:
        """What identifies an emitter: where it was made, or the topmost class of the repo."""
        if isinstance(value, ExternalValue):
            return value if value.made is not None else None
        for _ in range(20):
            if not isinstance(value, InstanceValue):
                return None
            above = [v for v in self._ev.members.bases((value,)) if isinstance(v, InstanceValue)]
            if not above:
                return InstanceValue(value.path, value.index, False, value.of_function)
            value = above[0]
        return None


def _is_emitter(name: str) -> bool:
    return name.startswith(_EMITTERS)
