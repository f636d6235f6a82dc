"""Collecting entry points: registrations as calls are resolved, the rest at the end."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import msgspec

from archlint.knowledge.frameworks import CallEntry, Framework
from archlint.model import ir
from archlint.model.finding import EntryPoint
from archlint.program.ecma.entries.controllers import methods_of
from archlint.program.ecma.entries.conventions import Conventions
from archlint.program.ecma.entries.decorators import Decorated
from archlint.program.ecma.entries.handed import handed
from archlint.program.ecma.entries.labels import Labels
from archlint.program.ecma.entries.mounts import Mounts
from archlint.program.ecma.entries.owners import Owners
from archlint.program.ecma.entries.select import Selector
from archlint.program.ecma.entries.started import Started, StartedFiles
from archlint.program.ecma.entries.tables import Tables
from archlint.program.ecma.index import FileIndex, FunctionIndex
from archlint.program.ecma.memo import Need, depends
from archlint.program.ecma.parameters import Site
from archlint.program.ecma.values import ExternalValue, FunctionValue, Values
from archlint.program.program import ModuleEdge

if TYPE_CHECKING:
    from archlint.program.ecma.linker import EcmaLinker

Id = tuple[str, int]
_SERVERS = ("global:Bun.", "global:Deno.", "global:Meteor.", "global:WebApp.")


class Registration(msgspec.Struct, gc=False):
    """A call that registers handlers."""

    table: Framework
    entry: CallEntry
    fn: FunctionIndex
    call: ir.Call
    value: ExternalValue
    handlers: dict[FunctionValue, str]


class Entries:
    """All entry points of the repo's JavaScript and TypeScript."""

    def __init__(self, linker: EcmaLinker) -> None:
        self._linker = linker
        self._ev = linker.evaluator
        self._tables = Tables(linker.tables).fill()
        self._select = Selector(self._ev)
        self._mounts = Mounts(self._ev)
        self._owners = Owners(linker.workspace)
        self._found: dict[tuple[int, int], Registration] = {}
        self._seen: dict[
            tuple[int, ExternalValue],
            tuple[FunctionIndex, ir.Call, ExternalValue, frozenset[Need]],
        ] = {}
        self._taken: dict[int, set[Id]] = {}
        self._points: list[EntryPoint] = []
        self._files = StartedFiles(linker, self._select)
        self._started: dict[tuple[int, int], Started] = {}

    def start(self, files: list[FileIndex]) -> None:
        """Look at what needs no resolved call: decorators, methods, files."""
        decorated = Decorated(self._linker, self._tables)
        for file in files:
            if file.facts.classes:
                decorated.file(file)
        self._points.extend(decorated.points)
        known = {p.function for p in decorated.points if p.function}
        self._points.extend(Conventions(self._linker, self._select, known).points(files))

    def again(self, changed: set[Need]) -> None:
        """Look once more at registering calls: more may be known of what they are given."""
        for fn, call, value, needs in list(self._seen.values()):
            if depends(needs, changed):
                self.consider(fn, call, value)

    def consider(self, fn: FunctionIndex, call: ir.Call, value: ExternalValue) -> None:
        """Look whether a resolved call registers or mounts something, or names a file."""
        for table, entry in self._tables.processes.get(value.name, ()):
            if entry.handler or entry.exports:
                self._started[id(call), id(entry)] = Started(table, entry, fn, call)
        if value.name in self._tables.calls or value.name in self._tables.mounts:
            needs = self._ev.memo.needed(self._consider, fn, call, value)
            self._seen[(id(call), value)] = (fn, call, value, needs)

    def _consider(self, fn: FunctionIndex, call: ir.Call, value: ExternalValue) -> None:
        for _, mount in self._tables.mounts.get(value.name, ()):
            self._mounts.add(fn, call, value, mount)
        for table, entry in self._tables.calls.get(value.name, ()):
            if len(call.args) >= entry.min_args and self._holds(fn, call, entry):
                self._register(table, entry, fn, call, value)

    def _holds(self, fn: FunctionIndex, call: ir.Call, entry: CallEntry) -> bool:
        if not entry.only and not entry.excluding:
            return True
        first = self._select.text(fn, call, "0")
        return first not in entry.excluding and (not entry.only or first in entry.only)

    def _register(
        self,
        table: Framework,
        entry: CallEntry,
        fn: FunctionIndex,
        call: ir.Call,
        value: ExternalValue,
    ) -> None:
        depth = 6 if entry.deep else 1 if entry.fields else 0
        found: dict[FunctionValue, str] = {}
        for selector in entry.handlers:
            if entry.thunk:
                values = self._select.opened(fn, call, selector)
                chosen = self._select.named(values, depth)
            else:
                chosen = self._select.handlers(fn, call, selector, depth)
            if entry.methods:
                values = self._select.values(fn, call, selector)
                chosen |= methods_of(self._ev, values, entry.methods.split(","))
            for handler, name in chosen.items():
                found.setdefault(handler, name)
        if entry.named:
            holder, _, step = entry.named.rpartition(".")
            texts = self._select.text(fn, call, "-1").split(".")
            values = (ExternalValue(holder, value.made),)
            for part in [step, *texts]:
                values = self._ev.members.of(values, part)
            found |= self._select.named(values, 0)
        if entry.member:
            given = self._select.values(fn, call, entry.member)
            found |= self._select.named(self._ev.factories.members(value, given), 0)
        if not found:
            return
        if entry.role == "callback":
            for handler in found:
                self._bind(handler, entry, call)
            return
        key = (id(call), id(entry))
        self._found[key] = Registration(table, entry, fn, call, value, found)
        taken = self._taken.setdefault(id(call), set())
        for handler in found:
            taken.add((handler.path, handler.index))
            self._bind(handler, entry, call)

    def _bind(self, handler: FunctionValue, entry: CallEntry, call: ir.Call) -> None:
        if not entry.params:
            return
        fn = self._ev.function((handler.path, handler.index))
        names = list(entry.params)
        if fn is not None and entry.role == "middleware" and len(fn.facts.params) == 4:
            names.insert(0, "")
        made = (handler.path, fn.facts.at if fn is not None else 0)
        values: list[Values] = [
            (self._ev.canonical.instance(name, made),) if name else () for name in names
        ]
        ident = (handler.path, handler.index)
        self._ev.parameters.add(ident, ("fw", id(call), id(entry)), Site(values=tuple(values)))

    def taken(self, call: ir.Call) -> set[Id]:
        """The functions that a registering call takes: they are entered from outside."""
        return self._taken.get(id(call), set())

    def processes(self, fn: FunctionIndex, call: ir.Call, value: ExternalValue) -> list[str]:
        """The files that a call runs in another thread or process."""
        entries = [e for _, e in self._tables.processes.get(value.name, ()) if not e.handler]
        return [path for entry in entries for path in self._files.files(fn, call, entry)]

    def finish(self, modules: list[ModuleEdge]) -> None:
        """Label the registrations, now that all mounts are known."""
        labels = Labels(self._ev, self._mounts)
        running = self._owners.running(modules, self._points)
        found = [
            registration
            for registration in self._found.values()
            if running(registration.fn.file.path) or not _is_ambient(registration.value)
        ]
        uses = Counter(handler for registration in found for handler in registration.handlers)
        shown: set[FunctionValue] = set()
        for registration in found:
            work = dict.fromkeys(handed(self._ev, registration), "")
            registration.handlers = _shown(registration.handlers, uses, shown)
            self._points.extend(labels.points(registration))
            self._points.extend(labels.handed(registration, work))
        known = {point.function for point in self._points}
        for started in self._started.values():
            points = self._files.points(started)
            self._points.extend(point for point in points if point.function not in known)

    def points(self) -> list[EntryPoint]:
        """Every entry point once, sorted by place."""
        unique = {
            (p.kind, p.label, p.path, p.line, p.function): p
            for p in self._points
            if self._owners.serves(p)
        }
        return [unique[key] for key in sorted(unique)]


def _shown(
    handlers: dict[FunctionValue, str], uses: Counter[FunctionValue], shown: set[FunctionValue]
) -> dict[FunctionValue, str]:
    """A route's own handlers; middleware and wrappers that routes share are shown once."""
    own = [handler for handler in handlers if uses[handler] == 1] or list(handlers)[-1:]
    kept = {h: name for h, name in handlers.items() if h in own or h not in shown}
    shown.update(handlers)
    return kept


def _is_ambient(value: ExternalValue) -> bool:
    """Whether browsers have it too, so that only its place tells what it is."""
    return value.name.startswith("global:") and not value.name.startswith(_SERVERS)
