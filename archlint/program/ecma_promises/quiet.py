"""Calls that plainly give no promise, told by what they reach without evaluating their results."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from archlint.model import ir
from archlint.program.ecma.index import FunctionIndex
from archlint.program.ecma.values import ListValue, PromiseValue
from archlint.program.ecma_promises.call_types import LIST_METHODS
from archlint.program.ecma_promises.kinds import FunctionId
from archlint.program.ecma_promises.sorts import is_quiet

if TYPE_CHECKING:
    from archlint.program.ecma_promises.promiseness import Promises

_TELLING = frozenset({"then", "catch", "finally", "call", "apply", "bind", "reduce", "map"})
"""Methods whose result depends on more than the callee."""
_SPECIAL = frozenset({"import", "require", "super"})
_LIST = "global:Array()."
_LIST_METHODS = frozenset({"push", "unshift", "forEach", "join", "add", "set", "delete", "clear"})
"""Methods of lists that give neither an element nor another list."""
_HOLDERS = frozenset({ListValue, PromiseValue})


class Quiet:
    """Memoised by function and by canonical name; declared types are looked at elsewhere."""

    def __init__(self, promises: Promises) -> None:
        self._promises = promises
        self._ev = promises.ecma.evaluator
        self._functions: dict[FunctionId, bool] = {}
        self._names: dict[str, bool] = {}

    def statement(self, fn: FunctionIndex, value: ir.Expr) -> bool:
        """Whether an expression without declared types plainly leaves no promise."""
        if isinstance(value, ir.Call):
            return self.call(fn, value)
        inner = value.value if isinstance(value, ir.Await) else None
        return isinstance(inner, ir.Call) and self._settles(fn, inner)

    def _settles(self, fn: FunctionIndex, call: ir.Call) -> bool:
        """Whether awaiting a call leaves nothing: it gives no list of promises."""
        if not _plain(call, LIST_METHODS):
            return False
        facts = self._promises.ecma.facts
        return all(
            facts[path].functions[index].is_async or self._is_quiet((path, index))
            for path, index in self._ev.calls.reached(fn, call).functions
        )

    def call(self, fn: FunctionIndex, call: ir.Call) -> bool:
        """Whether a call surely gives no promise; what is not sure has to be evaluated."""
        if not _plain(call, _TELLING):
            return False
        reached = self._ev.calls.reached(fn, call)
        if not all(map(self._is_quiet, reached.functions)):
            return False
        for value in reached.externals:
            known = self._names.get(value.name)
            if known is None:
                known = self._names[value.name] = self._name(value.name)
            if not known or not is_quiet(self._promises.external(value.name, fn.id, call)):
                return False
        return bool(reached.functions or reached.externals) or self._unresolved(fn, call.callee)

    def _unresolved(self, fn: FunctionIndex, callee: ir.Expr) -> bool:
        """Whether nothing is known of a callee, nor of the object that it belongs to."""
        held = callee.object if isinstance(callee, ir.Member) else callee
        return not any(type(value) in _HOLDERS for value in self._ev.values(fn, held))

    def _is_quiet(self, ident: FunctionId) -> bool:
        """Whether no call of a function of the repo gives a promise."""
        known = self._functions.get(ident)
        if known is None:
            known = self._functions[ident] = self._function(ident)
        return known

    def _function(self, ident: FunctionId) -> bool:
        fn = self._ev.function(ident)
        if fn is None or fn.facts.is_async:
            return False
        if not fn.returns and not fn.facts.results:
            return True
        if self._ev.wrapping.shape(fn) is not None:
            return False
        promises = self._promises
        return (
            is_quiet(promises.returns(ident))
            and is_quiet(promises.types.of_types(promises.typing.results_of(ident)))
            and is_quiet(promises.of_values(promises.ecma.returns(ident), ident[0]))
        )

    def _name(self, name: str) -> bool:
        """Whether calling a name gives just another outside value."""
        if name.startswith(_LIST):
            return name[len(_LIST) :] in _LIST_METHODS
        return not self._ev.results.is_builtin(name)


def _plain(call: ir.Call, telling: Collection[str]) -> bool:
    """Whether a call names a function or a method, none of ``telling``."""
    callee = call.callee
    if isinstance(callee, ir.Member):
        if callee.name in telling:
            return False
    elif not isinstance(callee, ir.Name) or callee.id in _SPECIAL:
        return False
    return not call.new
