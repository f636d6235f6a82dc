"""What the repo hangs on objects that a framework hands around: ``req.user = ...``, ``ctx.state``.

Every request has an object of its own, so assignments to one count for all of the same kind.
"""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from archlint.model import ir
from archlint.model.pattern import lazy_regex
from archlint.program.ecma.index import FileIndex, FunctionIndex
from archlint.program.ecma.values import ExternalValue, LiteralValue, Values, union

if TYPE_CHECKING:
    from archlint.program.ecma.evaluate import Evaluator

Given = dict[str, list[tuple[FunctionIndex, ir.Expr]]]
_INNER = lazy_regex(r"(?:\.\w+)*\Z")


class Carried:
    """Properties of carriers (see ``Framework.carriers``) by name."""

    def __init__(self, evaluator: Evaluator) -> None:
        self._ev = evaluator
        self._files: dict[str, list[FileIndex]] = {}
        self._carries: dict[str, bool] = {}
        self._lent: dict[str, list[str]] = {}

    def add(self, file: FileIndex) -> None:
        """Count a file's assignments in; before the first question."""
        for name in file.members:
            self._files.setdefault(name, []).append(file)

    def given(self, value: ExternalValue, name: str) -> Values:
        """What the repo assigns to property ``name`` of objects of this kind, literals apart."""
        if name not in self._files:
            return ()
        holders = [value.name] if self._is_carrier(value.name) else self._lenders(value.name)
        if not holders:
            return ()
        table: Given = self._ev.memo(("cr", name), self._collect, name) or {}
        given = [item for holder in holders for item in table.get(holder, ())]
        found = union(*(self._ev.values(fn, expr) for fn, expr in given))
        return tuple(item for item in found if not isinstance(item, LiteralValue))

    def _collect(self, name: str) -> Given:
        found: Given = {}
        for file in self._files[name]:
            for record in file.members[name]:
                fn = file.functions[record.function]
                for value in self._ev.values(fn, record.object):
                    if isinstance(value, ExternalValue) and self._is_carrier(value.name):
                        found.setdefault(value.name, []).append((fn, record.value))
        return found

    def _lenders(self, name: str) -> list[str]:
        """The carriers whose properties a value has, too."""
        if "npm:" not in name or not self._ev.canonical.lends:
            return []
        known = self._lent.get(name)
        if known is None:
            known = self._lent[name] = [
                holder
                for holder, patterns in self._ev.canonical.lends.items()
                if any(fnmatchcase(name, pattern) for pattern in patterns)
            ]
        return known

    def _is_carrier(self, name: str) -> bool:
        """Whether a canonical name is a carrier, or an object inside one (``ctx.state``)."""
        known = self._carries.get(name)
        if known is None:
            known = any(
                name.startswith(carrier) and _INNER.match(name, len(carrier)) is not None
                for carrier in self._ev.canonical.carriers
            )
            self._carries[name] = known
        return known
