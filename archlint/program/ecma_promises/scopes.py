"""Type names: which declaration a name in a function's scope means, and what it stands for."""

from __future__ import annotations

from collections.abc import Iterator

from archlint.model import ir
from archlint.model.facts import FileFacts, TypeFacts
from archlint.program.ecma import EcmaLinker
from archlint.program.ecma_promises.kinds import ClassKind, FunctionId, Typed

NAMING = frozenset({ir.TName, ir.TUnion})
"""Kinds of types that stand for others."""
DEPTH = 12
"""Aliases, re-exports and bases that are followed."""


class _Names:
    """What the type names of one file may mean."""

    def __init__(self, facts: FileFacts) -> None:
        self.types: dict[str, list[TypeFacts]] = {}
        for item in facts.types:
            self.types.setdefault(item.name, []).append(item)
        self.classes: dict[str, list[int]] = {}
        for declared in facts.classes:
            self.classes.setdefault(declared.name, []).append(declared.index)
        self.imports: dict[str, tuple[str, str]] = {}
        """Local name -> (module, the name there)."""
        for imported in facts.imports:
            for name, alias in imported.names:
                if imported.specifier is not None:
                    self.imports.setdefault(alias, (imported.specifier, name))
        self.parameters = {field.name for f in facts.functions for field in f.type_params}
        self.parameters.update(field.name for c in facts.classes for field in c.type_params)


class Scopes:
    """Looks type names up through functions, files and imports."""

    def __init__(self, ecma: EcmaLinker) -> None:
        self._ecma = ecma
        self._tables: dict[str, _Names] = {}
        self._expanded: dict[tuple[FunctionId, int], tuple[Typed, ...]] = {}

    def expand(self, typed: Typed, depth: int = 0) -> tuple[Typed, ...]:
        """The constituents of a type: unions taken apart, aliases and parameters followed."""
        kind = typed.kind
        if depth > DEPTH:
            return ()
        if type(kind) is ir.TName:
            key = (typed.scope, id(kind))
            found = self._expanded.get(key)
            if found is None:
                self._expanded[key] = ()
                found = self._expanded[key] = tuple(self._named(typed.scope, kind, depth))
            return found
        if type(kind) is ir.TUnion and kind.op == "|":
            return tuple(
                [
                    item
                    for member in kind.members
                    for item in self.expand(Typed(typed.scope, member), depth + 1)
                ]
            )
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

    def _names(self, facts: FileFacts) -> _Names:
        found = self._tables.get(facts.path)
        if found is None:
            found = self._tables[facts.path] = _Names(facts)
        return found

    def _parameter(self, scope: FunctionId, name: str) -> ir.TField | None:
        """The type parameter that a name means, if it means one."""
        facts = self._ecma.facts.get(scope[0])
        if facts is None or name not in self._names(facts).parameters:
            return None
        index = scope[1]
        while 0 <= index < len(facts.functions):
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
        names = self._names(facts)
        if name in names.types or name in names.classes:
            local = self._local(facts, name, scope[1])
            if local:
                return local
        root, _, rest = name.partition(".")
        found = names.imports.get(root)
        if found is None:
            return None
        specifier, imported = found
        target = self._ecma.resolve_module(scope[0], specifier)
        wanted = rest.rpartition(".")[2] if imported in {"*", ""} and rest else imported
        return self.exported(target, wanted, depth + 1)

    def _local(self, facts: FileFacts, name: str, function: int) -> tuple[Typed, ...]:
        around = self._around(facts, function)
        names = self._names(facts)
        found = [
            Typed((facts.path, item.parent), item.type)
            for item in names.types.get(name, ())
            if item.type is not None and item.parent in around and item.kind != "enum"
        ]
        classes = [
            Typed((facts.path, facts.classes[index].parent), ClassKind(facts.path, index))
            for index in names.classes.get(name, ())
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
