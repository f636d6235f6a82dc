"""Functions that a container calls for what they return, and methods that it calls by name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archlint.model import ir
from archlint.program.ecma.index import FunctionIndex
from archlint.program.ecma.values import (
    ClassValue,
    ExternalValue,
    FunctionValue,
    LiteralValue,
    Values,
    union,
)

if TYPE_CHECKING:
    from archlint.program.ecma.evaluate import Evaluator

_RESOLVERS = frozenset({"npm:awilix.asFunction", "npm:awilix.asClass"})
"""Calls that say how a container makes something of their argument 0."""


class Factories:
    """What containers make of factories, classes and their descriptions."""

    def __init__(self, evaluator: Evaluator) -> None:
        self._ev = evaluator

    def called(self, value: ExternalValue, given: Values) -> Values:
        """What calling ``inject`` with a factory, or an invoker with a name, gives."""
        if self._ev.canonical.making[value.name]:
            return self.members(value, given)
        return self.built(given)

    def resolves(self, fn: FunctionIndex, call: ir.Call) -> bool:
        """Whether a call says how a container makes something (``asFunction(f)``)."""
        name = call.callee.name if isinstance(call.callee, ir.Member) else ""
        if isinstance(call.callee, ir.Name):
            name = call.callee.id
        if name not in {"asFunction", "asClass"}:
            return False
        values = self._ev.values(fn, call.callee)
        return any(isinstance(v, ExternalValue) and v.name in _RESOLVERS for v in values)

    def built(self, values: Values) -> Values:
        """What factories among values return, and instances of classes among them."""
        given = union(values, *(self._made_from(v) for v in values if isinstance(v, ExternalValue)))
        classes = tuple(v for v in given if isinstance(v, ClassValue))
        return union(self._ev.results.returned_by(given), self._ev.members.instances(classes))

    def members(self, value: ExternalValue, names: Values) -> Values:
        """The functions of these names in what a value was made from."""
        holders = self.built(self._made_from(value))
        found = (
            self._ev.members.of(holders, name.text)
            for name in names
            if isinstance(name, LiteralValue) and name.kind == "string"
        )
        return tuple(v for v in union(*found) if isinstance(v, FunctionValue))

    def _made_from(self, value: ExternalValue) -> Values:
        """Argument 0 of the call that made a value, the first of a chain."""
        file = self._ev.file(value.made[0]) if value.made is not None else None
        if file is None or value.made is None or value.made[1] not in file.calls_at:
            return ()
        fn = file.functions[file.calls_at[value.made[1]]]
        for call in fn.calls:
            if call.at == value.made[1] and call.args and not _goes_on(call):
                return self._ev.values(fn, call.args[0])
        return ()


def _goes_on(call: ir.Call) -> bool:
    """Whether a call is made on the result of another one."""
    return isinstance(call.callee, ir.Member) and isinstance(call.callee.object, ir.Call)
