"""Promises where something else is expected: conditions, spreads, callbacks that nobody awaits."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from archlint.model import ir
from archlint.model.facts import FileFacts
from archlint.model.walk import walk
from archlint.program.ecma.values import ListValue
from archlint.program.ecma_promises.bodies import Body
from archlint.program.ecma_promises.expected import (
    argument_types,
    is_thenable,
    returns_nothing,
    returns_promise,
)
from archlint.program.ecma_promises.heritage import inherited
from archlint.program.ecma_promises.kinds import FunctionId, FunctionKind, Typed
from archlint.program.ecma_promises.misuse_kinds import Misuse
from archlint.program.ecma_promises.promiseness import Promises, Sort

_PREDICATES = frozenset(
    {"every", "filter", "find", "findIndex", "findLast", "findLastIndex", "some"}
)
_LOGICAL = frozenset({"&&", "||", "??"})
_TESTED = frozenset({ir.Name, ir.Member, ir.Call, ir.Cast, ir.Conditional, ir.Template})
_PLAIN = (ir.Literal, ir.Template, ir.Binary, ir.Unary, ir.Await, ir.Spread, ir.Call, ir.Index)


def misuses(promises: Promises, facts: FileFacts, declared: bool = True) -> list[Misuse]:
    """All misuses in a file, in source order; without ``declared`` types are not consulted."""
    found: list[Misuse] = []
    typed = declared and facts.language != "javascript"
    for function in facts.functions:
        ident = (facts.path, function.index)
        checks = _Body(promises, ident, typed)
        found.extend(checks.run(promises.body(ident)))
        defaults = tuple(p.default for p in function.params if p.default is not None)
        if defaults:
            found.extend(checks.run(Body(defaults)))
        if typed and function.results and function.body:
            types = promises.typing.expanded(
                Typed(ident, r.type) for r in function.results if r.type is not None
            )
            found.extend(_Expected(promises, ident).returned(ident, types))
    if typed:
        found.extend(inherited(promises, facts))
    unique = {(item.kind, item.at): item for item in found}
    return sorted(unique.values(), key=lambda item: (item.at, item.kind))


@dataclass
class _Body:
    """Checks the nodes of one function's own body."""

    promises: Promises
    function: FunctionId
    typed: bool

    def run(self, body: Body) -> Iterator[Misuse]:
        """Misuses in the body; without types only what values tell."""
        tested: set[int] = set()
        for test, whole in body.conditions:
            yield from self._condition(test, whole, tested)
        for call in body.calls:
            yield from self._call(call)
        for spread in body.spreads:
            yield from self._spread(spread)
        if self.typed:
            for assign in body.assigns:
                yield from self._assign(assign)
            for element in body.elements:
                yield from self._element(element)

    # ------------------------------------------------------------- conditions

    def _condition(self, node: ir.Expr, test: bool, tested: set[int]) -> Iterator[Misuse]:
        """A promise is always truthy; the right operand only counts inside a test."""
        if id(node) in tested:
            return
        tested.add(id(node))
        if isinstance(node, ir.Binary) and node.op in _LOGICAL:
            if node.op != "??" or test:
                yield from self._condition(node.left, test, tested)
            if test:
                yield from self._condition(node.right, test, tested)
            return
        if self._always(node):
            yield Misuse("conditional", self.function, node)

    def _always(self, node: ir.Expr) -> bool:
        """Whether a value is a promise in every case."""
        if type(node) not in _TESTED or not (self.typed or type(node) is not ir.Member):
            return False
        types = self.promises.typing.of(self.function, node)
        if types:
            return all(is_thenable(self.promises, typed) for typed in types) and self._certain(node)
        if not isinstance(node, ir.Call):
            return False
        reached = self.promises.ecma.resolve_call(self.function, node)
        if reached.externals or not reached.targets:
            kinds = [self.promises.api.kind(name) for name in reached.externals]
            return bool(kinds) and not reached.targets and set(kinds) == {"promise"}
        facts = self.promises.ecma.facts
        return all(facts[p].functions[i].is_async for p, i in reached.targets)

    def _certain(self, node: ir.Expr) -> bool:
        """Variables and fields without annotation may be set later."""
        if isinstance(node, ir.Name):
            binding = self.promises.ecma.binding(self.function, node)
            if binding is None or binding.type is not None:
                return True
            return binding.kind in {"const", "function"} and all(
                source.expr is not None for source in binding.sources
            )
        if isinstance(node, ir.Member) and isinstance(node.object, ir.Name):
            return not node.optional and node.object.id != "this"
        return not (isinstance(node, ir.Call) and node.optional)

    def _spread(self, node: ir.Expr) -> Iterator[Misuse]:
        if self.promises.sort(self.function, node) is Sort.PROMISE:
            yield Misuse("spread", self.function, node)

    # -------------------------------------------------------------- callbacks

    def _call(self, node: ir.Call) -> Iterator[Misuse]:
        callee = node.callee
        if isinstance(callee, ir.Member) and node.args:
            if callee.name in _PREDICATES and self._is_list(callee.object):
                if returns_promise(self.promises, self.function, node.args[0]):
                    yield Misuse("predicate", self.function, node.args[0], callee.name)
                return
            if callee.name == "forEach" and self._is_list(callee.object):
                if returns_promise(self.promises, self.function, node.args[0]):
                    yield Misuse("argument", self.function, node.args[0], "forEach")
                return
            if callee.name == "finally":
                return
        if node.new and isinstance(callee, ir.Name) and callee.id == "Promise" and node.args:
            if self._is_async(node.args[0]):
                yield Misuse("argument", self.function, node.args[0], "Promise")
            return
        if not self.typed or all(isinstance(arg, _PLAIN) for arg in node.args):
            return
        for arg, types in zip(
            node.args, argument_types(self.promises, self.function, node), strict=True
        ):
            if types and not isinstance(arg, ir.Spread):
                expected = _Expected(self.promises, self.function)
                yield from expected.check(arg, types, "argument", _label(callee))

    def _is_async(self, node: ir.Expr) -> bool:
        """Whether an executor is an async function, or one that is declared to give a promise."""
        if isinstance(node, ir.FunctionRef):
            facts = self.promises.ecma.facts[self.function[0]].functions[node.index]
            returned = facts.body[0] if facts.body and len(facts.body) == 1 else None
            if isinstance(returned, ir.Return) and returned.values:
                return returns_promise(self.promises, self.function, node)
            return facts.is_async
        return returns_promise(self.promises, self.function, node)

    def _is_list(self, node: ir.Expr) -> bool:
        if any(
            self.promises.typing.is_list(t) for t in self.promises.typing.of(self.function, node)
        ):
            return True
        values = self.promises.ecma.value_of(self.function, node)
        return any(isinstance(value, ListValue) for value in values)

    # ------------------------------------------------------------ assignments

    def _assign(self, node: ir.Assign) -> Iterator[Misuse]:
        if not node.values:
            return
        value = node.values[0]
        if node.type is not None:
            types = self.promises.typing.expanded((Typed(self.function, node.type),))
        elif node.op == "=":
            types = self._target(node.targets[0])
        else:
            return
        if types:
            expected = _Expected(self.promises, self.function)
            yield from expected.check(value, types, "variable", "")

    def _target(self, target: ir.Expr) -> tuple[Typed, ...]:
        """The declared type of what is assigned to."""
        if isinstance(target, ir.Name):
            binding = self.promises.ecma.binding(self.function, target)
            if binding is None or binding.type is None:
                return ()
        types = self.promises.typing.of(self.function, target)
        return tuple(t for t in types if not isinstance(t.kind, FunctionKind))

    # -------------------------------------------------------------------- JSX

    def _element(self, node: ir.Jsx) -> Iterator[Misuse]:
        if node.name is None:
            return
        props: list[Typed] = []
        for typed in self.promises.typing.of(self.function, node.name):
            kind = typed.kind
            if isinstance(kind, FunctionKind):
                facts = self.promises.ecma.facts[kind.path].functions[kind.index]
                if facts.params and facts.params[0].type is not None:
                    props.append(Typed((kind.path, kind.index), facts.params[0].type))
            elif isinstance(kind, ir.TFunc) and kind.params and kind.params[0].type is not None:
                props.append(Typed(typed.scope, kind.params[0].type))
            elif isinstance(kind, ir.TName) and kind.args:
                props.append(Typed(typed.scope, kind.args[0]))
        types = self.promises.typing.expanded(props)
        for entry in node.attributes if types else ():
            wanted = self.promises.typing.member(types, entry.key or "")
            if (
                wanted
                and returns_nothing(self.promises, wanted)
                and returns_promise(self.promises, self.function, entry.value)
            ):
                yield Misuse("attribute", self.function, entry.value, entry.key or "")


