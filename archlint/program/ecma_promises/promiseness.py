"""Is the value of an expression a promise? By declared types, then by what it evaluates to."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from archlint.model import ir
from archlint.model.walk import walk
from archlint.program.ecma import EcmaLinker
from archlint.program.ecma.values import (
    ExternalValue,
    FunctionValue,
    InstanceValue,
    ListValue,
    LiteralValue,
    ModuleValue,
    ObjectValue,
    PromiseValue,
    Value,
)
from archlint.program.ecma_flow.sites import written_name
from archlint.program.ecma_promises.external import External
from archlint.program.ecma_promises.kinds import ClassKind, FunctionId, FunctionKind, Typed
from archlint.program.ecma_promises.quiet import Quiet
from archlint.program.ecma_promises.sorts import Sort, either
from archlint.program.ecma_promises.type_sorts import TypeSorts
from archlint.program.ecma_promises.typing import Typing

_MUTATORS = frozenset(
    {"set", "add", "push", "unshift", "splice", "fill", "sort", "reverse", "delete", "forEach"}
)
_FEW = 3
"""Of more callees that a call may reach, most must not be the language's own: sets, lists, maps."""
_CHAIN = frozenset({"then", "catch", "finally"})
_MAYBE_PROMISES = frozenset({InstanceValue, ExternalValue})
_NO_PROMISES = frozenset({FunctionValue, LiteralValue, ObjectValue, ModuleValue})


