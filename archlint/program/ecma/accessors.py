"""Getters and setters: reading or assigning a property runs a function."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from archlint.model import ir
from archlint.program.ecma.index import FileIndex, FunctionIndex
from archlint.program.ecma.values import ClassValue, InstanceValue, ObjectValue, Value

if TYPE_CHECKING:
    from archlint.program.ecma.evaluate import Evaluator

Id = tuple[str, int]
_OF_OBJECT = {"getter": "get", "setter": "set"}


class Accessors:
    """Pairs reads and writes of properties with the accessors of the repo they run.

    Only accessors that call something count: the others lead nowhere.
    """

    def __init__(self, evaluator: Evaluator, files: list[FileIndex]) -> None:
        self._ev = evaluator
        self._files = files
        self._names = {
            kind: frozenset(_named(files, kind, _OF_OBJECT[kind])) for kind in _OF_OBJECT
        }

    def edges(self) -> Iterator[tuple[Id, Id, int, str]]:
        """(function, accessor, place, note) of every read and write that runs one."""
        if not any(self._names.values()):
            return
        getters, setters = self._names["getter"], self._names["setter"]
        for file in self._files:
            for fn in file.functions:
                for node in fn.reads:
                    if node.name in getters:
                        yield from self._run(fn, node.object, (node.name, node.at), "getter")
                for node in fn.writes:
                    if node.name in setters:
                        yield from self._run(fn, node.object, (node.name, node.at), "setter")
                yield from self._taken_apart(fn, getters)

    def _taken_apart(
        self, fn: FunctionIndex, getters: frozenset[str]
    ) -> Iterator[tuple[Id, Id, int, str]]:
        """``const { name } = object`` reads the property too."""
        for bindings in fn.bindings.values():
            for binding in bindings:
                for source in binding.sources:
                    step, key = source.steps[0] if source.steps else ("", "")
                    if step == "prop" and key in getters and source.expr is not None:
                        place = (str(key), binding.at)
                        yield from self._run(fn, source.expr, place, "getter")

    def _run(
        self, fn: FunctionIndex, holder: ir.Expr, place: tuple[str, int], kind: str
    ) -> Iterator[tuple[Id, Id, int, str]]:
        found: dict[Id, None] = {}
        for value in self._ev.values(fn, holder):
            found.update(dict.fromkeys(self._of(value, place[0], kind)))
        note = kind if len(found) == 1 else f"{kind}, {len(found)} candidates"
        for ident in found:
            if ident != fn.id:
                yield fn.id, ident, place[1], note

    def _of(self, value: Value, name: str, kind: str) -> list[Id]:
        """The accessors that property ``name`` of a value runs."""
        if isinstance(value, ObjectValue):
            return self._of_object(value, name, kind)
        if not isinstance(value, InstanceValue | ClassValue):
            return []
        own = self._inherited(value, name, kind)
        if isinstance(value, ClassValue) or value.exact or value.of_function:
            return own
        for below in self._ev.types.subclasses(value.path, value.index):
            own.extend(self._own(InstanceValue(below.path, below.index, True), name, kind) or ())
        return own

    def _inherited(self, value: InstanceValue | ClassValue, name: str, kind: str) -> list[Id]:
        """The nearest class that has the property decides."""
        todo: list[Value] = [value]
        for _ in range(20):
            if not todo:
                break
            here = todo.pop(0)
            if isinstance(here, InstanceValue | ClassValue):
                found = self._own(here, name, kind)
                if found is not None:
                    return found
                todo.extend(self._ev.members.bases((here,)))
        return []

    def _own(self, value: InstanceValue | ClassValue, name: str, kind: str) -> list[Id] | None:
        """The accessor that a class itself has; None when it lacks the property."""
        facts = self._ev.members.facts(value)
        static = isinstance(value, ClassValue)
        every = facts.members if facts is not None else ()
        members = [m for m in every if m.name == name and m.static is static]
        if not members:
            return None
        return [(value.path, m.function) for m in members if m.kind == kind and m.function >= 0]

    def _of_object(self, value: ObjectValue, name: str, kind: str) -> list[Id]:
        holder = self._ev.objects.get((value.path, value.at))
        return [
            (value.path, entry.value.index)
            for entry in (holder[1].entries if holder is not None else ())
            if entry.key == name
            and entry.kind == _OF_OBJECT[kind]
            and isinstance(entry.value, ir.FunctionRef)
        ]


def _named(files: list[FileIndex], kind: str, entry_kind: str) -> Iterator[str]:
    """The names of accessors that call or read something."""
    for file in files:
        for item in file.facts.classes:
            for member in item.members:
                own = file.functions[member.function] if member.function >= 0 else None
                if member.kind == kind and own is not None and _does_something(own):
                    yield member.name
        for fn in file.functions:
            for entry in fn.object.entries if fn.object is not None else ():
                if entry.kind == entry_kind and entry.key is not None and _does_something(fn):
                    yield entry.key


def _does_something(fn: FunctionIndex) -> bool:
    return bool(fn.calls) or any(type(node.object) is not ir.Name for node in fn.reads)
