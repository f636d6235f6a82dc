"""Members of values: fields, methods, statics, prototypes, inheritance, elements."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archlint.knowledge.builtins import is_collection_member
from archlint.model import ir
from archlint.model.facts import ClassFacts, ClassMember
from archlint.program.ecma.index import FunctionIndex
from archlint.program.ecma.injection import CRADLE
from archlint.program.ecma.values import (
    ClassValue,
    ExternalValue,
    FolderValue,
    FunctionValue,
    InstanceValue,
    ListValue,
    LiteralValue,
    ModuleValue,
    ObjectValue,
    PromiseValue,
    SignatureValue,
    TypeValue,
    Value,
    Values,
    union,
)

if TYPE_CHECKING:
    from archlint.program.ecma.evaluate import Evaluator

_PRIMITIVES = {
    "string": "global:String()", "template": "global:String()", "number": "global:Number()",
    "bool": "global:Boolean()", "regex": "global:RegExp()", "path": "global:String()",
}  # fmt: skip


def _lists(values: Values) -> Values:
    """What computed keys fill an object with: it counts where nothing else has a name."""
    return tuple(value for value in values if type(value) is ListValue)


class Members:
    """Looks members up; assignments from anywhere in the repo count."""

    def __init__(self, evaluator: Evaluator) -> None:
        self._ev = evaluator

    def of(self, values: Values, name: str) -> Values:
        """Member ``name`` of any of the values."""
        if len(values) == 1:
            return self.one(values[0], name)
        filled = () if is_collection_member(name) else _lists(values)
        known = tuple(v for v in values if v not in filled) if filled else values
        return union(*(self.one(value, name) for value in known)) or union(
            *(self.one(value, name) for value in filled)
        )

    def one(self, value: Value, name: str) -> Values:
        """Member ``name`` of one value."""
        kind = type(value)
        if kind is ExternalValue:
            return self._external(value, name)  # type: ignore[arg-type]
        if kind is ListValue:
            if is_collection_member(name):
                return (ExternalValue(f"global:Array().{name}"),)
            return value.items  # type: ignore[union-attr]
        if kind is PromiseValue:
            return (ExternalValue(f"global:Promise().{name}"),)
        if kind is LiteralValue:
            primitive = _PRIMITIVES.get(value.kind)  # type: ignore[union-attr]
            return (ExternalValue(f"{primitive}.{name}"),) if primitive else ()
        if kind is FolderValue:
            return self._ev.loading.inside(value, name)  # type: ignore[arg-type]
        if kind is SignatureValue:
            return ()
        found: Values = self._ev.memo(("m", value, name), self._own, value, name)
        return found

    def _external(self, value: ExternalValue, name: str) -> Values:
        if value.name in {"global:global", "global:globalThis"}:
            return self._ev.mutations.globals(name) or (ExternalValue(f"global:{name}"),)
        if value.name == CRADLE:
            return self._ev.injection.resolved(name)
        found = self._ev.canonical.extend(value, f".{name}")
        if found and found[0].name in self._ev.canonical.folders:  # type: ignore[union-attr]
            return self._ev.folders.of(found) or found
        carried = self._ev.carried.given(value, name)
        if carried:
            found = union(found, carried)
        if value.made is not None:
            return union(self._ev.mutations.given(value, name), found)
        return found

    def _own(self, value: Value, name: str) -> Values:
        if isinstance(value, ModuleValue):
            return self._ev.exports.named(value.path, name)
        if isinstance(value, InstanceValue):
            return self._instance(value, name)
        if isinstance(value, ClassValue):
            return self._static(value, name)
        if isinstance(value, ObjectValue):
            merged = tuple(v for v in self._ev.mutations.merged(value) if v != value)
            return union(
                self._field(value, name),
                self._ev.mutations.given(value, name),
                self.of(merged, name),
            )
        if isinstance(value, TypeValue):
            return self._ev.types.member(value, name)
        if isinstance(value, FunctionValue):
            if name == "prototype":
                return (InstanceValue(value.path, value.index, False, True),)
            given = self._ev.mutations.given(value, name)
            return given or self._ev.folders.machine(value, name)
        return ()

    # ---------------------------------------------------------------- objects

    def _field(self, value: ObjectValue, name: str) -> Values:
        holder = self._ev.objects.get((value.path, value.at))
        if holder is None:
            return ()
        fn, node = holder
        parts: list[Values] = []
        for entry in node.entries:
            if entry.key == name:
                found = self._ev.values(fn, entry.value)
                parts.append(self._ev.results.returned_by(found) if entry.kind == "get" else found)
            elif entry.kind == "spread":
                inner = entry.value.value if isinstance(entry.value, ir.Spread) else entry.value
                parts.append(self.of(self._ev.values(fn, inner), name))
        return union(*parts)

    def fields(self, value: ObjectValue) -> list[tuple[str, Values]]:
        """All named fields of an object literal in source order, spreads included."""
        found: list[tuple[str, Values]] = []
        todo = [value]
        seen: set[ObjectValue] = set()
        while todo:
            here = todo.pop()
            holder = self._ev.objects.get((here.path, here.at))
            if holder is None or here in seen:
                continue
            seen.add(here)
            fn, node = holder
            for entry in node.entries:
                if entry.kind == "spread":
                    inner = entry.value.value if isinstance(entry.value, ir.Spread) else entry.value
                    todo += [v for v in self._ev.values(fn, inner) if isinstance(v, ObjectValue)]
                else:
                    found.append((entry.key or "*", self._ev.values(fn, entry.value)))
            todo += [v for v in self._ev.mutations.merged(here) if isinstance(v, ObjectValue)]
        return found

    # ---------------------------------------------------------------- classes

    def facts(self, value: ClassValue | InstanceValue) -> ClassFacts | None:
        """The class behind a value; None for constructor functions."""
        if isinstance(value, InstanceValue) and value.of_function:
            return None
        file = self._ev.file(value.path)
        if file is None or not 0 <= value.index < len(file.facts.classes):
            return None
        return file.facts.classes[value.index]

    def _instance(self, value: InstanceValue, name: str) -> Values:
        own = self._declared(value, name)
        if not own:
            own = self.of(self.bases((value,)), name)
        if value.exact or value.of_function:
            return own
        overrides = (
            self._declared(InstanceValue(sub.path, sub.index, True), name)
            for sub in self._ev.types.subclasses(value.path, value.index)
        )
        return union(own, *overrides)

    def _declared(self, value: InstanceValue, name: str) -> Values:
        """What the class itself (not its bases) says of an instance's member."""
        key = InstanceValue(value.path, value.index, False, value.of_function)
        found: Values = self._ev.memo(("d", key, name), self._declare, key, name)
        return found

    def _declare(self, value: InstanceValue, name: str) -> Values:
        facts = self.facts(value)
        parts: list[Values] = []
        if facts is not None:
            parts = [
                self._member(value.path, facts, member)
                for member in facts.members
                if member.name == name and not member.static and member.kind != "constructor"
            ]
            parts.append(self._property(value, facts, name))
        parts.append(self._ev.mutations.given(value, name))
        found = union(*parts)
        if facts is not None and not any(type(v) is not LiteralValue for v in found):
            declared = [m.type for m in facts.members if m.name == name and not m.static]
            for kind in declared:
                found = union(found, self._ev.types.values(self.scope(value.path, facts), kind))
        return found

    def _property(self, value: InstanceValue, facts: ClassFacts, name: str) -> Values:
        """A TypeScript parameter property of the constructor."""
        file = self._ev.file(value.path)
        for member in facts.members:
            if member.kind == "constructor" and file is not None and member.function >= 0:
                fn = file.functions[member.function]
                for param in fn.facts.params:
                    if param.property and isinstance(param.name, ir.Name) and param.name.id == name:
                        binding = self._ev.bindings.find(fn, name, param.name.at)
                        return self._ev.bindings.values(binding) if binding else ()
        return ()

    def scope(self, path: str, facts: ClassFacts) -> FunctionIndex:
        """The function in whose scope a class's field values stand (its constructor, if any)."""
        file = self._ev.file(path)
        assert file is not None  # a class value names a file that was read
        for member in facts.members:
            if member.kind == "constructor" and 0 <= member.function < len(file.functions):
                return file.functions[member.function]
        return file.functions[facts.parent if 0 <= facts.parent < len(file.functions) else 0]

    def _member(self, path: str, facts: ClassFacts, member: ClassMember) -> Values:
        if member.kind == "field":
            return self._ev.values(self.scope(path, facts), member.value)
        if member.function < 0:
            return ()
        function = FunctionValue(path, member.function)
        if member.kind == "getter":
            return self._ev.results.returned_by((function,))
        return (function,) if member.kind == "method" else ()

    def _static(self, value: ClassValue, name: str) -> Values:
        if name == "prototype":
            return (InstanceValue(value.path, value.index),)
        facts = self.facts(value)
        if facts is None:
            return ()
        parts = [
            self._member(value.path, facts, member)
            for member in facts.members
            if member.name == name and member.static
        ]
        parts.append(self._ev.mutations.given(value, name))
        own = union(*parts)
        if own or facts.extends is None:
            return own
        return self.of(self._ev.values(self.scope(value.path, facts), facts.extends), name)

    def bases(self, values: Values) -> Values:
        """Instances (or classes, for class values) of what the values' classes extend."""
        parts: list[Values] = [
            self._ev.memo(("s", value), self._bases, value)
            for value in values
            if isinstance(value, ClassValue | InstanceValue)
        ]
        return union(*parts)

    def _bases(self, value: ClassValue | InstanceValue) -> Values:
        facts = self.facts(value)
        if facts is None:
            return self._prototypes(value) if isinstance(value, InstanceValue) else ()
        if facts.extends is None:
            return ()
        found = self._ev.values(self.scope(value.path, facts), facts.extends)
        if isinstance(value, ClassValue):
            return found
        return self._ev.folders.placed(self.instances(found, exact=True), value.path)

    def _prototypes(self, value: InstanceValue) -> Values:
        """What ``F.prototype = ...`` and ``util.inherits(F, ...)`` give a constructor function."""
        function = FunctionValue(value.path, value.index)
        parts = [self._ev.mutations.given(function, "prototype")]
        file = self._ev.file(value.path)
        for index, call in file.inherits if file else ():
            fn = file.functions[index]  # type: ignore[union-attr]
            if function in self._ev.values(fn, call.args[0]):
                parts.append(self.instances(self._ev.values(fn, call.args[1])))
        return union(*parts)

    def instances(self, values: Values, *, exact: bool = False) -> Values:
        """Instances of classes, constructor functions and external classes."""
        parts: list[Values] = []
        for value in values:
            if isinstance(value, ClassValue):
                parts.append((InstanceValue(value.path, value.index, exact),))
            elif isinstance(value, FunctionValue):
                parts.append((InstanceValue(value.path, value.index, False, True),))
            elif isinstance(value, ExternalValue):
                name = self._ev.canonical.name(value.name + "()")
                parts.append((ExternalValue(name, value.made),))
        return union(*parts)

    # --------------------------------------------------------------- elements

    def iterated(self, values: Values) -> Values:
        """The elements that iterating over values gives."""
        parts: list[Values] = []
        for value in values:
            if isinstance(value, ListValue):
                parts.append(value.items)
            elif isinstance(value, ExternalValue):
                parts.append(self._ev.canonical.extend(value, ".*"))
        return union(*parts)

    def elements(self, values: Values) -> Values:
        """What a computed member may be: any element, field or export."""
        parts: list[Values] = []
        for value in values:
            if isinstance(value, ListValue):
                parts.append(value.items)
            elif isinstance(value, ExternalValue):
                parts.append(self._ev.canonical.extend(value, ".*"))
            elif isinstance(value, ObjectValue):
                parts.extend(found for _, found in self.fields(value))
            elif isinstance(value, ModuleValue):
                parts.append(self._ev.exports.all(value.path))
            elif isinstance(value, FolderValue):
                parts.append(self._ev.loading.everything(value))
        return union(*parts)