class Promises:
    """Promise-ness of expressions and results of functions."""

    def __init__(self, ecma: EcmaLinker) -> None:
        self.ecma = ecma
        self.typing = Typing(ecma)
        self.types = TypeSorts(self.typing, ecma.facts, self.sort)
        self.outside = External(ecma)
        self.quiet = Quiet(self)
        self.awaits: Callable[[str, str], bool] = lambda name, written: False
        """Whether the repo awaits calls of an outside callee, written so; see ``habits``."""
        self._sorts: dict[int, Sort] = {}
        self._returns: dict[FunctionId, Sort] = {}
        self._handlers: dict[type, Callable[[FunctionId, Any], Sort]] = {
            ir.Await: self._awaited,
            ir.Template: self._template,
            ir.Conditional: lambda f, n: either(self.sort(f, n.then), self.sort(f, n.other)),
            ir.Binary: self._binary,
            ir.Sequence: lambda f, n: self.sort(f, n.items[-1]) if n.items else Sort.NONE,
            ir.Cast: self._cast,
            ir.Call: self._call,
        }
        none = (ir.Unary, ir.Literal, ir.FunctionRef)
        self._handlers.update(dict.fromkeys(none, lambda function, node: Sort.NONE))

    def sort(self, function: FunctionId, node: ir.Expr) -> Sort:
        """What the value of an expression is."""
        known = self._sorts.get(id(node))
        if known is None:
            self._sorts[id(node)] = Sort.UNKNOWN
            handler = self._handlers.get(type(node), self._other)
            known = self._sorts[id(node)] = handler(function, node)
        return known

    # ------------------------------------------------------------ expressions

    def _other(self, function: FunctionId, node: ir.Expr) -> Sort:
        declared = self.types.of_types(self.typing.of(function, node))
        if declared is not Sort.UNKNOWN:
            return declared
        return self.of_values(self.ecma.value_of(function, node), function[0])

    def _awaited(self, function: FunctionId, node: ir.Await) -> Sort:
        """``await`` settles a promise, not an array of them."""
        found = self.types.of_types(self.typing.of(function, node))
        return Sort.ARRAY if found is Sort.ARRAY else Sort.NONE

    def _template(self, function: FunctionId, node: ir.Template) -> Sort:
        return Sort.NONE if node.tag is None else self._other(function, node)

    def _binary(self, function: FunctionId, node: ir.Binary) -> Sort:
        if node.op in {"||", "??"}:
            return either(self.sort(function, node.left), self.sort(function, node.right))
        return self.sort(function, node.right) if node.op == "&&" else Sort.NONE

    def _cast(self, function: FunctionId, node: ir.Cast) -> Sort:
        types = self.typing.of(function, node)
        declared = self.types.of_types(types)
        if declared is not Sort.UNKNOWN:
            return declared
        return Sort.NONE if node.type is not None and types else self.sort(function, node.value)

    # ------------------------------------------------------------------ calls

    def _call(self, function: FunctionId, node: ir.Call) -> Sort:
        declared = self.types.of_types(self.typing.of(function, node))
        if declared is not Sort.UNKNOWN:
            return declared
        callee = node.callee
        if isinstance(callee, ir.Member) and callee.name in _CHAIN:
            receiver = self.sort(function, callee.object)
            if receiver is Sort.PROMISE or receiver is Sort.USED:
                return receiver
            if receiver is Sort.LAZY:
                return Sort.PROMISE
        fn = self.typing.function(function)
        if fn is not None and self.quiet.call(fn, node):
            return Sort.UNKNOWN
        found = self.of_values(self.ecma.value_of(function, node), function[0])
        if found is Sort.ARRAY and isinstance(callee, ir.Member) and callee.name in _MUTATORS:
            return Sort.NONE
        reached = self.ecma.resolve_call(function, node)
        inside = [self.returns(target) for target in reached.targets if not node.new]
        outside = [self.external(name, function, node) for name in reached.externals]
        plain = sum(
            name.startswith("global:") and sort is not Sort.PROMISE
            for name, sort in zip(reached.externals, outside, strict=True)
        )
        every = len(inside) + len(outside)
        if every > _FEW and plain * 2 > every:
            return Sort.UNKNOWN
        found = either(found, *inside, *outside)
        if found is Sort.PROMISE and not node.new and self._takes_callback(function, node):
            return Sort.UNKNOWN
        if found is Sort.UNKNOWN and self._maps_to_promises(function, node):
            return Sort.ARRAY
        return found

    def _maps_to_promises(self, function: FunctionId, node: ir.Call) -> bool:
        """``x.map(async ...)`` of something unknown: a list, as far as anybody can tell."""
        callee, first = node.callee, node.args[0] if node.args else None
        if not isinstance(callee, ir.Member) or callee.name != "map":
            return False
        if not isinstance(first, ir.FunctionRef) or len(node.args) > 1:
            return False
        return self.returns((function[0], first.index)) is Sort.PROMISE

    def external(self, name: str, function: FunctionId, node: ir.Call) -> Sort:
        """What a call gives that reaches ``name`` of the outside world."""
        found = self.outside.sort(name, function[0], node)
        if found is not Sort.UNKNOWN:
            return found
        return Sort.USED if self.awaits(name, written_name(node.callee)) else Sort.UNKNOWN

    def _takes_callback(self, function: FunctionId, node: ir.Call) -> bool:
        """Whether a hybrid is called with its callback, so that it returns no promise."""
        last = node.args[-1] if node.args else None
        if not isinstance(last, ir.FunctionRef | ir.Name | ir.Call):
            return False
        reached = self.ecma.resolve_call(function, node)
        kinds = (self.outside.kind(name, function[0], node) for name in reached.externals)
        if "hybrid" in kinds:
            return self._may_be_callback(function, last)
        return isinstance(last, ir.FunctionRef) and any(
            self._is_hybrid(target, len(node.args) - 1) for target in reached.targets
        )

    def _may_be_callback(self, function: FunctionId, last: ir.Expr) -> bool:
        """A function, or what a call makes of which nothing else is known (``events.done()``)."""
        if isinstance(last, ir.FunctionRef):
            return True
        if isinstance(last, ir.Call) and not last.new:
            values = self.ecma.value_of(function, last)
            if all(isinstance(value, FunctionValue | ExternalValue) for value in values):
                return True
        types = self.typing.of(function, last)
        return any(isinstance(t.kind, FunctionKind | ir.TFunc) for t in types)

    def _is_hybrid(self, target: FunctionId, position: int) -> bool:
        """A function of the repo that is not async and also returns without a promise."""
        facts = self.ecma.facts[target[0]].functions[target[1]]
        if facts.is_async or position >= len(facts.params):
            return False
        name = facts.params[position].name
        if not isinstance(name, ir.Name):
            return False
        tested = any(isinstance(s, ir.If) and _mentions(s.test, name.id) for s in facts.body or ())
        calls = self.ecma.calls(target)
        called = any(isinstance(c.callee, ir.Name) and c.callee.id == name.id for c in calls)
        return tested or called

    # ----------------------------------------------------------------- values

    def of_values(self, values: tuple[Value, ...], path: str) -> Sort:
        """What an expression is that evaluates to these values in a file."""
        if not values:
            return Sort.UNKNOWN
        return either(*[self.of_value(value, path) for value in values])

    def of_value(self, value: Value, path: str) -> Sort:
        """What a value is that was evaluated in a file."""
        if type(value) in _NO_PROMISES:
            return Sort.NONE
        if isinstance(value, PromiseValue):
            return Sort.PROMISE
        if isinstance(value, ListValue):
            return Sort.ARRAY if self._holds_promise(value, path) else Sort.NONE
        if isinstance(value, InstanceValue) and not value.of_function:
            made = ClassKind(value.path, value.index)
            return self.types.of_type(Typed((value.path, 0), made))
        if isinstance(value, ExternalValue):
            return self.outside.value(value.name, path)
        return Sort.NONE

    def _holds_promise(self, value: ListValue, path: str) -> bool:
        for item in value.items:
            kind = type(item)
            if kind is PromiseValue:
                return True
            if kind in _MAYBE_PROMISES and self.of_value(item, path) is Sort.PROMISE:
                return True
        return False

    # ---------------------------------------------------------------- results

    def returns(self, function: FunctionId) -> Sort:
        """What calling a function of the repo gives."""
        known = self._returns.get(function)
        if known is None:
            self._returns[function] = Sort.UNKNOWN
            known = self._returns[function] = self._returned(function)
        return known

    def _returned(self, function: FunctionId) -> Sort:
        facts = self.ecma.facts[function[0]].functions[function[1]]
        if facts.generator:
            return Sort.NONE
        if facts.is_async:
            return Sort.PROMISE
        if facts.results:
            declared = self.types.of_types(self.typing.results_of(function))
            if declared is not Sort.UNKNOWN:
                return declared
        index = self.typing.function(function)
        if index is None or not index.returns:
            return Sort.NONE
        return either(*[self.sort(function, expr) for expr in index.returns])


def _mentions(node: ir.Expr, name: str) -> bool:
    return any(isinstance(part, ir.Name) and part.id == name for part in walk([node]))
