"""What parameters may hold: by their call sites, what frameworks pass, their types, injection."""

from __future__ import annotations

from collections.abc import Hashable
from typing import TYPE_CHECKING

import msgspec

from archlint.model import ir
from archlint.program.ecma.index import FunctionIndex
from archlint.program.ecma.memo import CUT, Need
from archlint.program.ecma.records import Binding, Source
from archlint.program.ecma.values import (
    ExternalValue,
    ListValue,
    LiteralValue,
    TypeValue,
    Values,
    union,
)

if TYPE_CHECKING:
    from archlint.program.ecma.evaluate import Evaluator

Id = tuple[str, int]
SITES = 256
"""No more call sites than this are looked at for a parameter."""


class Site(msgspec.Struct, gc=False):
    """A call of a function: its arguments in ``caller``, or values that the outside passes."""

    caller: FunctionIndex | None = None
    args: tuple[ir.Expr, ...] = ()
    values: tuple[Values, ...] = ()
    take: str = ""
    """``items``: the only argument is a list whose elements are passed; ``awaited``: a promise."""
    position: int = 0


class Parameters:
    """The known call sites of every function."""

    def __init__(self, evaluator: Evaluator) -> None:
        self._ev = evaluator
        self._sites: dict[Id, list[Site]] = {}
        self._known: set[object] = set()
        self._asked: dict[Id, set[Need]] = {}
        self.changed: set[Id] = set()
        """Functions of which call sites were found since ``refresh``."""

    def add(self, function: Id, key: object, site: Site) -> None:
        """Record a call site once; ``key`` identifies it."""
        if (function, key) in self._known:
            return
        self._known.add((function, key))
        found = self._sites.setdefault(function, [])
        if len(found) < SITES:
            found.append(site)
            self.changed.add(function)

    def sites(self, function: Id) -> list[Site]:
        """The known call sites of a function."""
        return self._sites.get(function, [])

    def values(self, fn: FunctionIndex, binding: Binding, source: Source) -> Values:
        """What a parameter's name may hold."""
        steps = tuple(step for step in source.steps if step[0] != "rest")
        found = self._ev.bindings.follow(self.whole(fn, binding.parameter), steps)
        if source.default is not None:
            found = union(found, self._ev.values(fn, source.default))
        return found

    def whole(self, fn: FunctionIndex, position: int) -> Values:
        """What a function's parameter (before destructuring) may hold."""
        need = (fn.file.path, fn.index, position)
        found: Values = self._ev.memo(("p", need), self._whole, fn, position)
        return found

    def refresh(self) -> tuple[set[Need], list[Hashable]]:
        """Take in the call sites that were found since the last time.

        The parameters that hold something else now, and all that was forgotten for it.
        """
        memo = self._ev.memo
        changed = {need for ident in self.changed for need in self._asked.get(ident, ())}
        self.changed = set()
        stale = memo.forget(changed | {CUT})
        moved = {CUT}
        grown: dict[Need, frozenset[Need]] = {}
        for key, (before, needs) in stale.items():
            if not isinstance(key, tuple) or key[0] != "p":
                continue
            need: Need = key[1]
            fn = self._ev.function(need[:2])
            if fn is not None and self.whole(fn, need[2]) != before:
                moved.add(need)
            elif (hit := memo.done.get(key)) is not None and not hit[1] <= needs:
                grown[need] = hit[1]
        return moved, memo.restore(stale, moved, grown)

    def _whole(self, fn: FunctionIndex, position: int) -> Values:
        ident = fn.id
        need = (*ident, position)
        self._asked.setdefault(ident, set()).add(need)
        self._ev.memo.need(need)
        param = fn.facts.params[position]
        parts: list[Values] = []
        for site in self._sites.get(ident, ()):
            if param.rest:
                count = max(len(site.args), len(site.values))
                rest = [self._argument(site, i) for i in range(position, count)]
                parts.append((ListValue(union(*rest)),))
            else:
                parts.append(self._argument(site, position))
        found = union(*parts)
        if fn.facts.params[position].decorators:
            found = union(found, self._ev.injection.injected(fn, param))
        declared = self._ev.types.values(fn, param.type)
        if declared and _worth(declared, found):
            return union(found, declared)
        if not found and fn.typed is not None:
            return self._by_type(fn, position)
        if not found and fn.facts.kind == "constructor" and position == 0:
            return self._ev.injection.cradle()
        return found

    def _by_type(self, fn: FunctionIndex, position: int) -> Values:
        """What a function of a declared function type is passed, by the framework tables."""
        holder, kind = fn.typed if fn.typed is not None else (fn, None)
        for value in self._ev.types.values(holder, kind):
            if isinstance(value, ExternalValue):
                params = self._ev.canonical.typed_params.get(value.name, ())
                if position < len(params) and params[position]:
                    made = (fn.file.path, fn.facts.at)
                    return (self._ev.canonical.instance(params[position], made),)
        return ()

    def _argument(self, site: Site, position: int) -> Values:
        if site.caller is None:
            return site.values[position] if position < len(site.values) else ()
        if site.take:
            if position != site.position:
                return ()
            found = self._ev.values(site.caller, site.args[0])
            items = site.take == "items"
            return self._ev.members.iterated(found) if items else self._ev.awaited(found)
        for i, arg in enumerate(site.args[: position + 1]):
            if isinstance(arg, ir.Spread):
                return self._ev.members.iterated(self._ev.values(site.caller, arg.value))
            if i == position:
                return self._ev.values(site.caller, arg)
        return ()


def _worth(declared: Values, found: Values) -> bool:
    """Whether a declared type adds to what the call sites say (an interface may not)."""
    if not any(type(value) is not LiteralValue for value in found):
        return True
    return not all(type(value) in {TypeValue, ListValue, ExternalValue} for value in declared)
