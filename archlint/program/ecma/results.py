"""What calls give: returned values, instances, promises, lists, modules."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from archlint.model import ir
from archlint.program.ecma.index import FunctionIndex
from archlint.program.ecma.values import (
    ClassValue,
    ExternalValue,
    FunctionValue,
    InstanceValue,
    ListValue,
    LiteralValue,
    ObjectValue,
    PromiseValue,
    SignatureValue,
    Value,
    Values,
    union,
)

if TYPE_CHECKING:
    from archlint.program.ecma.evaluate import Evaluator

_SAME_LIST = frozenset({"filter", "slice", "concat", "reverse", "sort", "values", "splice", "flat",
    "toSorted", "toReversed", "fill", "add", "set", "with", "entries"})  # fmt: skip
_SAME_PROMISE = frozenset({"then", "catch", "finally", "tap", "tapCatch", "timeout", "delay"})
"""The last four are bluebird's."""
_ONE_ITEM = frozenset({"find", "pop", "shift", "at", "get", "findLast", "next"})
_LOOKUPS = frozenset({"get", "resolve", "create", "build", "getOrThrow", "resolveComponent",
    "inject"})  # fmt: skip
_MERGES = ("merge", "assign", "extend", "defaults", "defaultsDeep", "assignIn", "pick", "omit")
_PROMISED = frozenset({"global:Promise.all", "global:Promise.allSettled", "global:Promise.any",
    "global:Promise.race"})  # fmt: skip
_SAME = frozenset({"global:Object.assign", "global:Object.freeze", "global:Object.seal",
    "global:Object.setPrototypeOf", "global:structuredClone"})  # fmt: skip


