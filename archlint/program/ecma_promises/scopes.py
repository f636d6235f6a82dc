"""Type names: which declaration a name in a function's scope means, and what it stands for."""

from __future__ import annotations

from collections.abc import Iterator

from archlint.model import ir
from archlint.model.facts import FileFacts, TypeFacts
from archlint.program.ecma import EcmaLinker
from archlint.program.ecma_promises.kinds import ClassKind, FunctionId, Typed

DEPTH = 12
"""Aliases, re-exports and bases that are followed."""


class Scopes:
    """Looks type names up through functions, files and imports."""

    def __init__(self, ecma: EcmaLinker) -> None:
        self._ecma = ecma
        self._tables: dict[str, dict[str, list[TypeFacts]]] = {}
        self._classes: dict[str, dict[str, list[int]]] = {}
        self._expanded: dict[tuple[FunctionId, int], tuple[Typed, ...]] = {}

    def expand(self, typed: Typed, depth: int = 0) -> tuple[Typed, ...]:
        """The constituents of a type: unions taken apart, aliases and parameters followed."""
        kind = typed.kind
        if depth > DEPTH:
            return ()
        if isinstance(kind, ir.TUnion) and kind.op == "|":
            return tuple(
                item
                for member in kind.members
                for item in self.expand(Typed(typed.scope, member), depth + 1)
            )
        if isinstance(kind, ir.TName):
            key = (typed.scope, id(kind))
            if key not in self._expanded:
                self._expanded[key] = ()
                self._expanded[key] = tuple(self._named(typed.scope, kind, depth))
            return self._expanded[key]
        return (typed,)

    def _named(self, scope: FunctionId, kind: ir.TName, depth: int) -> Iterator[Typed]:
        bound = self._parameter(scope, kind.name)
        if bound is not None:
            if bound.type is not None:
                yield from self.expand(Typed(scope, bound.type), depth + 1)
            return
        found = self.declared(scope, kind.name, depth)
        if found is None:
            if kind.name in {"Readonly", "NonNullable", "Partial", "Required"} and kind.args:
                yield from self.expand(Typed(scope, kind.args[0]), depth + 1)
                return
            yield Typed(scope, kind)
            return
        for item in found:
            if item.kind is not kind:
                yield from self.expand(item, depth + 1)

    def _parameter(self, scope: FunctionId, name: str) -> ir.TField | None:
        """The type parameter that a name means, if it means one."""
        facts = self._ecma.facts.get(scope[0])
        index = scope[1]
        while facts is not None and 0 <= index < len(facts.functions):
            function = facts.functions[index]
            generics = function.type_params
            if function.owner >= 0:
                generics = (*generics, *facts.classes[function.owner].type_params)
            for field in generics:
                if field.name == name:
                    return field
            index = function.parent
        return None

    def declared(self, scope: FunctionId, name: str, depth: int = 0) -> tuple[Typed, ...] | None:
        """What a type name stands for; None when the repo does not declare it."""
        facts = self._ecma.facts.get(scope[0])
        if facts is None or depth > DEPTH:
            return None
        local = self._local(facts, name, scope[1])
        if local:
            return local
        root, _, rest = name.partition(".")
        for item in facts.imports:
            for imported, alias in item.names:
                if alias == root and item.specifier is not None:
                    target = self._ecma.resolve_module(scope[0], item.specifier)
                    wanted = rest.rpartition(".")[2] if imported in {"*", ""} and rest else imported
                    return self.exported(target, wanted, depth + 1)
        return None

    def _local(self, facts: FileFacts, name: str, function: int) -> tuple[Typed, ...]:
        around = self._around(facts, function)
        found = [
            Typed((facts.path, item.parent), item.type)
            for item in self._types(facts).get(name, ())
            if item.type is not None and item.parent in around and item.kind != "enum"
        ]
        classes = [
            Typed((facts.path, facts.classes[index].parent), ClassKind(facts.path, index))
            for index in self._class_table(facts).get(name, ())
            if facts.classes[index].parent in around
        ]
        return (*found, *classes)

    def _around(self, facts: FileFacts, function: int) -> set[int]:
        """A function and all functions around it."""
        found: set[int] = set()
        while 0 <= function < len(facts.functions) and function not in found:
            found.add(function)
            function = facts.functions[function].parent
        return found | {0}

    def _types(self, facts: FileFacts) -> dict[str, list[TypeFacts]]:
        table = self._tables.get(facts.path)
        if table is None:
            table = self._tables[facts.path] = {}
            for item in facts.types:
                table.setdefault(item.name, []).append(item)
        return table

    def _class_table(self, facts: FileFacts) -> dict[str, list[int]]:
        table = self._classes.get(facts.path)
        if table is None:
            table = self._classes[facts.path] = {}
            for item in facts.classes:
                table.setdefault(item.name, []).append(item.index)
        return table

    def exported(self, path: str, name: str, depth: int) -> tuple[Typed, ...] | None:
        """What a module exports under a type's name; None outside the repo."""
        facts = self._ecma.facts.get(path)
        if facts is None or depth > DEPTH:
            return None
        for item in facts.exports:
            if item.name == name:
                if item.specifier is not None:
                    target = self._ecma.resolve_module(path, item.specifier)
                    return self.exported(target, item.source_name or name, depth + 1)
                if isinstance(item.value, ir.Name):
                    return self.declared((path, 0), item.value.id, depth + 1) or ()
                if isinstance(item.value, ir.ClassRef):
                    return (Typed((path, 0), ClassKind(path, item.value.index)),)
        for item in facts.exports:
            if item.name == "*" and item.specifier is not None:
                target = self._ecma.resolve_module(path, item.specifier)
                found = self.exported(target, name, depth + 1)
                if found:
                    return found
        return ()
