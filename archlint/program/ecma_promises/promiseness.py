"""Is the value of an expression a promise? By declared types, then by what it evaluates to."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum

from archlint.knowledge.promises import PromiseApi, promise_api
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
from archlint.program.ecma_promises.call_types import is_promise_name
from archlint.program.ecma_promises.kinds import (
    ClassKind,
    FunctionId,
    FunctionKind,
    ListKind,
    LiteralKind,
    Typed,
)
from archlint.program.ecma_promises.typing import Typing

_SILENT = frozenset({"any", "unknown", "never", "object", "this", "Function", "undefined", "null"})
_MUTATORS = frozenset(
    {"set", "add", "push", "unshift", "splice", "fill", "sort", "reverse", "delete", "forEach"}
)
_CHAIN = frozenset({"then", "catch", "finally"})
_NO_PROMISES = frozenset({FunctionValue, LiteralValue, ObjectValue, ModuleValue})


class Sort(Enum):
    """What a value is, as far as promises go."""

    NONE = "none"
    UNKNOWN = "unknown"
    PROMISE = "promise"
    LAZY = "lazy"
    """A thenable that does nothing until it is awaited (a query builder)."""
    ARRAY = "array"
    """An array of promises."""
    USED = "used"
    """The repo awaits calls of the same outside function elsewhere."""


_OF_API = {
    "promise": Sort.PROMISE,
    "hybrid": Sort.PROMISE,
    "lazy": Sort.LAZY,
    "none": Sort.NONE,
}


class Promises:
    """Promise-ness of expressions and results of functions."""

    def __init__(self, ecma: EcmaLinker) -> None:
        self.ecma = ecma
        self.typing = Typing(ecma)
        self.api: PromiseApi = promise_api()
        self._declared = ecma.declared
        self.awaits: Callable[[str, str], bool] = lambda name, written: False
        """Whether the repo awaits calls of an outside callee, written so; see ``habits``."""
        self._sorts: dict[int, Sort] = {}
        self._returns: dict[FunctionId, Sort] = {}

    def sort(self, function: FunctionId, node: ir.Expr) -> Sort:
        """What the value of an expression is."""
        known = self._sorts.get(id(node))
        if known is None:
            self._sorts[id(node)] = Sort.UNKNOWN
            known = self._sorts[id(node)] = self._sort(function, node)
        return known

    def is_promise(self, function: FunctionId, node: ir.Expr) -> bool:
        """Whether the value is (or may be) a promise that has started."""
        return self.sort(function, node) is Sort.PROMISE

    def _sort(self, function: FunctionId, node: ir.Expr) -> Sort:
        if isinstance(node, ir.Unary | ir.Literal | ir.FunctionRef):
            return Sort.NONE
        if isinstance(node, ir.Await):
            return self._awaited(function, node)
        if isinstance(node, ir.Template) and node.tag is None:
            return Sort.NONE
        if isinstance(node, ir.Conditional):
            return _either(self.sort(function, node.then), self.sort(function, node.other))
        if isinstance(node, ir.Binary) and node.op in {"||", "??"}:
            return _either(self.sort(function, node.left), self.sort(function, node.right))
        if isinstance(node, ir.Binary):
            return self.sort(function, node.right) if node.op == "&&" else Sort.NONE
        if isinstance(node, ir.Sequence):
            return self.sort(function, node.items[-1]) if node.items else Sort.NONE
        types = self.typing.of(function, node)
        declared = self.of_types(types)
        if declared is not Sort.UNKNOWN:
            return declared
        if isinstance(node, ir.Cast):
            return Sort.NONE if node.type is not None and types else self.sort(function, node.value)
        if isinstance(node, ir.Call):
            return self._call(function, node)
        return self.of_values(self.ecma.value_of(function, node), function[0])

    def _awaited(self, function: FunctionId, node: ir.Await) -> Sort:
        """``await`` settles a promise, not an array of them."""
        found = self.of_types(self.typing.of(function, node))
        return Sort.ARRAY if found is Sort.ARRAY else Sort.NONE

    # ------------------------------------------------------------------ types

    def of_types(self, types: tuple[Typed, ...]) -> Sort:
        """What declared types say; unknown when any constituent is none of the repo's business."""
        found = [self.of_type(typed) for typed in types]
        for wanted in (Sort.PROMISE, Sort.ARRAY):
            if wanted in found:
                return wanted
        return Sort.NONE if found and Sort.UNKNOWN not in found else Sort.UNKNOWN

    def of_type(self, typed: Typed, depth: int = 0) -> Sort:
        """What one constituent says."""
        kind = typed.kind
        if depth > 6:
            return Sort.UNKNOWN
        if is_promise_name(kind):
            return Sort.PROMISE
        if isinstance(kind, ir.TUnion):
            parts = [p for m in kind.members for p in self._expand(Typed(typed.scope, m))]
            sorts = [self.of_type(part, depth + 1) for part in parts]
            return Sort.PROMISE if Sort.PROMISE in sorts else Sort.UNKNOWN
        if isinstance(kind, ir.TInterface):
            embeds = [p for e in kind.embeds for p in self._expand(Typed(typed.scope, e))]
            if any(self.of_type(part, depth + 1) is Sort.PROMISE for part in embeds):
                return Sort.PROMISE
            return Sort.NONE if not kind.embeds else Sort.UNKNOWN
        if isinstance(kind, ClassKind):
            if kind.static:
                return Sort.NONE
            return self._class(kind, depth)
        if isinstance(kind, ir.TSlice | ir.TTuple | LiteralKind | ListKind):
            return self._list(typed, depth)
        if isinstance(kind, ir.TName):
            return self._named(typed, kind, depth)
        if isinstance(kind, ir.TLiteral | ir.TStruct | ir.TFunc | FunctionKind):
            return Sort.NONE
        return Sort.UNKNOWN

    def _expand(self, typed: Typed) -> tuple[Typed, ...]:
        return self.typing.scopes.expand(typed)

    def _class(self, kind: ClassKind, depth: int) -> Sort:
        bases = self.typing.bases(kind)
        if any(self.of_type(base, depth + 1) is Sort.PROMISE for base in bases):
            return Sort.PROMISE
        facts = self.ecma.facts[kind.path].classes[kind.index]
        return Sort.NONE if facts.extends is None or bases else Sort.UNKNOWN

    def _named(self, typed: Typed, kind: ir.TName, depth: int) -> Sort:
        if kind.name in {"Array", "ReadonlyArray"}:
            return self._list(typed, depth)
        if kind.name in _SILENT or kind.name in {"string", "number", "boolean", "void", "symbol"}:
            return Sort.NONE if kind.name not in {"this", "object"} else Sort.UNKNOWN
        if kind.name == "PromiseLike":
            return Sort.NONE
        return Sort.UNKNOWN

    def _list(self, typed: Typed, depth: int) -> Sort:
        items = self.typing.elements((typed,))
        sorts = [self.of_type(item, depth + 1) for item in items]
        if Sort.PROMISE in sorts:
            return Sort.ARRAY
        kind = typed.kind
        if isinstance(kind, LiteralKind) and isinstance(kind.node, ir.Array):
            inner = [i.value if isinstance(i, ir.Spread) else i for i in kind.node.items]
            found = [self.sort(kind.function, item) for item in inner if item is not None]
            if Sort.PROMISE in found or Sort.ARRAY in found:
                return Sort.ARRAY
            return Sort.NONE
        if isinstance(kind, LiteralKind):
            return Sort.NONE
        return Sort.NONE if isinstance(kind, ir.TSlice | ir.TTuple) else Sort.UNKNOWN

    # ----------------------------------------------------------------- values

    def _call(self, function: FunctionId, node: ir.Call) -> Sort:
        callee = node.callee
        if isinstance(callee, ir.Member) and callee.name in _CHAIN:
            receiver = self.sort(function, callee.object)
            if receiver in {Sort.PROMISE, Sort.USED}:
                return receiver
            if receiver is Sort.LAZY:
                return Sort.PROMISE
        found = self.of_values(self.ecma.value_of(function, node), function[0])
        if found is Sort.ARRAY and isinstance(callee, ir.Member) and callee.name in _MUTATORS:
            return Sort.NONE
        reached = self.ecma.resolve_call(function, node)
        sorts = [found]
        sorts.extend(self.returns(target) for target in reached.targets if not node.new)
        sorts.extend(self.external(name, function, node) for name in reached.externals)
        found = _either(*sorts)
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
        kind = self.api.kind(name) or self._declared.kind(name, function[0], _count(node))
        if kind:
            return _OF_API[kind]
        return Sort.USED if self.awaits(name, written_name(node.callee)) else Sort.UNKNOWN

    def _takes_callback(self, function: FunctionId, node: ir.Call) -> bool:
        """Whether a hybrid is called with its callback, so that it returns no promise."""
        if not node.args:
            return False
        last = node.args[-1]
        reached = self.ecma.resolve_call(function, node)
        if not isinstance(last, ir.FunctionRef | ir.Name):
            return False
        if any(self._is_hybrid_api(name, function, node) for name in reached.externals):
            types = self.typing.of(function, last)
            return isinstance(last, ir.FunctionRef) or any(
                isinstance(t.kind, FunctionKind | ir.TFunc) for t in types
            )
        return isinstance(last, ir.FunctionRef) and any(
            self._is_hybrid(target, len(node.args) - 1) for target in reached.targets
        )

    def _is_hybrid_api(self, name: str, function: FunctionId, node: ir.Call) -> bool:
        kind = self.api.kind(name) or self._declared.kind(name, function[0], _count(node))
        return kind == "hybrid"

    def _is_hybrid(self, target: FunctionId, position: int) -> bool:
        """A function of the repo that is not async and also returns without a promise."""
        facts = self.ecma.facts[target[0]].functions[target[1]]
        if facts.is_async or position >= len(facts.params):
            return False
        name = facts.params[position].name
        if not isinstance(name, ir.Name):
            return False
        index = self.ecma.evaluator.function(target)
        calls = index.calls if index is not None else []
        tested = any(isinstance(s, ir.If) and _mentions(s.test, name.id) for s in facts.body or ())
        called = any(isinstance(c.callee, ir.Name) and c.callee.id == name.id for c in calls)
        return tested or called

    def of_values(self, values: tuple[Value, ...], path: str) -> Sort:
        """What an expression is that evaluates to these values in a file."""
        sorts = [self.of_value(value, path) for value in values]
        return _either(*sorts) if sorts else Sort.UNKNOWN

    def of_value(self, value: Value, path: str, depth: int = 0) -> Sort:
        """What a value is that was evaluated in a file."""
        if type(value) in _NO_PROMISES:
            return Sort.NONE
        if isinstance(value, PromiseValue):
            return Sort.PROMISE
        if isinstance(value, ListValue) and depth < 3:
            sorts = [self.of_value(item, path, depth + 1) for item in value.items]
            return Sort.ARRAY if Sort.PROMISE in sorts else Sort.NONE
        if isinstance(value, InstanceValue) and not value.of_function:
            return self.of_type(Typed((value.path, 0), ClassKind(value.path, value.index)))
        if isinstance(value, ExternalValue):
            if not value.name.endswith("()"):
                return Sort.UNKNOWN
            known = self.api.kind(value.name[:-2])
            kind = known or self._declared.kind(value.name[:-2], path)
            return _OF_API.get(kind, Sort.UNKNOWN) if known or kind != "hybrid" else Sort.UNKNOWN
        return Sort.NONE

    # ---------------------------------------------------------------- results

    def returns(self, function: FunctionId) -> Sort:
        """What calling a function of the repo gives."""
        known = self._returns.get(function)
        if known is not None:
            return known
        self._returns[function] = Sort.UNKNOWN
        found = self._returned(function)
        self._returns[function] = found
        return found

    def _returned(self, function: FunctionId) -> Sort:
        facts = self.ecma.facts[function[0]].functions[function[1]]
        if facts.generator:
            return Sort.NONE
        if facts.is_async:
            return Sort.PROMISE
        if facts.results:
            declared = self.of_types(self.typing.results_of(function))
            if declared is not Sort.UNKNOWN:
                return declared
        index = self.ecma.evaluator.function(function)
        if index is None or not index.returns:
            return Sort.NONE
        return _either(*(self.sort(function, expr) for expr in index.returns))


def _count(node: ir.Call) -> int | None:
    """How many arguments a call has; None when a spread hides it."""
    return None if any(isinstance(arg, ir.Spread) for arg in node.args) else len(node.args)


def _either(*sorts: Sort) -> Sort:
    """The most telling of several possibilities."""
    for wanted in (Sort.PROMISE, Sort.ARRAY, Sort.LAZY, Sort.USED, Sort.UNKNOWN):
        if wanted in sorts:
            return wanted
    return Sort.NONE


def _mentions(node: ir.Expr, name: str) -> bool:
    return any(isinstance(part, ir.Name) and part.id == name for part in walk([node]))
