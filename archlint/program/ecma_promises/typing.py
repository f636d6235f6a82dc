"""Static types of expressions, from annotations and declarations; no flow, no generics solved."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from archlint.model import ir
from archlint.program.ecma import EcmaLinker
from archlint.program.ecma_promises.kinds import (
    PROMISE,
    VOID,
    ClassKind,
    FunctionId,
    FunctionKind,
    ListKind,
    LiteralKind,
    Typed,
)
from archlint.program.ecma_promises.type_members import LISTS, TypeMembers, Types

DEPTH = 40
_SAME_LIST = frozenset(
    {"filter", "slice", "concat", "reverse", "sort", "toSorted", "toReversed", "values", "splice"}
)
_ONE_ITEM = frozenset({"find", "pop", "shift", "at", "findLast"})
_PROMISE_STATICS = frozenset({"all", "allSettled", "any", "race", "resolve", "reject", "try"})
_CHAIN = frozenset({"then", "catch", "finally"})


def is_promise_name(kind: Any) -> bool:
    """Whether a type is ``Promise`` as written."""
    return isinstance(kind, ir.TName) and kind.name == "Promise"


class Typing(TypeMembers):
    """Types of expressions by (function, expression), memoised."""

    def __init__(self, ecma: EcmaLinker) -> None:
        super().__init__(ecma)
        self._memo: dict[int, Types] = {}
        self._results: dict[FunctionId, Types] = {}
        self._called: dict[tuple[FunctionId, int], Types] = {}
        self._depth = 0
        self._handlers: dict[type, Callable[[FunctionId, Any], Iterable[Typed]]] = {
            ir.Name: self._name,
            ir.Member: lambda f, n: self.member(self.of(f, n.object), n.name),
            ir.Index: lambda f, n: self.elements(self.of(f, n.object)),
            ir.Call: self._call,
            ir.Await: lambda f, n: self.awaited(self.of(f, n.value)),
            ir.Cast: self._cast,
            ir.Conditional: lambda f, n: (*self.of(f, n.then), *self.of(f, n.other)),
            ir.Binary: self._binary,
            ir.Sequence: lambda f, n: self.of(f, n.items[-1]) if n.items else (),
            ir.Assign: lambda f, n: self.of(f, n.values[0]) if n.values else (),
            ir.Template: lambda f, n: self.returned(self.of(f, n.tag)) if n.tag else (),
            ir.FunctionRef: lambda f, n: (Typed(f, FunctionKind(f[0], n.index)),),
            ir.ClassRef: lambda f, n: (Typed(f, ClassKind(f[0], n.index, True)),),
            ir.Object: lambda f, n: (Typed(f, LiteralKind(f, n)),),
            ir.Array: lambda f, n: (Typed(f, LiteralKind(f, n)),),
        }

    def of(self, function: FunctionId, node: ir.Expr | None) -> Types:
        """The constituents of an expression's static type; () when nothing is declared."""
        handler = self._handlers.get(type(node))
        if handler is None or node is None:
            return ()
        known = self._memo.get(id(node))
        if known is not None:
            return known
        if self._depth > DEPTH:
            return ()
        self._memo[id(node)] = ()
        self._depth += 1
        try:
            found = self.expanded(handler(function, node))
        finally:
            self._depth -= 1
        self._memo[id(node)] = found
        return found

    # ------------------------------------------------------------------ names

    def _name(self, function: FunctionId, node: ir.Name) -> Iterator[Typed]:
        if node.id == "this":
            yield from self._this(function)
            return
        binding = self._ecma.binding(function, node)
        if binding is None:
            return
        scope = (binding.path, binding.function)
        if binding.imported is not None:
            item, imported = binding.imported
            target = self._ecma.resolve_module(binding.path, item.specifier or "")
            yield from self._exported(target, imported, 0)
            return
        if binding.type is not None:
            yield Typed(scope, binding.type)
            return
        for source in binding.sources:
            inner = (binding.path, source.function)
            types = self._parameter(inner, binding.parameter, source.expr)
            yield from self._steps(types, source.steps)
            if source.default is not None:
                yield from self.of(inner, source.default)

    def _parameter(self, scope: FunctionId, position: int, expr: ir.Expr | None) -> Types:
        """The type of a whole parameter, or of an initial value."""
        if expr is not None:
            return self.of(scope, expr)
        facts = self._ecma.facts[scope[0]].functions[scope[1]]
        if 0 <= position < len(facts.params) and facts.params[position].type is not None:
            return self.expanded((Typed(scope, facts.params[position].type),))  # type: ignore[arg-type]
        return ()

    def _steps(self, types: Types, steps: tuple[tuple[str, Any], ...]) -> Types:
        for step, key in steps:
            if step == "prop":
                types = self.member(types, str(key))
            elif step in {"item", "each"}:
                types = self.elements(types, key if step == "item" else None)
            elif step == "key":
                types = ()
        return types

    def _this(self, function: FunctionId) -> Iterator[Typed]:
        facts = self._ecma.facts[function[0]]
        index = function[1]
        while index > 0:
            found = facts.functions[index]
            if found.owner >= 0:
                yield Typed(function, ClassKind(function[0], found.owner, found.static))
                return
            if found.kind != "arrow":
                return
            index = found.parent

    def _exported(self, path: str, name: str, depth: int) -> Types:
        facts = self._ecma.facts.get(path)
        if facts is None or depth > 8:
            return ()
        for item in facts.exports:
            if item.name != name:
                continue
            if item.specifier is None:
                return self.of((path, 0), item.value)
            target = self._ecma.resolve_module(path, item.specifier)
            return self._exported(target, item.source_name or name, depth + 1)
        for item in facts.exports:
            if item.name == "*" and item.specifier is not None:
                target = self._ecma.resolve_module(path, item.specifier)
                found = self._exported(target, name, depth + 1)
                if found:
                    return found
        return ()

    # ------------------------------------------------------------------ calls

    def _call(self, function: FunctionId, node: ir.Call) -> Iterator[Typed]:
        callee = node.callee
        if node.new:
            yield from self._constructed(function, node)
            return
        if isinstance(callee, ir.Name) and callee.id == "import":
            yield Typed(function, PROMISE)
            return
        if isinstance(callee, ir.Member):
            special = self._method(function, node, callee)
            if special is not None:
                yield from special
                return
        for typed in self.of(function, callee):
            yield from self.called(typed)

    def _constructed(self, function: FunctionId, node: ir.Call) -> Iterator[Typed]:
        callee = node.callee
        if isinstance(callee, ir.Name) and self._ecma.binding(function, callee) is None:
            yield Typed(function, ir.TName(callee.id, node.types))
        for typed in self.of(function, callee):
            if isinstance(typed.kind, ClassKind) and typed.kind.static:
                yield Typed(typed.scope, ClassKind(typed.kind.path, typed.kind.index))
            elif isinstance(typed.kind, ir.TStruct | ir.TInterface):
                for field in self._field(typed, typed.kind, "new", 0):
                    yield from self.called(field)
                embeds = typed.kind.embeds if isinstance(typed.kind, ir.TInterface) else ()
                if any(isinstance(e, ir.TName) and e.name == "PromiseConstructor" for e in embeds):
                    yield Typed(function, PROMISE)

    def _method(
        self, function: FunctionId, node: ir.Call, callee: ir.Member
    ) -> Iterable[Typed] | None:
        """Promise statics and chains, list methods."""
        target, name = callee.object, callee.name
        if (
            isinstance(target, ir.Name)
            and target.id == "Promise"
            and name in _PROMISE_STATICS
            and self._ecma.binding(function, target) is None
        ):
            return (Typed(function, PROMISE),)
        receiver = self.of(function, target)
        if name in _CHAIN and any(is_promise_name(typed.kind) for typed in receiver):
            return (Typed(function, PROMISE),)
        if any(self.is_list(typed) for typed in receiver):
            if name in {"map", "flatMap"} and node.args:
                return (Typed(function, ListKind(self.returned(self.of(function, node.args[0])))),)
            if name in _SAME_LIST:
                return receiver
            if name in _ONE_ITEM:
                return self.elements(receiver)
            if name == "forEach":
                return (Typed(function, VOID),)
        return None

    def is_list(self, typed: Typed) -> bool:
        """Whether a type is an array, tuple or the like."""
        kind = typed.kind
        if isinstance(kind, LiteralKind):
            return isinstance(kind.node, ir.Array)
        if isinstance(kind, ir.TName):
            return kind.name in LISTS
        return isinstance(kind, ir.TSlice | ir.TTuple | ListKind)

    def called(self, typed: Typed) -> Types:
        """What calling something of a type gives; () where a type meets itself."""
        kind = typed.kind
        if isinstance(kind, FunctionKind):
            return self.results_of((kind.path, kind.index))
        key = (typed.scope, id(kind))
        found = self._called.get(key)
        if found is None:
            self._called[key] = ()
            found = self._called[key] = self._result(typed)
        return found

    def _result(self, typed: Typed) -> Types:
        kind = typed.kind
        if isinstance(kind, ir.TFunc):
            return self.expanded(
                Typed(typed.scope, field.type) for field in kind.results if field.type is not None
            )
        if isinstance(kind, ir.TStruct | ir.TInterface):
            found = self._field(typed, kind, "()", 0)
            return self.expanded(
                r for field in found for r in self.called(field) if field.kind is not kind
            )
        if isinstance(kind, ir.TUnion):
            parts = (p for m in kind.members for p in self.scopes.expand(Typed(typed.scope, m)))
            return self.expanded(r for part in parts for r in self.called(part))
        return ()

    def returned(self, types: Types) -> Types:
        """What calling any of the types gives."""
        return self.expanded(r for typed in types for r in self.called(typed))

    def results_of(self, function: FunctionId) -> Types:
        """The declared or evident result types of a function of the repo."""
        known = self._results.get(function)
        if known is not None:
            return known
        self._results[function] = ()
        facts = self._ecma.facts[function[0]].functions[function[1]]
        if facts.results and facts.results[0].type is not None:
            found = self.expanded((Typed(function, facts.results[0].type),))
        elif facts.is_async and not facts.generator:
            found = (Typed(function, PROMISE),)
        elif facts.generator or facts.body is None:
            found = ()
        else:
            found = self._inferred(function)
        self._results[function] = found
        return found

    def _inferred(self, function: FunctionId) -> Types:
        index = self._ecma.evaluator.function(function)
        returns = index.returns if index is not None else []
        if not returns:
            return (Typed(function, VOID),)
        return self.expanded(t for expr in returns for t in self.of(function, expr))

    def awaited(self, types: Types) -> Types:
        """What ``await`` makes of types."""
        found: list[Typed] = []
        for typed in types:
            if isinstance(typed.kind, ir.TName) and typed.kind.name in {"Promise", "PromiseLike"}:
                found.extend(Typed(typed.scope, arg) for arg in typed.kind.args[:1])
            else:
                found.append(typed)
        return self.expanded(found)

    # ----------------------------------------------------------------- others

    def _cast(self, function: FunctionId, node: ir.Cast) -> Iterable[Typed]:
        return self.of(function, node.value) if node.type is None else (Typed(function, node.type),)

    def _binary(self, function: FunctionId, node: ir.Binary) -> Iterable[Typed]:
        if node.op == "&&":
            return self.of(function, node.right)
        if node.op in {"||", "??"}:
            return (*self.of(function, node.left), *self.of(function, node.right))
        return ()
