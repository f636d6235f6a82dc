"""Where what is called: calls by the names of the outside world, and by how they are written."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Container, Iterable, Iterator
from functools import cached_property
from typing import Any, NamedTuple

from archlint.knowledge.patterns import head
from archlint.model import ir
from archlint.program.ecma.index import FileIndex, FunctionIndex
from archlint.program.program import FunctionId, Program

CALLED = "()"
_SKIPPED = frozenset({"test", "vendored", "generated", "declaration", "build", "example"})


class OuterCall(NamedTuple):
    """A call of something outside of the repo; ``names`` are the canonical names it may have."""

    function: FunctionId
    call: ir.Call
    names: tuple[str, ...]
    note: str


class Sites:
    """The calls of a program, sorted once for all rules.

    Linked calls are found by what they reach; those of all production files, linked or not, by how
    they are written.
    """

    def __init__(self, program: Program) -> None:
        self._program = program
        self.production = frozenset(
            path
            for path in program.ecma.facts
            if program.roles.get(path, "production") not in _SKIPPED
        )
        """The files that run in production, those of front ends included."""
        self.linked = frozenset(program.ecma.paths)
        self._resolved = program.ecma.resolved

    @cached_property
    def _by_name(self) -> dict[str, list[int]]:
        """Canonical name -> the linked calls that may have it, as positions."""
        table: dict[str, list[int]] = defaultdict(list)
        for position, (_, _, reached, _) in enumerate(self._resolved):
            for value in reached.externals:
                table[value.name].append(position)
        return table

    @cached_property
    def inner(self) -> Counter[FunctionId]:
        """How many linked production calls reach each function of the repo."""
        return Counter(
            target
            for fn, _, reached, _ in self._resolved
            if reached.functions and fn.file.path in self.production
            for target in reached.functions
        )

    def files(self) -> Iterator[FileIndex]:
        """The production files, by path."""
        for path in sorted(self.production):
            file = self._program.ecma.evaluator.file(path)
            if file is not None:
                yield file

    def calling(self, wanted: Callable[[str], object], among: Iterable[str]) -> list[OuterCall]:
        """The linked calls with one of some names that ``wanted`` holds for, in order."""
        return self.named({name for name in among if wanted(name)})

    def named(self, names: Iterable[str]) -> list[OuterCall]:
        """The linked calls with one of some canonical names, in order."""
        found = {i for name in names for i in self._by_name.get(name, ())}
        return [self._outer(position) for position in sorted(found)]

    def meaning(self, name: str) -> list[tuple[FunctionIndex, ir.Call]]:
        """The linked production calls of which a canonical name is the first meaning."""
        places = [self._resolved[position] for position in self._by_name.get(name, ())]
        return [
            (fn, call)
            for fn, call, reached, _ in places
            if reached.externals[0].name == name and fn.file.path in self.production
        ]

    def _outer(self, position: int) -> OuterCall:
        fn, call, reached, _ = self._resolved[position]
        return OuterCall(fn.id, call, tuple(v.name for v in reached.externals), reached.note)

    def of_modules(self, modules: Container[str]) -> Iterator[str]:
        """The canonical names that are called, of some modules."""
        for module, names in self._by_module.items():
            if module in modules:
                yield from names

    def ending(self, steps: Iterable[str]) -> Iterator[str]:
        """The canonical names that are called and end in one of some members."""
        for step in steps:
            yield from self._by_step.get(step, ())

    @cached_property
    def _by_module(self) -> dict[str, list[str]]:
        table: dict[str, list[str]] = defaultdict(list)
        for name in self._by_name:
            table[head(name)].append(name)
        return table

    @cached_property
    def _by_step(self) -> dict[str, list[str]]:
        table: dict[str, list[str]] = defaultdict(list)
        for name in self._by_name:
            table[name.rpartition(".")[2]].append(name)
        return table

    def written(self, names: Iterable[str]) -> list[tuple[FunctionIndex, ir.Call]]:
        """The calls whose callee's last name is one of ``names``, name by name, each in order."""
        table = self._written
        return [place for name in sorted(names) for place in table.get(name, ())]

    @cached_property
    def _written(self) -> dict[str, list[tuple[FunctionIndex, ir.Call]]]:
        table: dict[str, list[tuple[FunctionIndex, ir.Call]]] = defaultdict(list)
        for path in sorted(self.production | self.linked):
            file = self._program.ecma.evaluator.file(path)
            for fn in file.functions if file is not None else ():
                for call in fn.calls:
                    callee: Any = call.callee
                    kind = type(callee)  # as written_name has it
                    if kind is ir.Member:
                        table[callee.name].append((fn, call))
                    else:
                        name = callee.id if kind is ir.Name else CALLED if kind is ir.Call else ""
                        table[name].append((fn, call))
        return table


def written_name(callee: ir.Expr) -> str:
    """The last name of a callee as it is written; ``()`` for a call's result, "" for none."""
    kind = type(callee)
    if kind is ir.Member:
        return str(callee.name)  # type: ignore[union-attr]
    if kind is ir.Name:
        return str(callee.id)  # type: ignore[union-attr]
    return CALLED if kind is ir.Call else ""


def sites(program: Program) -> Sites:
    """The calls of a program, sorted at the first question."""
    return program.once(Sites)
