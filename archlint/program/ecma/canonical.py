"""Canonical names of the outside world: extending them step by step, with the tables' aliases."""

from __future__ import annotations

from collections.abc import Iterable

from archlint.knowledge.frameworks import FolderEntry, Framework, expand
from archlint.program.ecma.values import ExternalValue, Values

LONGEST = 240
"""Names longer than this (characters) are given up: they come from data walked in a loop."""


class Canonical:
    """Extends external values; ``tracked`` values remember the call that made them."""

    def __init__(self, tables: Iterable[Framework]) -> None:
        self._alias: dict[str, str] = {}
        self._tracked: set[str] = set()
        self._wrappers: set[str] = set()
        self.carriers: set[str] = set()
        """Objects that a framework hands around and the repo hangs things on."""
        self.containers: tuple[str, ...] = ()
        """How the names of containers that hold objects by token begin."""
        self.loaders: set[str] = set()
        """Calls that load all modules of a folder."""
        self.typed_params: dict[str, tuple[str, ...]] = {}
        """Function types (as instances) -> what such functions are passed."""
        self.lends: dict[str, list[str]] = {}
        """Carrier -> patterns of the values that have its properties, too."""
        self.describers: set[str] = set()
        """Calls that give back what describes a route: their argument 0."""
        self.making: dict[str, bool] = {}
        """Calls that give what the function in argument 0 returns; True: a method by its name."""
        self.folders: dict[str, FolderEntry] = {}
        """Values that stand for the modules of a folder."""
        self.placed: set[str] = set()
        """Objects of frameworks with such folders: where they are tells the package."""
        named: set[str] = set()
        for table in tables:
            for folder in table.folder:
                self.placed.update(table.tracked)
                for pattern in folder.name:
                    self.folders.update(dict.fromkeys(expand(pattern), folder))
            for name in table.describers:
                self.describers.update(expand(name))
            for name in table.factories:
                self.making.update(dict.fromkeys(expand(name), False))
            for name in table.invokers:
                self.making.update(dict.fromkeys(expand(name), True))
            for lend in table.lend:
                self.lends.setdefault(lend.holder, []).extend(lend.to)
            for alias in table.alias:
                for pattern in alias.name:
                    for name in expand(pattern):
                        self._alias[name] = alias.means
            named.update(n for entry in table.call for c in entry.callee for n in expand(c))
            for pattern in (*table.tracked, *table.describers, *table.invokers):
                self._tracked.update(expand(pattern))
            self.loaders.update(table.loaders)
            self.containers += tuple(n for p in table.containers for n in expand(p))
            for pattern in table.carriers:
                self.carriers.update(expand(pattern))
            for entry in table.typed:
                for pattern in entry.type:
                    self.typed_params.update(dict.fromkeys(expand(pattern), entry.params))
            for pattern in table.wrappers:
                self._wrappers.update(expand(pattern))
        self._objects = _objects(named)

    def name(self, name: str) -> str:
        """What a name means after the aliases (an alias may lead to another)."""
        for _ in range(4):
            other = self._alias.get(name)
            if other is None:
                break
            name = other
        return name

    def awaited(self, value: ExternalValue) -> Values:
        """What a value resolves to; an object whose members the tables name is no promise."""
        return (value,) if value.name in self._objects else self.extend(value, "~")

    def extend(self, value: ExternalValue, step: str) -> Values:
        """A value one step on: ``.name`` or ``~``; () when the name grows too long."""
        name = value.name + step
        if len(name) > LONGEST:
            return ()
        if name in self._alias:
            name = self.name(name)
        return (ExternalValue(name, value.made),)

    def called(self, value: ExternalValue, made: tuple[str, int]) -> Values:
        """What calling or constructing a value gives; ``made`` is where."""
        name = value.name + "()"
        if len(name) > LONGEST:
            return ()
        known = self.name(name)
        if known in self._tracked:
            chained = value.made is not None and value.name.startswith(known)
            return (ExternalValue(known, value.made if chained else made),)
        return (ExternalValue(known, value.made),)

    def is_wrapper(self, name: str) -> bool:
        """Whether calling ``name`` gives a function that does what argument 0 does."""
        return name in self._wrappers

    def instance(self, name: str, made: tuple[str, int]) -> ExternalValue:
        """A value that the outside hands over at ``made``, told apart if its kind is tracked."""
        known = self.name(name)
        return ExternalValue(known, made if known in self._tracked else None)

    def typed(self, module: str, path: Iterable[str]) -> ExternalValue:
        """An instance of a type that a module exports: ``typed("npm:ioredis", ["Redis"])``."""
        name = module
        for part in path:
            name = self.name(f"{name}.{part}")
        return ExternalValue(self.name(f"{name}()"))


def _objects(named: set[str]) -> frozenset[str]:
    """The results of calls that are used as they are, and nowhere after they are awaited."""
    parts = {name.rpartition(".")[0] for name in named}
    waited = {part.partition("~")[0] for part in parts if "~" in part}
    return frozenset(part for part in parts if part.endswith("()")) - waited
