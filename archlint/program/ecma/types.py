"""TypeScript types: what values they stand for, implementations, subclasses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archlint.knowledge.builtins import is_global
from archlint.model import ir
from archlint.model.facts import TypeFacts
from archlint.program.ecma.index import FileIndex, FunctionIndex
from archlint.program.ecma.resolver import OUTSIDE
from archlint.program.ecma.values import (
    ClassValue,
    ExternalValue,
    InstanceValue,
    ListValue,
    PromiseValue,
    SignatureValue,
    TypeValue,
    Values,
    union,
)

if TYPE_CHECKING:
    from archlint.program.ecma.evaluate import Evaluator

_WRAPPERS = frozenset({"Partial", "Required", "Readonly", "NonNullable", "Awaited", "Omit", "Pick",
    "DeepPartial", "InstanceType", "Exclude", "Extract"})  # fmt: skip
_LISTS = frozenset({"Array", "ReadonlyArray", "Set", "ReadonlySet", "Iterable", "IterableIterator",
    "AsyncIterable", "AsyncGenerator", "Generator", "AsyncIterableIterator"})  # fmt: skip
_MAPS = frozenset({"Map", "ReadonlyMap", "WeakMap", "Record"})
_PRIMITIVES = {"string": "String", "number": "Number", "boolean": "Boolean", "bigint": "BigInt",
    "symbol": "Symbol"}  # fmt: skip
Id = tuple[str, int]


class Types:
    """Types by the function in whose scope they are written."""

    def __init__(self, evaluator: Evaluator) -> None:
        self._ev = evaluator
        self._hierarchy: tuple[dict[Id, list[Id]], dict[Id, list[Id]]] | None = None
        self._files: list[FileIndex] = []

    def add(self, file: FileIndex) -> None:
        """Count a file's classes in; before the first question."""
        if file.facts.classes:
            self._files.append(file)

    def values(self, fn: FunctionIndex, kind: ir.Type | None) -> Values:
        """What something of this type may be."""
        if kind is None:
            return ()
        found: Values = self._ev.memo(("t", id(kind)), self._values, fn, kind)
        return found

    def _values(self, fn: FunctionIndex, kind: ir.Type) -> Values:
        if isinstance(kind, ir.TName):
            return self._named(fn, kind)
        if isinstance(kind, ir.TUnion):
            return union(*(self.values(fn, member) for member in kind.members))
        if isinstance(kind, ir.TSlice):
            return (ListValue(self.values(fn, kind.elem)),)
        if isinstance(kind, ir.TTuple):
            return (ListValue(union(*(self.values(fn, item) for item in kind.items))),)
        return ()

    def _named(self, fn: FunctionIndex, kind: ir.TName) -> Values:
        name, args = kind.name, kind.args
        if name in {"Promise", "PromiseLike"}:
            return (PromiseValue(self.values(fn, args[0]) if args else ()),)
        if name in _PRIMITIVES:
            return (ExternalValue(f"global:{_PRIMITIVES[name]}()"),)
        found = self.lookup(fn, name)
        if found:
            return found
        if name in _WRAPPERS:
            return self.values(fn, args[0]) if args else ()
        if name in _LISTS:
            return (ListValue(self.values(fn, args[0]) if args else ()),)
        if name in _MAPS:
            items = self.values(fn, args[1]) if len(args) > 1 else ()
            own = () if name == "Record" else (ExternalValue(f"global:{name}()"),)
            return union(own, (ListValue(items),))
        root = name.split(".", 1)[0]
        if is_global(root) and self._ev.bindings.find(fn, root, fn.facts.at) is None:
            return (ExternalValue(self._ev.canonical.name(f"global:{name}()")),)
        return ()

    def lookup(self, fn: FunctionIndex, name: str) -> Values:
        """What a type name of a function's scope stands for."""
        root, _, rest = name.partition(".")
        local = self._declared(fn, root)
        if local is not None:
            return local
        binding = self._ev.bindings.find(fn, root, fn.facts.at)
        if binding is None:
            return ()
        if binding.imported is None:
            return self._ev.members.instances(self._ev.bindings.values(binding))
        item, imported = binding.imported
        target = self._ev.resolver.resolve(binding.path, item.specifier or "")
        path = [part for part in rest.split(".") if part]
        if imported not in {"*", "", "=", "default"}:
            path.insert(0, imported)
        return self._in_module(target, path or ["default"], bool(path))

    def _declared(self, fn: FunctionIndex, name: str) -> Values | None:
        indices = fn.file.types.get(name)
        if not indices:
            return None
        facts = fn.file.facts.types[indices[0]]
        return self._of_facts(fn.file, facts)

    def _of_facts(self, file: FileIndex, facts: TypeFacts) -> Values:
        if facts.kind == "enum":
            return ()
        if facts.kind == "interface" or isinstance(facts.type, ir.TStruct | ir.TInterface):
            return (TypeValue(file.path, facts.index),)
        return self.values(file.functions[0], facts.type)

    def _in_module(self, target: str, path: list[str], named: bool) -> Values:
        file = self._ev.file(target)
        if file is not None:
            return self.exported(target, path[-1])
        if target.startswith(OUTSIDE):
            return (self._ev.canonical.typed(target, path if named else []),)
        return ()

    def exported(self, path: str, name: str) -> Values:
        """What an exported type or class of a file stands for."""
        found: Values = self._ev.memo(("te", path, name), self._exported, path, name)
        return found

    def _exported(self, path: str, name: str) -> Values:
        file = self._ev.file(path)
        if file is None:
            return self._in_module(path, [name], name != "default")
        parts: list[Values] = []
        table = self._ev.exports.table(file)
        for item in table.get(name, ()):
            if item.specifier is not None:
                target = self._ev.resolver.resolve(path, item.specifier)
                parts.append(self.exported(target, item.source_name or name))
            elif isinstance(item.value, ir.Name):
                parts.append(self.lookup(file.functions[0], item.value.id))
            else:
                parts.append(
                    self._ev.members.instances(self._ev.values(file.functions[0], item.value))
                )
        if not parts and name in file.types:
            parts.append(self._declared(file.functions[0], name) or ())
        if not any(parts) and name != "default":
            for item in table.get("*", ()):
                target = self._ev.resolver.resolve(path, item.specifier or "")
                if self._ev.file(target) is not None:
                    parts.append(self.exported(target, name))
        if not any(parts):
            parts.append(self._ev.members.instances(self._ev.exports.from_target(path, name)))
        return union(*parts)

    # --------------------------------------------------------------- members

    def member(self, value: TypeValue, name: str) -> Values:
        """Member ``name`` of something declared: implementations, else the declaration."""
        implementations = self.implementations(value)
        found = self._ev.members.of(implementations, name)
        if found:
            return found
        file = self._ev.file(value.path)
        if file is None:
            return ()
        fn = file.functions[0]
        facts = file.facts.types[value.index]
        for field in _fields(facts.type):
            if field.name == name:
                if field.method or isinstance(field.type, ir.TFunc):
                    return (SignatureValue(value.path, value.index, name),)
                return self.values(fn, field.type)
        embeds = facts.type.embeds if isinstance(facts.type, ir.TInterface) else ()
        return union(*(self._ev.members.of(self.values(fn, e), name) for e in embeds))

    def declared_type(self, value: SignatureValue) -> ir.Type | None:
        """The type that an interface declares for a member."""
        file = self._ev.file(value.path)
        fields = _fields(file.facts.types[value.index].type) if file else ()
        return next((field.type for field in fields if field.name == value.name), None)

    def result(self, value: SignatureValue) -> Values:
        """What calling a declared method gives by its declared result."""
        kind = self.declared_type(value)
        file = self._ev.file(value.path)
        if file is None or not isinstance(kind, ir.TFunc) or not kind.results:
            return ()
        return self.values(file.functions[0], kind.results[0].type)

    # -------------------------------------------------------------- hierarchy

    def implementations(self, value: TypeValue) -> Values:
        """Instances of the classes that say they implement an interface."""
        found = self._tree()[1].get((value.path, value.index), ())
        return tuple(InstanceValue(path, index) for path, index in found)

    def settle(self) -> None:
        """Build the class hierarchy before anything depends on it."""
        self._tree()

    def subclasses(self, path: str, index: int) -> list[ClassValue]:
        """All classes of the repo that extend a class, at any depth, in a fixed order."""
        below = self._tree()[0]
        found: dict[Id, None] = {}
        todo = list(below.get((path, index), ()))
        while todo:
            ident = todo.pop(0)
            if ident not in found:
                found[ident] = None
                todo.extend(below.get(ident, ()))
        return [ClassValue(*ident) for ident in found]

    def _tree(self) -> tuple[dict[Id, list[Id]], dict[Id, list[Id]]]:
        if self._hierarchy is None:
            self._hierarchy = ({}, {})
            tree: tuple[dict[Id, list[Id]], dict[Id, list[Id]]] = ({}, {})
            for file in self._files:
                self._add_classes(file, tree)
            self._hierarchy = tree
        return self._hierarchy

    def _add_classes(
        self, file: FileIndex, tree: tuple[dict[Id, list[Id]], dict[Id, list[Id]]]
    ) -> None:
        below, implementing = tree
        for facts in file.facts.classes:
            fn = self._ev.members.scope(file.path, facts)
            ident = (file.path, facts.index)
            bases = self._ev.values(fn, facts.extends) if facts.extends is not None else ()
            for base in bases:
                if isinstance(base, ClassValue):
                    below.setdefault((base.path, base.index), []).append(ident)
            for kind in facts.implements:
                for value in self.values(fn, kind):
                    if isinstance(value, TypeValue):
                        implementing.setdefault((value.path, value.index), []).append(ident)
                    elif isinstance(value, InstanceValue):
                        below.setdefault((value.path, value.index), []).append(ident)


def _fields(kind: ir.Type | None) -> tuple[ir.TField, ...]:
    if isinstance(kind, ir.TInterface):
        return kind.members
    return kind.fields if isinstance(kind, ir.TStruct) else ()
