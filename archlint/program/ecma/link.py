"""Linking the whole program: rounds of resolution, then edges, entry points and counts."""

from __future__ import annotations

import gc
import sys
from typing import TYPE_CHECKING

from archlint.model import ir
from archlint.program.ecma.edges import Edges
from archlint.program.ecma.entries import Entries
from archlint.program.ecma.index import FileIndex, FunctionIndex
from archlint.program.ecma.modules import ModuleEdges
from archlint.program.ecma.parameters import Site
from archlint.program.ecma.values import FunctionValue
from archlint.program.program import Linked

if TYPE_CHECKING:
    from archlint.program.ecma.linker import EcmaLinker

ROUNDS = 8
"""Call sites bind parameters, which resolve more calls: repeated until nothing changes.

Plugins that register plugins hand an app down one level a round; late rounds look at little.
"""
_STACK = 4000
_LISTED = "forEach map filter find some every flatMap findIndex findLast sort each eachSeries"
_TAKES_ITEM = dict.fromkeys(_LISTED.split(), 0)
_TAKES_ITEM.update({"reduce": 1, "reduceRight": 1})
Place = tuple[FunctionIndex, ir.Call]


class Link:
    """One run of linking."""

    def __init__(self, linker: EcmaLinker) -> None:
        self.linker = linker
        self.ev = linker.evaluator
        self.files: list[FileIndex] = []
        self.calls: dict[int, Place] = {}
        self.entries = Entries(linker)

    def run(self) -> Linked:
        """Link all files that are neither tests nor vendored; imports of all files count."""
        limit, collecting = sys.getrecursionlimit(), gc.isenabled()
        sys.setrecursionlimit(max(limit, _STACK))
        gc.disable()  # values live as long as the program: tracing them finds nothing
        try:
            return self._run()
        finally:
            sys.setrecursionlimit(limit)
            if collecting:
                gc.enable()

    def _run(self) -> Linked:
        self._index()
        self._rounds()
        linked = Linked()
        linked.modules = ModuleEdges(self.linker.facts, self.linker.resolver, self.ev).run()
        self.entries.finish(linked.modules)
        edges = Edges(self.linker, self.entries)
        edges.run(list(self.calls.values()))
        self.linker.resolved = edges.resolved
        edges.top_levels(linked.modules)
        linked.edges = edges.found()
        linked.entry_points = self.entries.points()
        linked.calls, linked.calls_resolved, linked.calls_external = edges.counts()
        return linked

    def _index(self) -> None:
        for path in self.linker.paths:
            file = self.ev.file(path)
            if file is None:
                continue
            self.files.append(file)
            self.ev.mutations.add(file)
            self.ev.carried.add(file)
            self.ev.types.add(file)
            self.ev.injection.add(file)
            for fn in file.functions:
                for call in fn.calls:
                    self.calls[id(call)] = (fn, call)
        self.ev.types.settle()
        self.ev.memo.clear()

    def _rounds(self) -> None:
        self.entries.start(self.files)
        pending = list(self.calls.values())
        for _ in range(ROUNDS):
            for fn, call in pending:
                self._bind(fn, call)
            if len(self.ev.parameters.changed) <= len(self.calls) // 2000:
                break
            moved, lost = self.ev.parameters.refresh()
            again = {key[1] for key in lost if isinstance(key, tuple) and key[0] == "c"}
            pending = [place for ident, place in self.calls.items() if ident in again]
            self.entries.again(moved)

    def _bind(self, fn: FunctionIndex, call: ir.Call) -> None:
        """Tell the parameters of whom a call reaches what it passes."""
        reached = self.ev.calls.reached(fn, call)
        if reached.functions and call.args:
            args = call.args[reached.skip :] if reached.skip else call.args
            site = Site(fn, args)
            for ident in reached.functions:
                self.ev.parameters.add(ident, id(call), site)
        for value in reached.externals:
            self.entries.consider(fn, call, value)
            if call.args and isinstance(call.callee, ir.Member):
                self._callback(fn, call, call.callee, value.name)

    def _callback(self, fn: FunctionIndex, call: ir.Call, callee: ir.Member, external: str) -> None:
        """Callbacks of list and promise methods get elements and results."""
        name = callee.name
        if name in {"then", "tap"}:
            take, position = "awaited", 0
        elif name in _TAKES_ITEM and external.startswith("global:Array()"):
            take, position = "items", _TAKES_ITEM[name]
        else:
            return
        site = Site(fn, (callee.object,), (), take, position)
        for value in self.ev.values(fn, call.args[0]):
            if isinstance(value, FunctionValue):
                self.ev.parameters.add((value.path, value.index), ("cb", id(call)), site)
