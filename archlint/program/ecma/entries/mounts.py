"""Prefixes: which router, plugin or group is mounted where."""

from __future__ import annotations

import re
from posixpath import dirname
from typing import TYPE_CHECKING

from archlint.knowledge.frameworks import MountEntry
from archlint.model import ir
from archlint.program.ecma.entries.select import Selector
from archlint.program.ecma.index import FunctionIndex
from archlint.program.ecma.parameters import Site
from archlint.program.ecma.values import ExternalValue, FunctionValue, LiteralValue, Values

if TYPE_CHECKING:
    from archlint.program.ecma.evaluate import Evaluator

Key = tuple[str, int]
MOST = 4
"""A router mounted in more places than this shows only the first ones."""


class Mounts:
    """The tree of mounted routers; a router is known by where it was made."""

    def __init__(self, evaluator: Evaluator) -> None:
        self._ev = evaluator
        self._select = Selector(evaluator)
        self._own: dict[Key, str] = {}
        self._parents: dict[Key, dict[tuple[Key | None, str], None]] = {}

    def add(
        self, fn: FunctionIndex, call: ir.Call, value: ExternalValue, entry: MountEntry
    ) -> None:
        """Record what a mounting call puts under which prefix."""
        path = self._select.text(fn, call, entry.path) if entry.path else ""
        path = path if path not in {"*", ""} and not self._is_router(fn, call, entry) else ""
        if entry.sets:
            if value.made is not None and path:
                self._own[value.made] = path
            return
        if entry.result:
            made = (fn.file.path, call.at)
            if value.made is None:
                self._own[made] = path
            else:
                self._put(made, value.made, path)
            return
        for arg in self._select.arguments(call, entry.routers):
            for routed in self._ev.values(fn, arg):
                if not entry.loader:
                    self._mount(routed, value, path, entry)
                elif isinstance(routed, ExternalValue) and routed.name in entry.loader:
                    self._folder(fn, call, value, entry)

    def _folder(
        self, fn: FunctionIndex, call: ir.Call, value: ExternalValue, entry: MountEntry
    ) -> None:
        """Mount the modules of a folder, each under the folder that it is in."""
        for found in self._select.values(fn, call, entry.folder):
            if not isinstance(found, LiteralValue) or found.kind != "path":
                continue
            base = found.text.strip("/")
            for target in self._ev.loading.below(base):
                inner = dirname(target)[len(base) :]
                prefix = re.sub(r"/_(\w+)", r"/:\1", inner)
                for routed in self._ev.exports.from_target(target, "default"):
                    self._mount(routed, value, prefix, entry)

    def _is_router(self, fn: FunctionIndex, call: ir.Call, entry: MountEntry) -> bool:
        """Whether the argument that would be the path is itself mounted: ``use(router)``."""
        if "." in entry.path:
            return False
        args = self._select.arguments(call, entry.path)
        return bool(args) and isinstance(args[0], ir.FunctionRef)

    def _mount(self, routed: object, value: ExternalValue, path: str, entry: MountEntry) -> None:
        if isinstance(routed, ExternalValue) and routed.made is not None:
            self._put(routed.made, value.made, path)
        elif isinstance(routed, FunctionValue) and entry.parameter >= 0:
            fn = self._ev.function((routed.path, routed.index))
            if fn is None:
                return
            made = (routed.path, fn.facts.at)
            inner = ExternalValue(value.name.rpartition(".")[0], made)
            values: tuple[Values, ...] = ((),) * entry.parameter + ((inner,),)
            self._ev.parameters.add(fn.id, ("mount", made), Site(values=values))
            self._put(made, value.made, path)

    def _put(self, child: Key, parent: Key | None, path: str) -> None:
        if child != parent:
            self._parents.setdefault(child, {})[(parent, path)] = None

    def prefixes(self, made: Key | None) -> list[str]:
        """The paths under which a router hangs ("" when it is not mounted)."""
        found: dict[str, None] = {}
        todo: list[tuple[Key | None, str, tuple[Key, ...]]] = [(made, "", ())]
        while todo and len(found) < MOST:
            key, below, seen = todo.pop(0)
            below = joined(self._own.get(key, ""), below) if key is not None else below
            parents = self._parents.get(key) if key is not None else None
            if key is None or not parents or key in seen or len(seen) > 12:
                found[below] = None
                continue
            known = {at: None for at in parents if at[0] is not None}
            for parent, path in known or parents:  # one that only a type names says nothing
                todo.append((parent, joined(path, below), (*seen, key)))
        return list(found) or [""]


def joined(prefix: str, path: str) -> str:
    """Two parts of a route: ``/api`` and ``/users`` -> ``/api/users``."""
    if not prefix or prefix == "/":
        return path
    if not path or path == "/":
        return prefix
    return prefix.rstrip("/") + "/" + path.lstrip("/")
