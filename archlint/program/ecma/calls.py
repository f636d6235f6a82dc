"""Whom a call reaches: functions of the repo and names of the outside world."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from archlint.model import ir
from archlint.program.ecma.index import FunctionIndex
from archlint.program.ecma.values import (
    ClassValue,
    ExternalValue,
    FunctionValue,
    SignatureValue,
    Value,
    Values,
)

if TYPE_CHECKING:
    from archlint.program.ecma.evaluate import Evaluator

Id = tuple[str, int]


class Reached(msgspec.Struct, frozen=True, gc=False):
    """What a call reaches. ``known`` says that it is resolved even if nothing of it runs here.

    ``skip`` arguments belong to ``call``/``bind`` and not to the callee.
    """

    functions: tuple[Id, ...] = ()
    externals: tuple[ExternalValue, ...] = ()
    known: bool = False
    skip: int = 0
    note: str = ""


_NOTHING = Reached()
_SIGNED = Reached(known=True)
_HANDING = frozenset({"call", "apply", "bind"})


class Calls:
    """Resolves calls, memoised by call."""

    def __init__(self, evaluator: Evaluator) -> None:
        self._ev = evaluator
        self._known = evaluator.memo.done

    def reached(self, fn: FunctionIndex, call: ir.Call) -> Reached:
        """What a call in ``fn`` reaches."""
        key = ("c", id(call))
        hit = self._known.get(key)
        if hit is not None and not hit[1]:
            return hit[0]  # type: ignore[no-any-return]
        found = self._ev.memo(key, self._resolve, fn, call)
        return found or _NOTHING

    def _resolve(self, fn: FunctionIndex, call: ir.Call) -> Reached:
        callee = call.callee
        if isinstance(callee, ir.Name):
            if callee.id == "super":
                return self._sort(fn, self._superclass(fn), True)
            if callee.id in {"require", "import"} and self._ev.binding(fn, callee) is None:
                return Reached(externals=(ExternalValue(f"global:{callee.id}"),), known=True)
        elif isinstance(callee, ir.Member) and callee.name in _HANDING:
            receiver = self._ev.values(fn, callee.object)
            if any(isinstance(v, FunctionValue | ExternalValue) for v in receiver):
                if callee.name == "bind":
                    return Reached(externals=(ExternalValue("global:Function().bind"),), known=True)
                found = self._sort(fn, receiver, False)
                skip = 1 if callee.name == "call" else 1 << 20
                return msgspec.structs.replace(found, skip=skip)
        return self._sort(fn, self._ev.values(fn, callee), call.new)

    def _superclass(self, fn: FunctionIndex) -> Values:
        here: FunctionIndex | None = fn
        while here is not None and here.facts.owner < 0:
            here = here.parent
        if here is None:
            return ()
        value = ClassValue(here.file.path, here.facts.owner)
        return self._ev.members.bases((value,))

    def _sort(self, fn: FunctionIndex, values: Values, constructing: bool) -> Reached:
        if len(values) < 2:
            plain = _plain(values)
            if plain is not None:
                return plain
        functions: list[Id] = []
        externals: list[ExternalValue] = []
        known = False
        for value in values:
            if isinstance(value, FunctionValue):
                functions.append((value.path, value.index))
            elif isinstance(value, ExternalValue):
                externals.append(value)
            elif isinstance(value, SignatureValue):
                known = True
            elif isinstance(value, ClassValue) and constructing:
                known = True
                for found in self.constructors(value):
                    if isinstance(found, FunctionValue):
                        functions.append((found.path, found.index))
                    elif isinstance(found, ExternalValue):
                        externals.append(found)
        functions = list(dict.fromkeys(functions))
        note = f"{len(functions)} candidates" if len(functions) > 1 else ""
        known = known or bool(functions or externals)
        return Reached(tuple(functions), tuple(dict.fromkeys(externals)), known, 0, note)

    def constructors(self, value: ClassValue) -> tuple[Value, ...]:
        """The constructor that ``new`` of a class runs first: its own or the nearest base's."""
        seen: set[Value] = set()
        todo: list[Value] = [value]
        found: list[Value] = []
        while todo:
            here = todo.pop(0)
            if here in seen:
                continue
            seen.add(here)
            if not isinstance(here, ClassValue):
                if isinstance(here, ExternalValue | FunctionValue):
                    found.append(here)
                continue
            facts = self._ev.members.facts(here)
            own = [
                FunctionValue(here.path, m.function)
                for m in (facts.members if facts else ())
                if m.kind == "constructor" and m.function >= 0
            ]
            if own:
                found.extend(own)
            else:
                todo.extend(self._ev.members.bases((here,)))
        return tuple(found)

    def functions(self, values: Values) -> tuple[FunctionValue, ...]:
        """The functions among values, those in lists too."""
        return tuple(value for value in values if isinstance(value, FunctionValue))


def _plain(values: Values) -> Reached | None:
    """What calling no value or a single one reaches; None for a class, which takes a search."""
    if not values:
        return _NOTHING
    (value,) = values
    if isinstance(value, ExternalValue):
        return Reached((), (value,), True)
    if isinstance(value, FunctionValue):
        return Reached(((value.path, value.index),), (), True)
    if isinstance(value, ClassValue):
        return None
    return _SIGNED if isinstance(value, SignatureValue) else _NOTHING
