"""Members and elements of static types: fields, methods, bases, lists."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator
from typing import Any

from archlint.model import ir
from archlint.program.ecma import EcmaLinker
from archlint.program.ecma.index import FunctionIndex
from archlint.program.ecma.records import Binding
from archlint.program.ecma_promises.kinds import (
    PROMISE,
    UNDEFINED,
    ClassKind,
    FunctionId,
    FunctionKind,
    ListKind,
    LiteralKind,
    Typed,
)
from archlint.program.ecma_promises.scopes import NAMING, Scopes

Types = tuple[Typed, ...]
LISTS = frozenset({"Array", "ReadonlyArray", "Set", "ReadonlySet", "Iterable"})


class TypeMembers(ABC):
    """The part of ``Typing`` that takes types apart."""

    def __init__(self, ecma: EcmaLinker) -> None:
        self._ecma = ecma
        self.scopes = Scopes(ecma)
        self._functions: dict[FunctionId, FunctionIndex | None] = {}

    @abstractmethod
    def of(self, function: FunctionId, node: ir.Expr | None) -> Types:
        """The constituents of an expression's static type."""

    @abstractmethod
    def results_of(self, function: FunctionId) -> Types:
        """The result types of a function of the repo."""

    def function(self, ident: FunctionId) -> FunctionIndex | None:
        """A function's index by its identity."""
        if ident not in self._functions:
            self._functions[ident] = self._ecma.evaluator.function(ident)
        return self._functions[ident]

    def binding(self, function: FunctionId, name: ir.Name) -> Binding | None:
        """The declaration that a name means; None for globals."""
        fn = self._functions.get(function) or self.function(function)
        return self._ecma.evaluator.binding(fn, name) if fn is not None else None

    def expanded(self, types: Iterable[Typed]) -> Types:
        """All constituents of the types, each once."""
        if isinstance(types, tuple) and len(types) == 1 and type(types[0].kind) not in NAMING:
            return types
        found: list[Typed] = []
        for typed in types:
            if type(typed.kind) in NAMING:
                found.extend(self.scopes.expand(typed))
            else:
                found.append(typed)
        return tuple(found) if len(found) < 2 else tuple(dict.fromkeys(found))

    def member(self, types: Types, name: str) -> Types:
        """Member ``name`` of any of the types."""
        return self.expanded([p for typed in types for p in self._member(typed, name, 0)])

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
        return self.expanded([p for typed in types for p in self._elements(typed, position)])

    def _elements(self, typed: Typed, position: int | None) -> Iterator[Typed]:
        kind = typed.kind
        if isinstance(kind, ir.TSlice):
            yield Typed(typed.scope, kind.elem)
        elif isinstance(kind, ir.TTuple):
            items = kind.items if position is None else kind.items[position : position + 1]
            yield from (Typed(typed.scope, item) for item in items)
        elif isinstance(kind, ir.TName) and kind.name in LISTS and kind.args:
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
