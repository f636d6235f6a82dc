"""Result types of unknown outside functions, learnt from how the repo itself uses them.

``if err := x.F(); err != nil`` and ``return x.F()`` in a function that returns an error tell what
``F`` gives; it is the last source of signatures, after the repo, the tables and vendored sources.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import TYPE_CHECKING

from archlint.model import ir
from archlint.model.pattern import lazy_regex
from archlint.program.golang.select import implements_error
from archlint.program.golang.source import Unit
from archlint.program.golang.types import FunctionId

if TYPE_CHECKING:
    from archlint.program.golang.linker import GoLinker

_ERROR_NAME = lazy_regex(r"(?:e|err|.*[eE]rr\d?|err[A-Z]\w*)$")


class OwnUse:
    """Whether the last result of an unknown callee is an error, by its canonical name."""

    def __init__(self, linker: GoLinker) -> None:
        self._linker = linker
        self._votes: dict[str, list[bool]] | None = None

    def gives_error(self, canonical: str) -> bool | None:
        """True or False when the repo's uses agree, None when there are none."""
        if self._votes is None:
            self._votes = defaultdict(list)
            for unit in self._linker.world.production():
                for function in unit.facts.functions:
                    for name, vote in self._function(unit, function.index):
                        self._votes[name].append(vote)
        votes = self._votes.get(canonical)
        if not votes:
            return None
        return sum(votes) * 2 > len(votes)

    def _function(self, unit: Unit, index: int) -> Iterator[tuple[str, bool]]:
        body = unit.body(index)
        for stmt in body.assigns:
            if len(stmt.values) == 1 and type(stmt.values[0]) is ir.Call:
                name = self._unknown(unit, index, stmt.values[0])
                target = stmt.targets[-1]
                if name and type(target) is ir.Name and target.id != "_":
                    yield name, self._is_error(unit, index, target)
        facts = unit.facts.functions[index]
        results = facts.results
        for returned in body.returns:
            if len(returned.values) == 1 and type(returned.values[0]) is ir.Call and results:
                name = self._unknown(unit, index, returned.values[0])
                last = results[-1].type
                if name:
                    yield name, isinstance(last, ir.TName) and last.name == "error"

    def _unknown(self, unit: Unit, index: int, call: ir.Call) -> str:
        """The canonical name of a callee without a signature, else ""."""
        callee = self._linker.calls.callee(unit, index, call)
        return callee.canonical if callee.signature is None and callee.kind == "unknown" else ""

    def _is_error(self, unit: Unit, index: int, target: ir.Name) -> bool:
        known = self._linker.evaluator.type_of(unit, index, target)
        if implements_error(known):
            return True
        return known is None and _ERROR_NAME.match(target.id) is not None


def error_results(
    linker: GoLinker, function: FunctionId, call: ir.Call
) -> tuple[tuple[int, ...], str]:
    """Which results of a call are errors, and how that is known: signature or use ("" unknown)."""
    callee = linker.callee(function, call)
    if callee.errors is not None:
        return callee.errors, "signature"
    results = linker.call_results(function, call)
    if results is not None:
        found = tuple([i for i, result in enumerate(results) if implements_error(result)])
        if callee.signature is not None and not callee.signature.type_params:
            callee.errors = found
        return found, "signature"
    canonical = callee.canonical
    if canonical and linker.own_use.gives_error(canonical):
        return (-1,), "use"
    return (), ""