class Results:
    """The result of a call, by what its callee evaluates to."""

    def __init__(self, evaluator: Evaluator) -> None:
        self._ev = evaluator
        self._table = self._builtins()

    # ------------------------------------------------------------------ calls

    def of(self, fn: FunctionIndex, call: ir.Call) -> Values:
        """What a call evaluates to."""
        callee = call.callee
        if isinstance(callee, ir.Name):
            if callee.id == "require" and self._ev.binding(fn, callee) is None:
                return self._ev.loading.required(fn, call)
            if callee.id == "import":
                return (PromiseValue(self._ev.loading.namespace(fn, call)),)
        elif isinstance(callee, ir.Member):
            receiver = self._ev.values(fn, callee.object)
            special = self._on_receiver(fn, call, receiver, callee.name)
            if special is not None:
                return special
        values = self._ev.values(fn, callee)
        return union(*(self.called(fn, call, value) for value in values))

    def called(
        self,
        fn: FunctionIndex,
        call: ir.Call,
        value: Value,
        args: tuple[ir.Expr, ...] | None = None,
    ) -> Values:
        """What calling (or constructing) one value gives."""
        given = call.args if args is None else args
        if isinstance(value, FunctionValue):
            if call.new:
                made = InstanceValue(value.path, value.index, True, True)
                return union((made,), self._instances(self.returns(value)))
            return self._substituted(fn, given, value)
        if isinstance(value, ClassValue):
            return (InstanceValue(value.path, value.index, True),)
        if isinstance(value, ExternalValue):
            return self._external(fn, call, given, value)
        if isinstance(value, SignatureValue):
            return self._ev.types.result(value)
        return ()

    def _instances(self, values: Values) -> Values:
        return tuple(v for v in values if isinstance(v, ObjectValue | InstanceValue))

    def _on_receiver(
        self, fn: FunctionIndex, call: ir.Call, receiver: Values, name: str
    ) -> Values | None:
        """Results that depend on the receiver: bind, call, apply, lists and promises."""
        if name in {"bind", "call", "apply"}:
            callables = [v for v in receiver if isinstance(v, FunctionValue | SignatureValue)]
            if callables:
                if name == "bind":
                    return tuple(callables)
                args = call.args[1:] if name == "call" else ()
                return union(*(self.called(fn, call, value, args) for value in callables))
        if any(isinstance(value, ListValue | PromiseValue) for value in receiver):
            parts: list[Values] = []
            for value in receiver:
                if isinstance(value, ListValue):
                    parts.append(self._on_list(fn, call, value, name))
                elif isinstance(value, PromiseValue):
                    parts.append(self._on_promise(fn, call, value, name))
                else:
                    members = self._ev.members.one(value, name)
                    parts.extend(self.called(fn, call, member) for member in members)
            return union(*parts)
        outside = all(isinstance(v, ExternalValue) for v in receiver)
        if name == "reduce" and len(call.args) == 2 and outside:
            given = [self._ev.values(fn, arg) for arg in call.args[:2]]
            return union(self.returned_by(given[0]), *given[1:])
        return None

    def _on_list(self, fn: FunctionIndex, call: ir.Call, value: ListValue, name: str) -> Values:
        if name in _SAME_LIST:
            more = [self._ev.members.iterated(self._ev.values(fn, a)) for a in call.args[:4]]
            return (ListValue(union(value.items, *more)),) if name == "concat" else (value,)
        if name in _ONE_ITEM:
            return value.items
        if name in {"map", "flatMap"} and call.args:
            found = self.returned_by(self._ev.values(fn, call.args[0]))
            if name == "flatMap":
                found = union(self._ev.members.iterated(found), found)
            return (ListValue(found),)
        if name.startswith("reduce") and call.args:
            start = self._ev.values(fn, call.args[1]) if len(call.args) > 1 else value.items
            return union(self.returned_by(self._ev.values(fn, call.args[0])), start)
        return (ExternalValue(f"global:Array().{name}()"),)

    def _on_promise(
        self, fn: FunctionIndex, call: ir.Call, value: PromiseValue, name: str
    ) -> Values:
        if name == "then" and call.args:
            found = self.returned_by(self._ev.values(fn, call.args[0]))
            return (PromiseValue(self._ev.awaited(found)),)
        return (value,) if name in _SAME_PROMISE else ()

    # --------------------------------------------------------------- returned

    def returned_by(self, values: Values) -> Values:
        """What calling any of the functions among values gives."""
        return union(*(self.returns(v) for v in values if isinstance(v, FunctionValue)))

    def returns(self, value: FunctionValue) -> Values:
        """What a function of the repo returns (a promise when it is async)."""
        found: Values = self._ev.memo(("r", value), self._returns, value)
        return found

    def _returns(self, value: FunctionValue) -> Values:
        fn = self._ev.function((value.path, value.index))
        if fn is None:
            return ()
        found = union(*(self._ev.values(fn, expr) for expr in fn.returns))
        return self._wrapped(fn, found)

    def _wrapped(self, fn: FunctionIndex, found: Values) -> Values:
        """Returned values as the caller sees them; the declared type where nothing is known."""
        facts = fn.facts
        waits = facts.is_async and not facts.generator
        if waits:
            found = self._ev.awaited(found)
        if facts.results and not any(type(v) is not LiteralValue for v in found):
            declared = self._ev.types.values(fn, facts.results[0].type)
            found = union(self._ev.awaited(declared) if waits else declared, found)
            if facts.generator:
                return found
        if facts.generator:
            return (ListValue(found),)
        return (PromiseValue(found),) if waits else found

    def _substituted(
        self, fn: FunctionIndex, args: tuple[ir.Expr, ...], value: FunctionValue
    ) -> Values:
        """A function's result as this call sees it.

        Parameters that it returns as they are become this call's arguments, and a closure that
        calls a parameter (``asyncHandler(f)``) stands for this call's argument too.
        """
        callee = self._ev.function((value.path, value.index))
        shape = self._ev.wrapping.shape(callee) if callee is not None else None
        if callee is None or shape is None:
            return self.returns(value)
        parts: list[Values] = []
        for expr, position in shape.leaves:
            if position < 0:
                parts.append(self._ev.values(callee, expr))
            elif position < len(args):
                parts.append(self._ev.values(fn, args[position]))
        for position in (*shape.wrapped, *shape.built):
            if position < len(args):
                given = self._ev.values(fn, args[position])
                given = self.returned_by(given) if position in shape.built else given
                parts.append(tuple(v for v in given if isinstance(v, FunctionValue)))
        return self._wrapped(callee, union(*parts))

    # --------------------------------------------------------------- external

    def _external(
        self, fn: FunctionIndex, call: ir.Call, args: tuple[ir.Expr, ...], value: ExternalValue
    ) -> Values:
        name = value.name
        made = (fn.file.path, call.at)
        result = self._ev.canonical.called(value, made)
        builtin = self._builtin(fn, args, name)
        if builtin is not None:
            return builtin
        if args or name == "npm:require-dir":
            if name in self._ev.canonical.making:
                return self._ev.factories.called(value, self._ev.values(fn, args[0])) or result
            if name in self._ev.canonical.loaders:
                return self._ev.loading.folder(fn, args)
            if self._ev.canonical.is_wrapper(name):
                inner = self._ev.values(fn, args[0])
                return union(tuple(v for v in inner if isinstance(v, FunctionValue)), result)
            if len(args) <= 2 and name.rpartition(".")[2] in _LOOKUPS:
                return self._looked_up(fn, call, args[0], name) or result
        return result

    def _looked_up(self, fn: FunctionIndex, call: ir.Call, token: ir.Expr, name: str) -> Values:
        """What a container holds for a class, or under a token that the repo binds."""
        classes = [v for v in self._ev.values(fn, token) if isinstance(v, ClassValue)]
        if classes:
            return tuple(InstanceValue(v.path, v.index, True) for v in classes)
        if not name.startswith(self._ev.canonical.containers):
            return ()
        found = self._ev.injection.by_token(fn, token)
        if not found:
            outside = [v for v in self._ev.values(fn, token) if isinstance(v, ExternalValue)]
            found = self._ev.members.instances(tuple(outside))
        if not found and call.types:
            declared = self._ev.types.values(fn, call.types[0])
            found = tuple(v for v in declared if not isinstance(v, ExternalValue))
        return found

    def is_builtin(self, name: str) -> bool:
        """Whether the result of calling an outside name depends on what it is given."""
        return name in self._table

    def _builtin(self, fn: FunctionIndex, args: tuple[ir.Expr, ...], name: str) -> Values | None:
        handler = self._table.get(name)
        if handler is not None:
            return handler([self._ev.values(fn, arg) for arg in args[:8]])
        if name.startswith(("node:path.", "node:url.", "node:fs.real", "npm:desm.", "global:")):
            return self._ev.loading.path(fn, args, name) or None
        return None

    def _builtins(self) -> dict[str, Callable[[list[Values]], Values]]:
        table: dict[str, Callable[[list[Values]], Values]] = {}
        for name in _SAME:
            table[name] = self._merged
        for name in _PROMISED:
            table[name] = self._all
        table["global:Promise.resolve"] = lambda given: (
            PromiseValue(self._ev.awaited(union(*given))),
        )
        table["global:Promise"] = lambda given: (PromiseValue(()),)
        table["global:Object.create"] = lambda given: given[0] if given else ()
        for package in ("npm:lodash.", "npm:lodash/", "npm:underscore."):
            table.update({f"{package}{name}": self._merged for name in _MERGES})
            table[f"{package}values"] = self._fields
            table[f"{package}cloneDeep"] = self._merged
        table["global:Object.values"] = self._fields
        table["global:Object.entries"] = self._fields_entries
        for name in ("global:Array.from", "global:Set", "global:Map", "global:Array"):
            own = () if name.startswith("global:Array") else (ExternalValue(f"{name}()"),)
            table[name] = lambda given, own=own: union(own, self._listed(given))  # type: ignore[misc]
        return table

    def _merged(self, given: list[Values]) -> Values:
        return union(*given)

    def _listed(self, given: list[Values]) -> Values:
        return (ListValue(self._ev.members.iterated(given[0]) if given else ()),)

    def _all(self, given: list[Values]) -> Values:
        items = self._ev.awaited(self._ev.members.iterated(union(*given)))
        return (PromiseValue((ListValue(items),)),)

    def _fields(self, given: list[Values]) -> Values:
        return (ListValue(self._ev.members.elements(union(*given))),)

    def _fields_entries(self, given: list[Values]) -> Values:
        return (ListValue((ListValue(self._ev.members.elements(union(*given))),)),)

    def tagged(self, fn: FunctionIndex, node: ir.Template) -> Values:
        """What a tagged template gives."""
        parts: list[Values] = []
        for value in self._ev.values(fn, node.tag):
            if isinstance(value, FunctionValue):
                parts.append(self.returns(value))
            elif isinstance(value, ExternalValue):
                parts.append(self._ev.canonical.called(value, (fn.file.path, node.at)))
        return union(*parts)
