"""Functions that give promises where a declared type wants none: assignments, results, JSX."""

from __future__ import annotations

from collections.abc import Iterator

from archlint.model import ir
from archlint.model.walk import nodes_of
from archlint.program.ecma_promises.expected import Expected, tells
from archlint.program.ecma_promises.kinds import FunctionId, FunctionKind, Typed
from archlint.program.ecma_promises.misuse_kinds import Misuse
from archlint.program.ecma_promises.promiseness import Promises
from archlint.program.ecma_promises.sorts import Sort
from archlint.program.ecma_promises.type_members import Types

_NEVER = frozenset({ir.Literal, ir.Template, ir.Unary, ir.Cast, ir.Spread})
"""Expressions that are no function, or of which nothing is expected."""


class Declared:
    """Compares expressions with the types that their places declare."""

    def __init__(self, promises: Promises, expected: Expected) -> None:
        self._promises = promises
        self._typing = promises.typing
        self._expected = expected

    def check(
        self, function: FunctionId, node: ir.Expr, types: Types, place: tuple[str, str]
    ) -> Iterator[Misuse]:
        """Functions that give promises where the type wants none; ``place``: kind and label."""
        if isinstance(node, ir.Object):
            for entry in node.entries:
                if entry.key is not None:
                    wanted = self._typing.member(types, entry.key)
                    if wanted:
                        inner = ("property", entry.key)
                        yield from self.check(function, entry.value, wanted, inner)
        elif isinstance(node, ir.Array):
            wanted = self._typing.elements(types)
            for item in node.items:
                if item is not None and wanted and isinstance(item, ir.Object):
                    yield from self.check(function, item, wanted, place)
        elif isinstance(node, ir.Cast):
            return
        elif self._expected.returns_nothing(types):
            if self._expected.returns_promise(function, node):
                yield Misuse(place[0], function, node, place[1])
        elif isinstance(node, ir.FunctionRef):
            yield from self.returned((function[0], node.index), self._typing.returned(types))

    def may_be_wrong(self, function: FunctionId, node: ir.Expr) -> bool:
        """Whether a function that gives promises may be part of an expression's value."""
        kind = type(node)
        if kind in _NEVER:
            return False
        if isinstance(node, ir.FunctionRef):
            inner = (function[0], node.index)
            return self._promises.returns(inner) is Sort.PROMISE or self._returns_any(inner)
        if isinstance(node, ir.Object):
            return any(e.key and self.may_be_wrong(function, e.value) for e in node.entries)
        if isinstance(node, ir.Array):
            return any(i is not None and self.may_be_wrong(function, i) for i in node.items)
        return True

    def _returns_any(self, function: FunctionId) -> bool:
        index = self._promises.ecma.evaluator.function(function)
        returns = index.returns if index is not None else ()
        return any(self.may_be_wrong(function, value) for value in returns)

    def results(self, function: FunctionId) -> Iterator[Misuse]:
        """What a function returns, compared with its declared result."""
        facts = self._promises.ecma.facts[function[0]].functions[function[1]]
        if self._returns_any(function):
            declared = [Typed(function, r.type) for r in facts.results if r.type is not None]
            yield from self.returned(function, self._typing.expanded(declared))

    def returned(self, function: FunctionId, types: Types) -> Iterator[Misuse]:
        """What a function returns, compared with its declared or expected result."""
        facts = self._promises.ecma.facts[function[0]].functions[function[1]]
        if facts.is_async:
            types = self._typing.awaited(types)
        if not tells(types):
            return
        for node in nodes_of(ir.Return, facts.body or ()):
            value = node.values[0] if node.values else None
            if value is not None and (node.at != value.at or isinstance(value, ir.Object)):
                yield from self.check(function, value, types, ("return", facts.name))

    # ------------------------------------------------------------ assignments

    def assigned(self, function: FunctionId, node: ir.Assign) -> Iterator[Misuse]:
        """What is assigned to something of a declared type."""
        if not node.values or not self.may_be_wrong(function, node.values[0]):
            return
        if node.type is not None:
            types = self._typing.expanded((Typed(function, node.type),))
        elif node.op == "=":
            types = self._target(function, node.targets[0])
        else:
            return
        if tells(types):
            yield from self.check(function, node.values[0], types, ("variable", ""))

    def _target(self, function: FunctionId, target: ir.Expr) -> Types:
        """The declared type of what is assigned to."""
        if isinstance(target, ir.Name):
            binding = self._promises.ecma.binding(function, target)
            if binding is None or binding.type is None:
                return ()
        types = self._typing.of(function, target)
        return tuple(t for t in types if not isinstance(t.kind, FunctionKind))

    # -------------------------------------------------------------------- JSX

    def attributes(self, function: FunctionId, node: ir.Jsx) -> Iterator[Misuse]:
        """The attributes of an element whose component declares its properties."""
        given = [e for e in node.attributes if self.may_be_wrong(function, e.value)]
        if node.name is None or not given:
            return
        types = self._typing.expanded(self._properties(function, node.name))
        for entry in given if tells(types) else ():
            wanted = self._typing.member(types, entry.key or "")
            if (
                wanted
                and self._expected.returns_nothing(wanted)
                and self._expected.returns_promise(function, entry.value)
            ):
                yield Misuse("attribute", function, entry.value, entry.key or "")

    def _properties(self, function: FunctionId, component: ir.Expr) -> Iterator[Typed]:
        for typed in self._typing.of(function, component):
            kind = typed.kind
            if isinstance(kind, FunctionKind):
                facts = self._promises.ecma.facts[kind.path].functions[kind.index]
                if facts.params and facts.params[0].type is not None:
                    yield Typed((kind.path, kind.index), facts.params[0].type)
            elif isinstance(kind, ir.TFunc) and kind.params and kind.params[0].type is not None:
                yield Typed(typed.scope, kind.params[0].type)
            elif isinstance(kind, ir.TName) and kind.args:
                yield Typed(typed.scope, kind.args[0])
