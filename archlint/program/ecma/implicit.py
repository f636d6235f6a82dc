"""Calls that are not written as calls: components of JSX, iterators of loops, ``using``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from archlint.model import ir
from archlint.program.ecma.index import FileIndex, FunctionIndex, begins
from archlint.program.ecma.values import ClassValue, FunctionValue, InstanceValue, Value

if TYPE_CHECKING:
    from archlint.program.ecma.evaluate import Evaluator

Id = tuple[str, int]
Edge = tuple[Id, Id, int, str]
_CLIENT = "use client"
_ITERATORS = {"of": "[Symbol.iterator]", "await-of": "[Symbol.asyncIterator]"}
_DISPOSERS = {"using": "[Symbol.dispose]", "await using": "[Symbol.asyncDispose]"}


class Implicit:
    """The functions of the repo that elements, loops and declarations run."""

    def __init__(self, evaluator: Evaluator, files: list[FileIndex]) -> None:
        self._ev = evaluator
        self._files = files
        self._symbols = {
            member.name
            for file in files
            for item in file.facts.classes
            for member in item.members
            if member.name.startswith("[Symbol.")
        }

    def edges(self) -> Iterator[Edge]:
        """(function, what it runs, place, note), once per function and name."""
        for file in self._files:
            yield from self._components(file)
            if self._symbols:
                yield from self._protocols(file)

    def _components(self, file: FileIndex) -> Iterator[Edge]:
        seen: set[tuple[int, str]] = set()
        for index, node in file.noted.elements:
            name = node.name
            text = name.id if isinstance(name, ir.Name) else ""
            if name is None or (text and ((index, text) in seen or text[0].islower())):
                continue
            seen.add((index, text))
            fn = file.functions[index]
            values = self._ev.values(fn, name)
            rendering = tuple(v for v in values if isinstance(v, ClassValue))
            drawn = self._ev.members.of(self._ev.members.instances(rendering), "render")
            yield from self._runs(fn, (*values, *drawn), node.at, "component")

    def _protocols(self, file: FileIndex) -> Iterator[Edge]:
        for index, loop in file.noted.loops:
            if loop.kind == "in":
                continue
            if _ITERATORS[loop.kind] in self._symbols and loop.subject is not None:
                yield from self._method(file.functions[index], loop.subject, _ITERATORS[loop.kind])
        for index, node in file.noted.assigns:
            name = _DISPOSERS.get(node.op, "")
            if name in self._symbols and node.values:
                yield from self._method(file.functions[index], node.values[0], name)

    def _method(self, fn: FunctionIndex, holder: ir.Expr, name: str) -> Iterator[Edge]:
        """A method of a well-known symbol's name, of the instances that an expression may be."""
        values = tuple(v for v in self._ev.values(fn, holder) if isinstance(v, InstanceValue))
        yield from self._runs(fn, self._ev.members.of(values, name), holder.at, name)

    def _runs(
        self, fn: FunctionIndex, values: Iterable[Value], at: int, note: str
    ) -> Iterator[Edge]:
        for value in values:
            if not isinstance(value, FunctionValue) or (value.path, value.index) == fn.id:
                continue
            if note != "component" or not self._in_browser(fn, value.path):
                yield fn.id, (value.path, value.index), at, note

    def _in_browser(self, fn: FunctionIndex, path: str) -> bool:
        """Whether a component belongs to the browser while what shows it runs on the server."""
        file = self._ev.file(path)
        if file is None or _CLIENT not in file.facts.strings:
            return False
        return begins(file.functions[0], _CLIENT) and not begins(fn.file.functions[0], _CLIENT)
