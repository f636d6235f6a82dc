"""What a canonical name denotes by declaration files, and whether calling it gives a promise."""

from __future__ import annotations

from collections.abc import Iterator

from archlint.extract.declared import Scope
from archlint.model import ir
from archlint.model.pattern import lazy_regex
from archlint.program.ecma_declared.names import Names, Symbol
from archlint.program.ecma_declared.packages import Installed
from archlint.program.ecma_declared.types import Shapes, Typed, Types

_STEP = lazy_regex(r"\(\)|~|\.[^.()~]+")
_MODULE = lazy_regex(r"npm:([^()~]+)")
_NOTHING = frozenset({"void", "undefined", "null", "string", "number", "boolean", "bigint",
    "symbol", "never", "Array", "ReadonlyArray", "Map", "Set", "Date", "Buffer", "RegExp",
    "Record", "Error", "Uint8Array", "Iterable", "Iterator", "AsyncIterable", "URL", "Function",
    "Generator", "AsyncGenerator", "AsyncIterableIterator", "ArrayBuffer", "object"})  # fmt: skip
LONGEST = 24
"""Steps of a canonical name that are followed."""


class Judge:
    """Follows canonical names through declaration files, which are read as they are needed."""

    def __init__(self, root: str) -> None:
        self._installed = Installed(root)
        self._names = Names(self._installed)
        self._shapes = Shapes(self._names)
        self._values: dict[tuple[str, str], Types] = {}

    def kind(self, name: str, folder: str, count: int | None) -> str:
        """What calling ``name`` gives as seen from a folder; see ``Declarations.kind``."""
        self._shapes.refuel()
        try:
            types = self._value(name, self._installed.at(folder))
            sorts = [self._sort(types) for types in self._shapes.overloads(types, count)]
        except RecursionError:
            return ""
        if not sorts or len(set(sorts)) == 1:
            return sorts[0] if sorts else ""
        if "promise" in sorts:
            return "hybrid" if set(sorts) <= {"promise", "none"} else ""
        return ""

    # ----------------------------------------------------------------- values

    def _value(self, name: str, folder: str) -> Types:
        """What a canonical name denotes, seen from a folder."""
        key = (name, folder)
        found = self._values.get(key)
        if found is None:
            found = self._values[key] = self._walk(name, folder)
        return found

    def _walk(self, name: str, folder: str) -> Types:
        for module in _modules(name):
            steps = _STEP.findall(name[len(module) + 4 :])
            scope = self._names.module(folder, module) if len(steps) <= LONGEST else None
            if scope is None:
                continue
            types: Types = (Typed(self._names.whole(scope), scope, {}, None, True),)
            for step in steps:
                types = self._step(types, step)
            return types
        return ()

    def _step(self, types: Types, step: str) -> Types:
        if step == "()":
            return self._shapes.called(types)
        if step == "~":
            return self._shapes.awaited(types)
        return self._shapes.member(types, step[1:])

    # -------------------------------------------------------------- judgement

    def _sort(self, types: Types) -> str:
        """promise, lazy, none or "" for what one overload gives."""
        parts = self._shapes.expand(types)
        sorts = {self._one(part) for part in parts}
        if "promise" in sorts:
            return "promise"
        if not parts or "" in sorts:
            return ""
        return "lazy" if "lazy" in sorts else "none"

    def _one(self, typed: Typed) -> str:
        kind = typed.kind
        promise = self._shapes.promise(typed)
        if promise is not None and isinstance(promise.kind, ir.TName):
            return "promise" if promise.kind.name == "Promise" else "lazy"
        if isinstance(kind, Symbol):
            return "none" if typed.value else self._instance(typed, kind)
        if isinstance(kind, ir.TName):
            return "none" if kind.name in _NOTHING else ""
        if isinstance(kind, ir.TStruct | ir.TInterface):
            return "lazy" if self._shapes.member((typed,), "then") else "none"
        return "" if isinstance(kind, ir.TQuery) else "none"

    def _instance(self, typed: Typed, symbol: Symbol) -> str:
        """An instance whose every base is known is no promise; with ``then`` it is a thenable."""
        if self._shapes.member((typed,), "then"):
            return "lazy"
        for base in self._lineage(typed):
            assert isinstance(base.kind, Symbol)
            for decl in base.kind.of("class", "interface"):
                if decl.open_base or not all(self._told(decl.scope, b) for b in decl.bases):
                    return ""
        return "none"

    def _lineage(self, typed: Typed) -> Iterator[Typed]:
        """An instance and what it inherits from."""
        todo = [typed]
        seen: set[int] = set()
        while todo and len(seen) < LONGEST:
            here = todo.pop()
            if isinstance(here.kind, Symbol) and id(here.kind.decls[0]) not in seen:
                seen.add(id(here.kind.decls[0]))
                yield here
                todo.extend(self._shapes.bases(here))

    def _told(self, scope: Scope, base: ir.Type) -> bool:
        """Whether a base is declared somewhere, or is one of the platform's own classes."""
        if not isinstance(base, ir.TName) or base.name in _NOTHING:
            return isinstance(base, ir.TName)
        return self._names.named(scope, base.name) is not None or self._names.foreign(
            scope, base.name
        )


def _modules(name: str) -> Iterator[str]:
    """The modules that a canonical name may start with, the longest first.

    A dot may belong to the module (``socket.io``) or begin a member.
    """
    match = _MODULE.match(name)
    text = match.group(1) if match else ""
    while text:
        yield text
        text, dot, _ = text.rpartition(".")
        if not dot:
            return
