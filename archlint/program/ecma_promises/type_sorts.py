"""What declared types say about promises."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from archlint.model import ir
from archlint.model.facts import FileFacts
from archlint.program.ecma_promises.kinds import (
    ClassKind,
    FunctionId,
    FunctionKind,
    ListKind,
    LiteralKind,
    Typed,
)
from archlint.program.ecma_promises.sorts import Sort
from archlint.program.ecma_promises.type_members import Types
from archlint.program.ecma_promises.typing import Typing

_PLAIN = frozenset(
    {"any", "unknown", "never", "Function", "undefined", "null", "PromiseLike"}
    | {"string", "number", "boolean", "void", "symbol"}
)
_DEPTH = 6


class TypeSorts:
    """Sorts of types; ``sort`` tells the sort of an expression (an element of a literal array)."""

    def __init__(
        self,
        typing: Typing,
        facts: dict[str, FileFacts],
        sort: Callable[[FunctionId, ir.Expr], Sort],
    ) -> None:
        self._typing = typing
        self._facts = facts
        self._sort = sort
        self._handlers: dict[type, Callable[[Typed, Any, int], Sort]] = {
            ir.TName: self._named,
            ir.TUnion: self._union,
            ir.TInterface: self._interface,
            ClassKind: self._class,
            ir.TSlice: self._list,
            ir.TTuple: self._list,
            LiteralKind: self._list,
            ListKind: self._list,
        }
        none = (ir.TLiteral, ir.TStruct, ir.TFunc, FunctionKind)
        self._handlers.update(dict.fromkeys(none, lambda typed, kind, depth: Sort.NONE))

    def of_types(self, types: Types) -> Sort:
        """What types say; unknown when any constituent is none of the repo's business."""
        if not types:
            return Sort.UNKNOWN
        if len(types) == 1:
            return self.of_type(types[0])
        sorts = [self.of_type(typed) for typed in types]
        for wanted in (Sort.PROMISE, Sort.ARRAY):
            if wanted in sorts:
                return wanted
        return Sort.UNKNOWN if Sort.UNKNOWN in sorts else Sort.NONE

    def of_type(self, typed: Typed, depth: int = 0) -> Sort:
        """What one constituent says."""
        handler = self._handlers.get(type(typed.kind))
        if handler is None or depth > _DEPTH:
            return Sort.UNKNOWN
        return handler(typed, typed.kind, depth)

    def _named(self, typed: Typed, kind: ir.TName, depth: int) -> Sort:
        if kind.name == "Promise":
            return Sort.PROMISE
        if kind.name in {"Array", "ReadonlyArray"}:
            return self._list(typed, kind, depth)
        return Sort.NONE if kind.name in _PLAIN else Sort.UNKNOWN

    def _union(self, typed: Typed, kind: ir.TUnion, depth: int) -> Sort:
        expand = self._typing.scopes.expand
        parts = [part for m in kind.members for part in expand(Typed(typed.scope, m))]
        sorts = [self.of_type(part, depth + 1) for part in parts]
        return Sort.PROMISE if Sort.PROMISE in sorts else Sort.UNKNOWN

    def _interface(self, typed: Typed, kind: ir.TInterface, depth: int) -> Sort:
        expand = self._typing.scopes.expand
        embeds = [part for e in kind.embeds for part in expand(Typed(typed.scope, e))]
        if any(self.of_type(part, depth + 1) is Sort.PROMISE for part in embeds):
            return Sort.PROMISE
        return Sort.NONE if not kind.embeds else Sort.UNKNOWN

    def _class(self, typed: Typed, kind: ClassKind, depth: int) -> Sort:
        if kind.static:
            return Sort.NONE
        bases = self._typing.bases(kind)
        if any(self.of_type(base, depth + 1) is Sort.PROMISE for base in bases):
            return Sort.PROMISE
        facts = self._facts[kind.path].classes[kind.index]
        return Sort.NONE if facts.extends is None or bases else Sort.UNKNOWN

    def _list(self, typed: Typed, kind: Any, depth: int) -> Sort:
        items = self._typing.elements((typed,))
        sorts = [self.of_type(item, depth + 1) for item in items]
        if Sort.PROMISE in sorts:
            return Sort.ARRAY
        if isinstance(kind, LiteralKind):
            return self._literal(kind)
        return Sort.NONE if isinstance(kind, ir.TSlice | ir.TTuple) else Sort.UNKNOWN

    def _literal(self, kind: LiteralKind) -> Sort:
        """An array literal of promises, or of arrays of them."""
        if not isinstance(kind.node, ir.Array):
            return Sort.NONE
        inner = [i.value if isinstance(i, ir.Spread) else i for i in kind.node.items]
        found = [self._sort(kind.function, item) for item in inner if item is not None]
        return Sort.ARRAY if Sort.PROMISE in found or Sort.ARRAY in found else Sort.NONE
