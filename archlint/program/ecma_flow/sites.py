"""Where what is called: calls by the names of the outside world, and by how they are written."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Container, Iterable, Iterator
from functools import cached_property
from typing import NamedTuple

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

    ``outer`` are the linked calls with a canonical name, in order; ``inner`` counts the linked
    production calls of each function of the repo. ``written`` has every call of the linked and of
    the production files by ``written_name``.
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
        self.outer: list[OuterCall] = []
        self.inner: Counter[FunctionId] = Counter()
        self._by_name: dict[str, list[int]] = defaultdict(list)
        self._sort_linked()

    def _sort_linked(self) -> None:
        outer, by_name, inner = self.outer, self._by_name, self.inner
        production = self.production
        for fn, call, reached, _ in self._program.ecma.resolved:
            if reached.externals:
                names = tuple([value.name for value in reached.externals])
                for name in names:
                    by_name[name].append(len(outer))
                outer.append(OuterCall(fn.id, call, names, reached.note))
            if reached.functions and fn.file.path in production:
                for target in reached.functions:
                    inner[target] += 1

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
        return [self.outer[i] for i in sorted(found)]

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
                    table[written_name(call.callee)].append((fn, call))
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
    found = program.memo.get(__name__)
    if not isinstance(found, Sites):
        found = program.memo[__name__] = Sites(program)
    return found
