"""Files whose exports a framework calls: route files, actions, plugins, services."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING

from archlint.knowledge.frameworks import DirectiveEntry, FileEntry, Framework
from archlint.model.finding import Context, EntryPoint
from archlint.model.location import line_of
from archlint.model.workspace import Package
from archlint.program.ecma.entries.select import Selector
from archlint.program.ecma.index import FileIndex, FunctionIndex, begins
from archlint.program.ecma.parameters import Site
from archlint.program.ecma.values import (
    ClassValue,
    FunctionValue,
    InstanceValue,
    ModuleValue,
    ObjectValue,
    Values,
    union,
)

if TYPE_CHECKING:
    from archlint.program.ecma.linker import EcmaLinker

_HOLDERS = (ObjectValue, ModuleValue, InstanceValue)
_Asked = tuple[list[tuple[Framework, FileEntry]], list[tuple[Framework, DirectiveEntry]]]


class ServedFiles:
    """What the tables say of files and directives."""

    def __init__(
        self, linker: EcmaLinker, select: Selector, deployed: set[tuple[str, int]]
    ) -> None:
        self._deployed = deployed
        self._linker = linker
        self._ev = linker.evaluator
        self._select = select
        self._files = [(table, entry) for table in linker.tables for entry in table.file]
        self._directives = [(table, entry) for table in linker.tables for entry in table.directive]
        self._asked: dict[str, _Asked] = {}

    def _of(self, package: Package) -> _Asked:
        """What the tables say of the files of a package that depends on what it does."""
        known = self._asked.get(package.path)
        if known is None:
            names = {**package.dependencies, **package.dev_dependencies}
            known = self._asked[package.path] = (
                [(t, entry) for t, entry in self._files if _wanted(entry.requires, names)],
                [(t, entry) for t, entry in self._directives if _wanted(entry.requires, names)],
            )
        return known

    def points(self, file: FileIndex, package: Package) -> Iterator[EntryPoint]:
        """The entry points of a file of a package."""
        inner = file.path[len(package.root) + 1 :] if package.root else file.path
        files, directives = self._of(package)
        for table, entry in files:
            yield from self._file(file, inner, table, entry)
        for table, directive in directives:
            if directive.text in file.facts.strings:
                yield from self._directed(file, table, directive)

    def _file(
        self, file: FileIndex, inner: str, table: Framework, entry: FileEntry
    ) -> Iterator[EntryPoint]:
        if not any(glob_pattern(glob).match(inner) for glob in entry.glob):
            return
        match = re.search(entry.route, inner) if entry.route else None
        route = _route(match.group(1) or "" if match else inner)
        for name in entry.exports:
            for handler, field in self._handlers(file, name, entry).items():
                fn = self._ev.function((handler.path, handler.index))
                if fn is None or (entry.role == "weak" and fn.id in self._deployed):
                    continue
                if entry.params:
                    made = (fn.file.path, fn.facts.at)
                    instance = self._ev.canonical.instance
                    values = tuple(((instance(p, made),) if p else ()) for p in entry.params)
                    self._ev.parameters.add(fn.id, ("file",), Site(values=values))
                if entry.role == "callback":
                    continue
                label = entry.label.replace("{NAME}", name.upper()).replace("{name}", name)
                label = label.replace("{field}", field).replace("{file}", route)
                yield self._point(file, fn, table, (entry.kind, label))

    def _point(
        self, file: FileIndex, fn: FunctionIndex, table: Framework, what: tuple[Context, str]
    ) -> EntryPoint:
        return EntryPoint(
            kind=what[0],
            label=what[1],
            path=file.path,
            line=line_of(fn.file.facts, fn.facts.at) if fn.file is file else 1,
            framework=table.name,
            function=fn.id,
        )

    def _handlers(self, file: FileIndex, name: str, entry: FileEntry) -> dict[FunctionValue, str]:
        """The functions of an export, by the entry's selectors, with their fields."""
        if entry.thunk:
            given = self._ev.results.returned_by(_export(self._linker, file, name))
            return dict.fromkeys(self._select.functions(given, 0), "")
        if not entry.handlers:
            return exported(self._linker, self._select, file, name, int(entry.fields))
        values = _export(self._linker, file, name)
        found: dict[FunctionValue, str] = {}
        for value in self._opened(values):
            if all(self._ev.members.of((value,), field) for field in entry.having):
                for selector in entry.handlers:
                    self._select_in((value,), selector.split("."), "", found)
        return found

    def _opened(self, values: Values) -> Values:
        """Objects among values (as they are or returned by a function), instances of classes."""
        functions = tuple(v for v in values if isinstance(v, FunctionValue))
        classes = tuple(v for v in values if isinstance(v, ClassValue))
        made = self._ev.results.returned_by(functions)
        every = union(values, made, self._ev.members.instances(classes))
        return tuple(v for v in every if isinstance(v, _HOLDERS))

    def _select_in(
        self, values: Values, steps: list[str], field: str, found: dict[FunctionValue, str]
    ) -> None:
        """Follow fields (``*``: each) to functions; ``field`` is the last one with a name."""
        if not steps:
            for function in self._select.functions(values, 0):
                found.setdefault(function, field)
            return
        for value in values:
            if steps[0] == "*":
                for key, inner in self._each(value):
                    self._select_in(inner, steps[1:], key, found)
            else:
                inner = self._ev.members.one(value, steps[0])
                self._select_in(inner, steps[1:], field or steps[0], found)

    def _each(self, value: object) -> list[tuple[str, Values]]:
        if isinstance(value, ObjectValue):
            return self._ev.members.fields(value)
        if isinstance(value, ModuleValue):
            file = self._ev.file(value.path)
            names = self._ev.exports.names(file) if file is not None else ()
            return [(name, self._ev.exports.named(value.path, name)) for name in names]
        return []

    # ------------------------------------------------------------- directives

    def _directed(
        self, file: FileIndex, table: Framework, entry: DirectiveEntry
    ) -> Iterator[EntryPoint]:
        """``'use server'``: all exports of a file that begins so, or a function that does."""
        if begins(file.functions[0], entry.text):
            names = self._ev.exports.names(file)
            handlers = {
                handler: name
                for name in names
                for handler in exported(self._linker, self._select, file, name)
            }
            found = [(self._ev.function((h.path, h.index)), name) for h, name in handlers.items()]
        else:
            found = [(fn, fn.facts.name) for fn in file.functions[1:] if begins(fn, entry.text)]
        for fn, name in found:
            if fn is not None:
                label = entry.label.replace("{name}", name or "*")
                yield self._point(file, fn, table, (entry.kind, label))


