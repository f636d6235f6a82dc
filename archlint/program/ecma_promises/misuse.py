"""Promises where something else is expected: conditions, spreads, callbacks that nobody awaits."""

from __future__ import annotations

from collections.abc import Iterator

from archlint.model import ir
from archlint.model.facts import FunctionFacts
from archlint.program.ecma.index import FileIndex
from archlint.program.ecma.values import ListValue
from archlint.program.ecma_promises.declared import Declared
from archlint.program.ecma_promises.expected import argument_types, returns_promise
from archlint.program.ecma_promises.heritage import inherited
from archlint.program.ecma_promises.kinds import FunctionId, Typed
from archlint.program.ecma_promises.misuse_kinds import Misuse
from archlint.program.ecma_promises.promiseness import Promises, Sort
from archlint.program.ecma_promises.tested import Tests

_VISITORS = {"forEach": "argument"} | dict.fromkeys(
    ("every", "filter", "find", "findIndex", "findLast", "findLastIndex", "some"), "predicate"
)
"""Methods of lists whose callback must not give promises, and what it is when it does."""
_PLAIN = frozenset(
    {ir.Literal, ir.Template, ir.Binary, ir.Unary, ir.Await, ir.Spread, ir.Call, ir.Index}
)


def misuses(promises: Promises, file: FileIndex, declared: bool = True) -> list[Misuse]:
    """All misuses in a file, in source order; without ``declared`` types are not consulted."""
    typed = declared and file.facts.language != "javascript"
    found = list(Tests(promises, file, typed).misuses())
    for index, spread in file.noted.spreads:
        if promises.sort((file.path, index), spread) is Sort.PROMISE:
            found.append(Misuse("spread", (file.path, index), spread))
    callbacks = _Callbacks(promises, typed)
    for fn in file.functions:
        for call in fn.calls:
            if call.args:
                found.extend(callbacks.of((file.path, fn.index), call))
    if typed:
        found.extend(_typed(promises, file))
    unique = {(item.kind, item.at): item for item in found}
    return sorted(unique.values(), key=lambda item: (item.at, item.kind))


def _typed(promises: Promises, file: FileIndex) -> Iterator[Misuse]:
    """What declared types of variables, results, properties and bases say."""
    path = file.path
    for index, assign in file.noted.assigns:
        yield from Declared(promises, (path, index)).assigned(assign)
    for index, element in file.noted.elements:
        yield from Declared(promises, (path, index)).attributes(element)
    for function in file.facts.functions:
        if function.results and function.body:
            yield from _results(promises, (path, function.index), function)
    yield from inherited(promises, file.facts)


def _results(promises: Promises, ident: FunctionId, facts: FunctionFacts) -> Iterator[Misuse]:
    types = promises.typing.expanded(
        Typed(ident, result.type) for result in facts.results if result.type is not None
    )
    yield from Declared(promises, ident).returned(types)


class _Callbacks:
    """Async functions as arguments of calls that do not await them."""

    def __init__(self, promises: Promises, typed: bool) -> None:
        self._promises = promises
        self._typed = typed

    def of(self, function: FunctionId, call: ir.Call) -> Iterator[Misuse]:
        """The misuses among the arguments of a call that has some."""
        callee = call.callee
        if type(callee) is ir.Member:
            kind = _VISITORS.get(callee.name)
            if kind is not None and self._is_list(function, callee.object):
                if returns_promise(self._promises, function, call.args[0]):
                    yield Misuse(kind, function, call.args[0], callee.name)
                return
            if callee.name == "finally":
                return
        elif call.new and isinstance(callee, ir.Name) and callee.id == "Promise":
            if self._is_async(function, call.args[0]):
                yield Misuse("argument", function, call.args[0], "Promise")
            return
        if self._typed and any(type(arg) not in _PLAIN for arg in call.args):
            yield from self._arguments(function, call)

    def _arguments(self, function: FunctionId, call: ir.Call) -> Iterator[Misuse]:
        """Arguments compared with what the callee declares."""
        wanted = argument_types(self._promises, function, call)
        for arg, types in zip(call.args, wanted, strict=True):
            if types and not isinstance(arg, ir.Spread):
                expected = Declared(self._promises, function)
                yield from expected.check(arg, types, "argument", _label(call.callee))

    def _is_async(self, function: FunctionId, node: ir.Expr) -> bool:
        """Whether an executor is an async function, or one that is declared to give a promise."""
        if isinstance(node, ir.FunctionRef):
            facts = self._promises.ecma.facts[function[0]].functions[node.index]
            returned = facts.body[0] if facts.body and len(facts.body) == 1 else None
            if isinstance(returned, ir.Return) and returned.values:
                return returns_promise(self._promises, function, node)
            return facts.is_async
        return returns_promise(self._promises, function, node)

    def _is_list(self, function: FunctionId, node: ir.Expr) -> bool:
        typing = self._promises.typing
        if any(typing.is_list(typed) for typed in typing.of(function, node)):
            return True
        values = self._promises.ecma.value_of(function, node)
        return any(isinstance(value, ListValue) for value in values)


def _label(callee: ir.Expr) -> str:
    if isinstance(callee, ir.Member):
        return callee.name
    return callee.id if isinstance(callee, ir.Name) else ""
