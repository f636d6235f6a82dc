"""Dependency injection by token: providers, bindings of containers, awilix's cradle."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archlint.model import ir
from archlint.model.facts import Param
from archlint.program.ecma.index import FileIndex, FunctionIndex
from archlint.program.ecma.records import Bound
from archlint.program.ecma.values import (
    ClassValue,
    ExternalValue,
    LiteralValue,
    Values,
    union,
)

if TYPE_CHECKING:
    from archlint.program.ecma.evaluate import Evaluator

_INJECT = frozenset({"Inject", "inject", "InjectDependency"})
CRADLE = "npm:awilix.cradle"
_MEANS = {"to": "useClass", "registerSingleton": "useClass", "toDynamicValue": "useFactory"}
"""What the methods that bind a token do with their argument."""
Provided = dict[str, list[tuple[FunctionIndex, ir.Object | Bound]]]


class Injection:
    """Object literals ``{provide: TOKEN, useClass: X}`` and ``{name: asClass(X)}``."""

    def __init__(self, evaluator: Evaluator) -> None:
        self._ev = evaluator
        self._providers: list[tuple[FileIndex, int, ir.Object]] = []
        self._registered: dict[str, list[tuple[FileIndex, int, ir.Call]]] = {}
        self._bound: list[tuple[FileIndex, int, Bound]] = []

    def add(self, file: FileIndex) -> None:
        """Count a file's providers in; before the first question."""
        self._providers.extend((file, index, node) for index, node in file.providers)
        self._bound.extend((file, index, bound) for index, bound in file.bound)
        for index, name, call in file.registered:
            self._registered.setdefault(name, []).append((file, index, call))

    def injected(self, fn: FunctionIndex, param: Param) -> Values:
        """What ``@Inject(TOKEN)`` on a parameter gives."""
        for decorator in param.decorators:
            call = decorator.value
            if isinstance(call, ir.Call) and call.args and _name(call.callee) in _INJECT:
                return self.by_token(fn, call.args[0])
        return ()

    def by_token(self, fn: FunctionIndex, token: ir.Expr) -> Values:
        """What the repo provides or binds under a token."""
        keys = frozenset(self._keys(fn, token))
        return union(*(self._provided(key) for key in sorted(keys)))

    def _keys(self, fn: FunctionIndex, expr: ir.Expr) -> list[str]:
        """A token's comparable forms: its string, its class, or its own name."""
        found = []
        for value in self._ev.values(fn, expr):
            if isinstance(value, LiteralValue):
                found.append(f"text {value.text}")
            elif isinstance(value, ClassValue):
                found.append(f"class {value.path} {value.index}")
        if not found and _name(expr):
            found.append(f"name {_name(expr)}")
        return found

    def _provided(self, key: str) -> Values:
        table: Provided = self._ev.memo(("di",), self._collect) or {}
        return union(*(self._use(fn, what) for fn, what in table.get(key, ())))

    def _collect(self) -> Provided:
        table: Provided = {}
        for file, index, bound in self._bound:
            fn = file.functions[index]
            for key in self._keys(fn, bound.token):
                table.setdefault(key, []).append((fn, bound))
        for file, index, node in self._providers:
            fn = file.functions[index]
            for entry in node.entries:
                if entry.key == "provide":
                    for key in self._keys(fn, entry.value):
                        table.setdefault(key, []).append((fn, node))
        return table

    def _use(self, fn: FunctionIndex, what: ir.Object | Bound) -> Values:
        if isinstance(what, ir.Object):
            entries = [(e.key or "", e.value) for e in what.entries if e.key != "provide"]
        elif isinstance(what.value, ir.Object) and what.how == "register":
            entries = [(e.key or "", e.value) for e in what.value.entries]
        else:
            entries = [(_MEANS.get(what.how, "useValue"), what.value)]
        return union(*(self._made(fn, key, value) for key, value in entries))

    def _made(self, fn: FunctionIndex, key: str, value: ir.Expr) -> Values:
        found = self._ev.values(fn, value)
        if key in {"useClass", "useExisting", "useToken"}:
            return self._ev.members.instances(found, exact=True)
        if key == "useFactory":
            return self._ev.awaited(self._ev.results.returned_by(found))
        return found if key == "useValue" else ()

    def cradle(self) -> Values:
        """The object that awilix hands to constructors, when the repo registers anything."""
        return (ExternalValue(CRADLE),) if self._registered else ()

    def resolved(self, name: str) -> Values:
        """What awilix registered under a name."""
        parts: list[Values] = []
        for file, index, call in self._registered.get(name, ()):
            found = self._ev.values(file.functions[index], call.args[0])
            kind = _name(call.callee)
            if kind == "asClass":
                parts.append(self._ev.members.instances(found, exact=True))
            elif kind == "asFunction":
                parts.append(self._ev.results.returned_by(found))
            else:
                parts.append(found)
        return union(*parts)


def _name(node: ir.Expr) -> str:
    if isinstance(node, ir.Member):
        return node.name
    return node.id if isinstance(node, ir.Name) else ""
