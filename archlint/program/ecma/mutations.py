"""What is given to values after they are made: ``x.name = ...``, ``x.list.push(...)``, globals."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archlint.model import ir
from archlint.program.ecma.index import FileIndex, FunctionIndex
from archlint.program.ecma.values import InstanceValue, ListValue, ObjectValue, Value, Values, union

if TYPE_CHECKING:
    from archlint.program.ecma.evaluate import Evaluator

_GLOBAL_OBJECTS = frozenset({"global", "globalThis"})
Assigned = dict[Value, list[tuple[FunctionIndex, ir.Expr, bool]]]
Grown = dict[Value, list[tuple[FunctionIndex, ir.Expr]]]


class Mutations:
    """Assignments to members and growing calls, found by the member's name over all files."""

    def __init__(self, evaluator: Evaluator) -> None:
        self._ev = evaluator
        self._names: dict[str, list[FileIndex]] = {}
        self._growing: dict[str, list[FileIndex]] = {}

    def add(self, file: FileIndex) -> None:
        """Count a file's assignments in; before the first question."""
        for name in file.members:
            self._names.setdefault(name, []).append(file)
        for name in {**file.grown, **file.elements}:
            self._growing.setdefault(name, []).append(file)

    def given(self, value: Value, name: str) -> Values:
        """What ``x.name = ...`` anywhere gives a value, elements added to ``x.name`` included."""
        parts: list[Values] = []
        for fn, expr, descriptor in self._assignments(name).get(value, ()):
            found = self._ev.values(fn, expr)
            parts.append(self._described(found) if descriptor else found)
        items = union(*(self._ev.values(fn, expr) for fn, expr in self._grown(name).get(value, ())))
        return union(*parts, (ListValue(items),)) if items else union(*parts)

    def merged(self, value: Value) -> Values:
        """What ``Object.assign(x, ...)`` and kin merge into a value, in its own file."""
        file = self._ev.file(value.path) if isinstance(value, ObjectValue) else None
        if file is None or not file.merges:
            return ()
        table: Grown = self._ev.memo(("mg", file.path), self._merges, file) or {}
        return union(*(self._ev.values(fn, expr) for fn, expr in table.get(value, ())))

    def _merges(self, file: FileIndex) -> Grown:
        found: Grown = {}
        for index, call in file.merges:
            fn = file.functions[index]
            for value in self._ev.values(fn, call.args[0]) if call.args else ():
                found.setdefault(value, []).extend((fn, arg) for arg in call.args[1:])
        return found

    def _described(self, values: Values) -> Values:
        """What a property descriptor gives: its ``value``, or what its getter returns."""
        return union(
            self._ev.members.of(values, "value"),
            self._ev.results.returned_by(self._ev.members.of(values, "get")),
        )

    def _assignments(self, name: str) -> Assigned:
        if not self._names.get(name):
            return {}
        found: Assigned = self._ev.memo(("a", name), self._collect, name)
        return found or {}

    def _collect(self, name: str) -> Assigned:
        found: Assigned = {}
        for file in self._names.get(name, ()):
            for record in file.members.get(name, ()):
                fn = file.functions[record.function]
                for value in self._targets(fn, record.object):
                    found.setdefault(value, []).append((fn, record.value, record.descriptor))
        return found

    def _targets(self, fn: FunctionIndex, target: ir.Expr) -> list[Value]:
        return [
            InstanceValue(v.path, v.index, False, v.of_function)
            if isinstance(v, InstanceValue) and v.exact
            else v
            for v in self._ev.values(fn, target)
        ]

    def _grown(self, name: str) -> Grown:
        if not self._growing.get(name):
            return {}
        found: Grown = self._ev.memo(("g", name), self._growth, name)
        return found or {}

    def _growth(self, name: str) -> Grown:
        found: Grown = {}
        for file in self._growing.get(name, ()):
            for fn, target, added in file.growth(name):
                for value in self._targets(fn, target):
                    found.setdefault(value, []).extend((fn, item) for item in added)
        return found

    def globals(self, name: str) -> Values:
        """What the repo assigns to a global name (``global.x = ...``)."""
        if not self._names.get(name):
            return ()
        found: Values = self._ev.memo(("G", name), self._global, name)
        return found

    def _global(self, name: str) -> Values:
        parts: list[Values] = []
        for file in self._names.get(name, ()):
            for record in file.members.get(name, ()):
                target = record.object
                if isinstance(target, ir.Name) and target.id in _GLOBAL_OBJECTS:
                    parts.append(self._ev.values(file.functions[record.function], record.value))
        return union(*parts)