def exported(
    linker: EcmaLinker, select: Selector, file: FileIndex, name: str, depth: int = 0
) -> dict[FunctionValue, str]:
    """The functions of an export, ``depth`` levels of objects opened, with their fields."""
    ev = linker.evaluator
    found = select.named(_export(linker, file, name), depth)
    for item in ev.exports.table(file).get(name, ()):
        if item.value is not None:
            for handler in select.unwrapped(file.functions[0], item.value):
                found.setdefault(handler, "")
    return found


def _export(linker: EcmaLinker, file: FileIndex, name: str) -> Values:
    """What an export is; CommonJS's whole module for ``default``."""
    exports = linker.evaluator.exports
    values = exports.named(file.path, name)
    return exports.module(file.path) if name == "default" and not values else values


def _wanted(requires: tuple[str, ...], names: dict[str, str]) -> bool:
    return not requires or any(name in names for name in requires)


@cache
def glob_pattern(glob: str) -> re.Pattern[str]:
    """A glob (``**``, ``*``, ``{a,b}``) as a regular expression on a whole path."""
    out = ""
    for part in re.split(r"(\*\*/|\*\*|\*|\{[^}]*\})", glob):
        if part == "**/":
            out += "(?:.*/)?"
        elif part == "**":
            out += ".*"
        elif part == "*":
            out += "[^/]*"
        elif part.startswith("{"):
            out += "(?:" + "|".join(re.escape(p) for p in part[1:-1].split(",")) + ")"
        else:
            out += re.escape(part)
    return re.compile(out + r"\Z")


def _route(text: str) -> str:
    """A route from a file's path: ``users/[id]/index`` -> ``/users/:id``."""
    text = re.sub(r"\.(get|post|put|patch|delete|head|options)$", "", text)
    text = re.sub(r"\([^/]*\)/", "", text + "/").rstrip("/")
    text = re.sub(r"\[\[?\.\.\.(\w+)\]?\]", r"*\1", text)
    text = re.sub(r"\[(\w+)\]", r":\1", text)
    text = re.sub(r"(^|/)index$", "", text)
    return "/" + text.strip("/")
