"""Dependency injection by token: providers of NestJS and kin, awilix's cradle."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archlint.model import ir
from archlint.model.facts import Param
from archlint.program.ecma.index import FileIndex, FunctionIndex
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


class Injection:
    """Object literals ``{provide: TOKEN, useClass: X}`` and ``{name: asClass(X)}``."""

    def __init__(self, evaluator: Evaluator) -> None:
        self._ev = evaluator
        self._providers: list[tuple[FileIndex, int, ir.Object]] = []
        self._registered: dict[str, list[tuple[FileIndex, int, ir.Call]]] = {}

    def add(self, file: FileIndex) -> None:
        """Count a file's providers in; before the first question."""
        self._providers.extend((file, index, node) for index, node in file.providers)
        for index, name, call in file.registered:
            self._registered.setdefault(name, []).append((file, index, call))

    def injected(self, fn: FunctionIndex, param: Param) -> Values:
        """What ``@Inject(TOKEN)`` on a parameter gives."""
        for decorator in param.decorators:
            call = decorator.value
            if isinstance(call, ir.Call) and call.args and _name(call.callee) in _INJECT:
                keys = frozenset(self._keys(fn, call.args[0]))
                return union(*(self._provided(key) for key in sorted(keys)))
        return ()

    def _keys(self, fn: FunctionIndex, expr: ir.Expr) -> list[str]:
        """A token's comparable forms: its string, its class, or its own name."""
        found = []
        for value in self._ev.values(fn, expr):
            if isinstance(value, LiteralValue):
                found.append(f"text {value.text}")
            elif isinstance(value, ClassValue):
                found.append(f"class {value.path} {value.index}")
        if not found and isinstance(expr, ir.Name):
            found.append(f"name {expr.id}")
        return found

    def _provided(self, key: str) -> Values:
        table: dict[str, list[tuple[FunctionIndex, ir.Object]]] = self._ev.memo(
            ("di",), self._collect
        )
        return union(*(self._use(fn, node) for fn, node in (table or {}).get(key, ())))

    def _collect(self) -> dict[str, list[tuple[FunctionIndex, ir.Object]]]:
        table: dict[str, list[tuple[FunctionIndex, ir.Object]]] = {}
        for file, index, node in self._providers:
            fn = file.functions[index]
            for entry in node.entries:
                if entry.key == "provide":
                    for key in self._keys(fn, entry.value):
                        table.setdefault(key, []).append((fn, node))
        return table

    def _use(self, fn: FunctionIndex, node: ir.Object) -> Values:
        parts: list[Values] = []
        for entry in node.entries:
            found = self._ev.values(fn, entry.value) if entry.key != "provide" else ()
            if entry.key in {"useClass", "useExisting"}:
                parts.append(self._ev.members.instances(found, exact=True))
            elif entry.key == "useFactory":
                parts.append(self._ev.awaited(self._ev.results.returned_by(found)))
            elif entry.key == "useValue":
                parts.append(found)
        return union(*parts)

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