@dataclass
class _Expected:
    """Compares an expression with the type that its place declares."""

    promises: Promises
    function: FunctionId

    def check(
        self, node: ir.Expr, types: tuple[Typed, ...], kind: str, label: str
    ) -> Iterator[Misuse]:
        """Functions that return promises where the type wants none."""
        if isinstance(node, ir.Object):
            for entry in node.entries:
                if entry.key is not None:
                    wanted = self.promises.typing.member(types, entry.key)
                    if wanted:
                        yield from self.check(entry.value, wanted, "property", entry.key)
            return
        if isinstance(node, ir.Array):
            wanted = self.promises.typing.elements(types)
            for item in node.items:
                if item is not None and wanted and isinstance(item, ir.Object):
                    yield from self.check(item, wanted, kind, label)
            return
        if isinstance(node, ir.Cast):
            return
        if returns_nothing(self.promises, types):
            if returns_promise(self.promises, self.function, node):
                yield Misuse(kind, self.function, node, label)
            return
        if isinstance(node, ir.FunctionRef):
            target = (self.function[0], node.index)
            yield from self.returned(target, self.promises.typing.returned(types))

    def returned(self, target: FunctionId, types: tuple[Typed, ...]) -> Iterator[Misuse]:
        """What a function returns, compared with its declared or expected result."""
        facts = self.promises.ecma.facts[target[0]].functions[target[1]]
        if facts.is_async:
            types = self.promises.typing.awaited(types)
        if not types:
            return
        inner = _Expected(self.promises, target)
        for node in walk(facts.body or ()):
            if isinstance(node, ir.Return) and node.values:
                value = node.values[0]
                if node.at == value.at and not isinstance(value, ir.Object | ir.FunctionRef):
                    continue
                if node.at == value.at and isinstance(value, ir.FunctionRef):
                    continue
                yield from inner.check(value, types, "return", facts.name)


def _label(callee: ir.Expr) -> str:
    if isinstance(callee, ir.Member):
        return callee.name
    return callee.id if isinstance(callee, ir.Name) else ""
