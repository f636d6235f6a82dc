"""Functions that give promises where a declared type wants none: assignments, results, JSX."""

from __future__ import annotations

from collections.abc import Iterator

from archlint.model import ir
from archlint.model.walk import walk
from archlint.program.ecma_promises.expected import returns_nothing, returns_promise
from archlint.program.ecma_promises.kinds import FunctionId, FunctionKind, Typed
from archlint.program.ecma_promises.misuse_kinds import Misuse
from archlint.program.ecma_promises.promiseness import Promises

Types = tuple[Typed, ...]


class Declared:
    """Compares the expressions of one function with the types that their places declare."""

    def __init__(self, promises: Promises, function: FunctionId) -> None:
        self._promises = promises
        self._typing = promises.typing
        self._function = function

    def check(self, node: ir.Expr, types: Types, kind: str, label: str) -> Iterator[Misuse]:
        """Functions that return promises where the type wants none."""
        if isinstance(node, ir.Object):
            for entry in node.entries:
                if entry.key is not None:
                    wanted = self._typing.member(types, entry.key)
                    if wanted:
                        yield from self.check(entry.value, wanted, "property", entry.key)
            return
        if isinstance(node, ir.Array):
            wanted = self._typing.elements(types)
            for item in node.items:
                if item is not None and wanted and isinstance(item, ir.Object):
                    yield from self.check(item, wanted, kind, label)
            return
        if isinstance(node, ir.Cast):
            return
        if returns_nothing(self._promises, types):
            if returns_promise(self._promises, self._function, node):
                yield Misuse(kind, self._function, node, label)
            return
        if isinstance(node, ir.FunctionRef):
            target = (self._function[0], node.index)
            yield from Declared(self._promises, target).returned(self._typing.returned(types))

    def returned(self, types: Types) -> Iterator[Misuse]:
        """What the function returns, compared with its declared or expected result."""
        path, index = self._function
        facts = self._promises.ecma.facts[path].functions[index]
        if facts.is_async:
            types = self._typing.awaited(types)
        if not types:
            return
        for node in walk(facts.body or ()):
            if isinstance(node, ir.Return) and node.values:
                value = node.values[0]
                if node.at != value.at or isinstance(value, ir.Object):
                    yield from self.check(value, types, "return", facts.name)

    # ------------------------------------------------------------ assignments

    def assigned(self, node: ir.Assign) -> Iterator[Misuse]:
        """What is assigned to something of a declared type."""
        if not node.values:
            return
        if node.type is not None:
            types = self._typing.expanded((Typed(self._function, node.type),))
        elif node.op == "=":
            types = self._target(node.targets[0])
        else:
            return
        if types:
            yield from self.check(node.values[0], types, "variable", "")

    def _target(self, target: ir.Expr) -> Types:
        """The declared type of what is assigned to."""
        if isinstance(target, ir.Name):
            binding = self._promises.ecma.binding(self._function, target)
            if binding is None or binding.type is None:
                return ()
        types = self._typing.of(self._function, target)
        return tuple(t for t in types if not isinstance(t.kind, FunctionKind))

    # -------------------------------------------------------------------- JSX

    def attributes(self, node: ir.Jsx) -> Iterator[Misuse]:
        """The attributes of an element whose component declares its properties."""
        if node.name is None or not node.attributes:
            return
        types = self._typing.expanded(self._properties(node.name))
        for entry in node.attributes if types else ():
            wanted = self._typing.member(types, entry.key or "")
            if (
                wanted
                and returns_nothing(self._promises, wanted)
                and returns_promise(self._promises, self._function, entry.value)
            ):
                yield Misuse("attribute", self._function, entry.value, entry.key or "")

    def _properties(self, component: ir.Expr) -> Iterator[Typed]:
        for typed in self._typing.of(self._function, component):
            kind = typed.kind
            if isinstance(kind, FunctionKind):
                facts = self._promises.ecma.facts[kind.path].functions[kind.index]
                if facts.params and facts.params[0].type is not None:
                    yield Typed((kind.path, kind.index), facts.params[0].type)
            elif isinstance(kind, ir.TFunc) and kind.params and kind.params[0].type is not None:
                yield Typed(typed.scope, kind.params[0].type)
            elif isinstance(kind, ir.TName) and kind.args:
                yield Typed(typed.scope, kind.args[0])
