"""Static types of expressions, from annotations and declarations; no flow, no generics solved."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from archlint.model import ir
from archlint.program.ecma import EcmaLinker
from archlint.program.ecma_promises.kinds import (
    PROMISE,
    UNDEFINED,
    VOID,
    ClassKind,
    FunctionId,
    FunctionKind,
    ListKind,
    LiteralKind,
    Typed,
)
from archlint.program.ecma_promises.scopes import Scopes

DEPTH = 40
Types = tuple[Typed, ...]
_LISTS = frozenset({"Array", "ReadonlyArray", "Set", "ReadonlySet", "Iterable"})
_SAME_LIST = frozenset(
    {"filter", "slice", "concat", "reverse", "sort", "toSorted", "toReversed", "values", "splice"}
)
_ONE_ITEM = frozenset({"find", "pop", "shift", "at", "findLast"})
_PROMISE_STATICS = frozenset({"all", "allSettled", "any", "race", "resolve", "reject", "try"})
_CHAIN = frozenset({"then", "catch", "finally"})


def is_promise_name(kind: Any) -> bool:
    """Whether a type is ``Promise`` as written."""
    return isinstance(kind, ir.TName) and kind.name == "Promise"


class Typing:
    """Types of expressions by (function, expression), memoised."""

    def __init__(self, ecma: EcmaLinker) -> None:
        self._ecma = ecma
        self.scopes = Scopes(ecma)
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

    def expanded(self, types: Iterable[Typed]) -> Types:
        """All constituents of the types, each once."""
        found = [part for typed in types for part in self.scopes.expand(typed)]
        return tuple(found) if len(found) < 2 else tuple(dict.fromkeys(found))

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

    # ---------------------------------------------------------------- members

    def member(self, types: Types, name: str) -> Types:
        """Member ``name`` of any of the types."""
        return self.expanded(p for typed in types for p in self._member(typed, name, 0))

    def _member(self, typed: Typed, name: str, depth: int) -> Iterator[Typed]:
        kind = typed.kind
        if depth > 8:
            return
        if isinstance(kind, ir.TUnion):
            for part in kind.members:
                for item in self.scopes.expand(Typed(typed.scope, part)):
                    yield from self._member(item, name, depth + 1)
        elif isinstance(kind, ir.TStruct | ir.TInterface):
            yield from self._field(typed, kind, name, depth)
        elif isinstance(kind, ClassKind):
            yield from self._class_member(typed, kind, name, depth)
        elif isinstance(kind, LiteralKind) and isinstance(kind.node, ir.Object):
            for entry in kind.node.entries:
                if entry.key == name:
                    yield from self.of(kind.function, entry.value)
                elif entry.kind == "spread":
                    yield from self.member(self.of(kind.function, entry.value), name)
        elif isinstance(kind, ir.TName) and kind.name == "Record" and len(kind.args) > 1:
            yield Typed(typed.scope, kind.args[1])

    def _field(
        self, typed: Typed, kind: ir.TStruct | ir.TInterface, name: str, depth: int
    ) -> Iterator[Typed]:
        fields = kind.members if isinstance(kind, ir.TInterface) else kind.fields
        hit = [field for field in fields if field.name == name]
        if not hit:
            hit = [field for field in fields if field.name == "[]"]
        for field in hit:
            if field.type is not None:
                yield Typed(typed.scope, field.type)
            if field.optional:
                yield Typed(typed.scope, UNDEFINED)
        if not hit and isinstance(kind, ir.TInterface):
            for embed in kind.embeds:
                for item in self.scopes.expand(Typed(typed.scope, embed)):
                    yield from self._member(item, name, depth + 1)

    def _class_member(
        self, typed: Typed, kind: ClassKind, name: str, depth: int
    ) -> Iterator[Typed]:
        facts = self._ecma.facts[kind.path].classes[kind.index]
        scope = (kind.path, facts.parent)
        found = False
        for member in facts.members:
            if member.name != name or member.static != kind.static:
                continue
            found = True
            inside = scope if member.function < 0 else (kind.path, member.function)
            if member.kind == "getter" and member.function >= 0:
                yield from self.results_of((kind.path, member.function))
            elif member.function >= 0:
                yield Typed(inside, FunctionKind(*inside))
            elif member.type is not None:
                yield Typed(scope, member.type)
            else:
                yield from self.of(scope, member.value)
        if found:
            return
        yield from self._property(kind, facts.members, name)
        for base in self.bases(kind):
            yield from self._member(base, name, depth + 1)

    def _property(self, kind: ClassKind, members: Any, name: str) -> Iterator[Typed]:
        """A parameter property of the constructor."""
        for member in members:
            if member.kind == "constructor" and member.function >= 0:
                function = self._ecma.facts[kind.path].functions[member.function]
                for param in function.params:
                    named = isinstance(param.name, ir.Name) and param.name.id == name
                    if param.property and named and param.type is not None:
                        yield Typed((kind.path, member.function), param.type)

    def bases(self, kind: ClassKind) -> Types:
        """What a class extends, as instances (or statics)."""
        facts = self._ecma.facts[kind.path].classes[kind.index]
        if facts.extends is None:
            return ()
        scope = (kind.path, facts.parent)
        if isinstance(facts.extends, ir.Name) and facts.extends.id == "Promise":
            return (Typed(scope, PROMISE),)
        found = self.of(scope, facts.extends)
        return tuple(
            Typed(t.scope, ClassKind(t.kind.path, t.kind.index, kind.static))
            for t in found
            if isinstance(t.kind, ClassKind) and t.kind.index != kind.index
        )

    def elements(self, types: Types, position: int | None = None) -> Types:
        """The elements of lists and tuples."""
        return self.expanded(p for typed in types for p in self._elements(typed, position))

    def _elements(self, typed: Typed, position: int | None) -> Iterator[Typed]:
        kind = typed.kind
        if isinstance(kind, ir.TSlice):
            yield Typed(typed.scope, kind.elem)
        elif isinstance(kind, ir.TTuple):
            items = kind.items if position is None else kind.items[position : position + 1]
            yield from (Typed(typed.scope, item) for item in items)
        elif isinstance(kind, ir.TName) and kind.name in _LISTS and kind.args:
            yield Typed(typed.scope, kind.args[0])
        elif isinstance(kind, LiteralKind) and isinstance(kind.node, ir.Array):
            parts = kind.node.items
            for part in parts if position is None else parts[position : position + 1]:
                yield from self.of(kind.function, part)
        elif isinstance(kind, ListKind):
            yield from kind.items
        elif isinstance(kind, ir.TStruct | ir.TInterface):
            yield from self._field(typed, kind, "[]", 0)
        elif isinstance(kind, ir.TName) and kind.name == "Record" and len(kind.args) > 1:
            yield Typed(typed.scope, kind.args[1])

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
            return kind.name in _LISTS
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
