"""Entry points of classes: decorated methods, and methods that frameworks call on their types."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from archlint.knowledge.frameworks import DecoratorEntry, Framework, expand
from archlint.model import ir
from archlint.model.facts import ClassFacts, ClassMember, Decorator
from archlint.model.finding import Context, EntryPoint
from archlint.model.location import line_of
from archlint.model.pattern import lazy_regex
from archlint.program.ecma.entries.described import described
from archlint.program.ecma.entries.mounts import joined
from archlint.program.ecma.entries.select import Selector
from archlint.program.ecma.entries.tables import Tables, spelled_in
from archlint.program.ecma.index import FileIndex, FunctionIndex
from archlint.program.ecma.parameters import Site
from archlint.program.ecma.values import (
    ExternalValue,
    FunctionValue,
    InstanceValue,
    ListValue,
    ObjectValue,
    Values,
)

if TYPE_CHECKING:
    from archlint.program.ecma.linker import EcmaLinker

_PART = lazy_regex(r"\{([^{}]*)\}")
Used = tuple[str, Decorator]
Beside = tuple[list[Used], list[Used]]
"""The decorators of a class and of its method."""
Use = tuple[Framework, DecoratorEntry, str, Decorator, Beside]


class Decorated:
    """Reads the classes of files."""

    def __init__(self, linker: EcmaLinker, tables: Tables) -> None:
        self._ev = linker.evaluator
        self._tables = tables
        entries = [entry for found in tables.decorators.values() for _, entry in found]
        beside = {name for entry in entries for name in _names((*entry.prefix, *entry.within))}
        self._known = beside | set(tables.decorators)
        self._select = Selector(self._ev)
        self.points: list[EntryPoint] = []

    def file(self, file: FileIndex) -> None:
        """Add the entry points of a file's classes."""
        for facts in file.facts.classes:
            fn = file.functions[facts.parent if 0 <= facts.parent < len(file.functions) else 0]
            of_class = self._used(fn, facts.decorators)
            for member in facts.members:
                of_member = self._used(fn, member.decorators)
                for name, decorator in of_member:
                    for table, entry in self._tables.decorators.get(name, ()):
                        if entry.on == "method" and _within(entry.within, of_class):
                            use: Use = (table, entry, name, decorator, (of_class, of_member))
                            self._method(fn, facts, member, use)
            self._called(fn, facts, of_class)
            self._methods(fn, facts, of_class)

    def _called(self, fn: FunctionIndex, facts: ClassFacts, of_class: list[Used]) -> None:
        """The methods that are called because a decorator stands on their class."""
        for name, decorator in of_class:
            for table, entry in self._tables.decorators.get(name, ()):
                if entry.on != "class" or not _within(entry.within, of_class):
                    continue
                routes = (
                    described(self._ev, fn, decorator.value, entry.operations)
                    if entry.operations
                    else {}
                )
                for member in facts.members:
                    place = (fn.file.path, line_of(fn.file.facts, member.at))
                    for label in routes.get(member.name, ()) if member.function >= 0 else ():
                        ident = (fn.file.path, member.function)
                        self._point(table, (entry.kind, label), place, ident)
                    if member.name in entry.methods:
                        alone: Use = (table, entry, name, decorator, (of_class, []))
                        self._method(fn, facts, member, alone)

    def _used(self, fn: FunctionIndex, decorators: tuple[Decorator, ...]) -> list[Used]:
        """The canonical names of decorators; those that the repo composes count as their parts."""
        found: list[Used] = []
        for decorator in decorators:
            value = decorator.value
            callee = value.callee if isinstance(value, ir.Call) else value
            for known in self._ev.values(fn, callee):
                if isinstance(known, ExternalValue):
                    found.append((spelled_in(self._known, known.name), decorator))
                elif isinstance(known, FunctionValue):
                    found.extend(self._composed(known, decorator))
        return found

    def _composed(self, value: FunctionValue, outer: Decorator) -> list[Used]:
        """Decorators that a function of the repo applies: ``applyDecorators(Get(path), ...)``."""
        fn = self._ev.function((value.path, value.index))
        found: list[Used] = []
        for call in fn.calls if fn is not None else ():
            names = self._ev.values(fn, call.callee) if fn is not None else ()
            found.extend(
                (known.name, outer)
                for known in names
                if isinstance(known, ExternalValue) and known.name in self._known
            )
        return found

    def _method(
        self,
        fn: FunctionIndex,
        facts: ClassFacts,
        member: ClassMember,
        use: Use,
    ) -> None:
        table, entry, name, decorator, beside = use
        index = member.function
        if index < 0 and isinstance(member.value, ir.FunctionRef):
            index = member.value.index
        if index < 0:
            return
        place = (fn.file.path, line_of(fn.file.facts, member.at))
        for path in self._paths(fn, entry, decorator, beside):
            label = self._label(entry, (name, decorator, fn), (facts.name, member.name), path)
            self._point(table, (entry.kind, label), place, (fn.file.path, index))
        self._bind((fn.file.path, index), entry.params)

    def _bind(self, ident: tuple[str, int], params: tuple[str, ...]) -> None:
        if params:
            values = tuple(((ExternalValue(name),) if name else ()) for name in params)
            self._ev.parameters.add(ident, ("decorated",), Site(values=values))

    def _point(
        self,
        table: Framework,
        what: tuple[Context, str],
        place: tuple[str, int],
        function: tuple[str, int],
    ) -> None:
        self.points.append(
            EntryPoint(
                kind=what[0],
                label=what[1],
                path=place[0],
                line=place[1],
                framework=table.name,
                function=function,
            )
        )

    def _paths(
        self, fn: FunctionIndex, entry: DecoratorEntry, decorator: Decorator, beside: Beside
    ) -> list[str]:
        own = self._argument(fn, decorator, 1 if entry.verb else 0).split("|")
        of_class, of_member = beside
        for name, used in of_member:
            if name in _names(entry.prefix):
                own = [_slashed(self._argument(fn, used), path) for path in own]
        prefixes = [
            prefix
            for name, used in of_class
            if name in _names(entry.prefix)
            for prefix in self._argument(fn, used).split("|")
        ]
        return [_slashed(prefix, path) for prefix in prefixes or [""] for path in own]

    def _argument(self, fn: FunctionIndex, decorator: Decorator, position: int = 0) -> str:
        """An argument as text: a string, a list, an object's ``path`` or ``name``."""
        call = decorator.value
        if not isinstance(call, ir.Call) or len(call.args) <= position:
            return ""
        first = call.args[position]
        if isinstance(first, ir.FunctionRef):
            return ""
        values = self._ev.values(fn, first)
        for value in values:
            if isinstance(value, ObjectValue):
                for key in ("path", "cmd", "name", "queue", "topic"):
                    found = self._ev.members.one(value, key)
                    text = "|".join(t for t in map(self._select.shown, found) if t)
                    if text:
                        return text
                return ""
            if isinstance(value, ListValue):
                return self._select.shown(value)
        return self._select.spelled(fn, first).strip("*")

    def _label(
        self,
        entry: DecoratorEntry,
        use: tuple[str, Decorator, FunctionIndex],
        owner: tuple[str, str],
        path: str,
    ) -> str:
        name, decorator, fn = use

        def part(match: re.Match[str]) -> str:
            key = match.group(1)
            own = self._argument(fn, decorator) if entry.verb else name.rpartition(".")[2]
            texts = {"name": own, "NAME": own.upper(), "path": path or "/", "class": owner[0]}
            texts["method"] = owner[1]
            if key in texts:
                return texts[key]
            if key == "0":
                return self._argument(fn, decorator) or owner[1]
            call = decorator.value
            return self._select.text(fn, call, key) if isinstance(call, ir.Call) else "*"

        return _PART.sub(part, entry.label).strip()

    # ------------------------------------------------------ methods of types

    def _methods(self, fn: FunctionIndex, facts: ClassFacts, of_class: list[Used]) -> None:
        known = self._tables.methods
        types = self._types(fn, facts)
        names = [spelled_in(known, v.name) for v in types if isinstance(v, ExternalValue)]
        if not names:
            return
        for name in dict.fromkeys(names):
            for table, entry in self._tables.methods.get(name, ()):
                if not _within(entry.within, of_class):
                    continue
                for member in facts.members:
                    if member.name in entry.methods and member.function >= 0:
                        label = entry.label.replace("{class}", facts.name)
                        label = label.replace("{method}", member.name)
                        place = (fn.file.path, line_of(fn.file.facts, member.at))
                        ident = (fn.file.path, member.function)
                        self._point(table, (entry.kind, label), place, ident)
                        self._bind(ident, entry.params)

    def _types(self, fn: FunctionIndex, facts: ClassFacts) -> list[object]:
        """What a class (or a base of it in the repo) extends or implements outside the repo."""
        found: list[object] = []
        for kind in facts.implements:
            found.extend(self._ev.types.values(fn, kind))
        todo: Values = (InstanceValue(fn.file.path, facts.index),)
        for _ in range(12):
            todo = self._ev.members.bases(todo)
            found.extend(todo)
            if not todo:
                break
        return found


def _within(patterns: tuple[str, ...], used: list[Used]) -> bool:
    return not patterns or any(name in _names(patterns) for name, _ in used)


@cache
def _names(patterns: tuple[str, ...]) -> frozenset[str]:
    return frozenset(name for pattern in patterns for name in expand(pattern))


def _slashed(prefix: str, path: str) -> str:
    parts = [part.strip("/") for part in (prefix, path) if part.strip("/")]
    return joined("", "/" + "/".join(parts))
