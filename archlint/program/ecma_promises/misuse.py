"""Promises where something else is expected: conditions, spreads, callbacks that nobody awaits."""

from __future__ import annotations

from collections.abc import Iterator

from archlint.model import ir
from archlint.program.ecma.index import FileIndex
from archlint.program.ecma.values import ListValue
from archlint.program.ecma_promises.declared import Declared
from archlint.program.ecma_promises.expected import Expected
from archlint.program.ecma_promises.heritage import Heritage
from archlint.program.ecma_promises.kinds import FunctionId
from archlint.program.ecma_promises.misuse_kinds import Misuse
from archlint.program.ecma_promises.promiseness import Promises
from archlint.program.ecma_promises.sorts import Sort
from archlint.program.ecma_promises.tested import Tests

_VISITORS = {"forEach": "argument"} | dict.fromkeys(
    ("every", "filter", "find", "findIndex", "findLast", "findLastIndex", "some"), "predicate"
)
"""Methods of lists whose callback must not give promises, and what it is when it does."""
_PLAIN = frozenset(
    {ir.Literal, ir.Template, ir.Binary, ir.Unary, ir.Await, ir.Spread, ir.Call, ir.Index}
)


class Misuses:
    """The misuses of a program's files; what is known of types is shared."""

    def __init__(self, promises: Promises) -> None:
        self._promises = promises
        self._expected = Expected(promises)
        self._declared = Declared(promises, self._expected)

    def of(self, file: FileIndex, *, declared: bool = True) -> list[Misuse]:
        """All misuses in a file, in source order; without ``declared`` types are not consulted.

        Those of kind ``inherited`` are asked for apart.
        """
        typed = declared and file.facts.language != "javascript"
        found = list(Tests(self._promises, self._expected, file, typed).misuses())
        for index, spread in file.noted.spreads:
            if self._promises.sort((file.path, index), spread) is Sort.PROMISE:
                found.append(Misuse("spread", (file.path, index), spread))
        found.extend(self._calls(file, typed))
        if typed:
            found.extend(self._typed(file))
        unique = {(item.kind, item.at): item for item in found}
        return sorted(unique.values(), key=lambda item: (item.at, item.kind))

    def inherited(self, file: FileIndex) -> Iterator[Misuse]:
        """Misuses of kind ``inherited`` in a file."""
        return Heritage(self._promises, self._expected).misuses(file.facts)

    def _typed(self, file: FileIndex) -> Iterator[Misuse]:
        """What declared types of variables, results and properties say."""
        path, declared = file.path, self._declared
        for index, assign in file.noted.assigns:
            if assign.values:
                yield from declared.assigned((path, index), assign)
        for index, element in file.noted.elements:
            if element.attributes:
                yield from declared.attributes((path, index), element)
        for function in file.facts.functions:
            if function.results and function.body:
                yield from declared.results((path, function.index))

    # -------------------------------------------------------------- callbacks

    def _calls(self, file: FileIndex, typed: bool) -> Iterator[Misuse]:
        """Async functions as arguments of calls that do not await them."""
        for fn in file.functions:
            ident = (file.path, fn.index)
            for call in fn.calls:
                if not call.args:
                    continue
                callee = call.callee
                if isinstance(callee, ir.Member):
                    kind = _VISITORS.get(callee.name)
                    if kind is not None:
                        yield from self._visited(ident, call, kind, typed)
                        continue
                    if callee.name == "finally":
                        continue
                elif call.new and isinstance(callee, ir.Name) and callee.id == "Promise":
                    if self._is_async(ident, call.args[0]):
                        yield Misuse("argument", ident, call.args[0], "Promise")
                    continue
                if typed:
                    yield from self._arguments(ident, call)

    def _visited(
        self, function: FunctionId, call: ir.Call, kind: str, typed: bool
    ) -> Iterator[Misuse]:
        """The callback of a list's method, if a list it is."""
        callee, visitor = call.callee, call.args[0]
        assert isinstance(callee, ir.Member)
        wrong = self._expected.returns_promise(function, visitor)
        if wrong or (typed and not isinstance(visitor, ir.FunctionRef)):
            if not self._is_list(function, callee.object):
                if typed:
                    yield from self._arguments(function, call)
                if kind == "argument" and wrong and self._may_be_list(function, call):
                    yield Misuse(kind, function, visitor, callee.name, guessed=True)
            elif wrong:
                yield Misuse(kind, function, visitor, callee.name)

    def _may_be_list(self, function: FunctionId, call: ir.Call) -> bool:
        """``x.forEach(async ...)`` of something unknown, whose result nobody takes."""
        callee = call.callee
        if not isinstance(callee, ir.Member) or not isinstance(call.args[0], ir.FunctionRef):
            return False
        if self._promises.typing.of(function, callee.object):
            return False
        fn = self._promises.ecma.evaluator.function(function)
        if fn is None or self._promises.ecma.resolve_call(function, call).targets:
            return False
        return any(i == function[1] and s.value is call for i, s in fn.file.noted.statements)

    def _arguments(self, function: FunctionId, call: ir.Call) -> Iterator[Misuse]:
        """Arguments compared with what the callee declares."""
        given = [arg for arg in call.args if type(arg) not in _PLAIN]
        if not given or not self._may_want(function, call):
            return
        declared = self._declared
        if not any(declared.may_be_wrong(function, arg) for arg in given):
            return
        for arg, types in self._expected.arguments(function, call):
            if not isinstance(arg, ir.Spread):
                place = ("argument", _label(call.callee))
                yield from declared.check(function, arg, types, place)

    def _may_want(self, function: FunctionId, call: ir.Call) -> bool:
        """Whether what a call reaches may declare its parameters' functions."""
        fn = self._promises.typing.function(function)
        if fn is None:
            return True
        reached = self._promises.ecma.evaluator.calls.reached(fn, call)
        if not reached.functions:
            return not reached.externals
        return any(map(self._expected.wants, reached.functions))

    def _is_async(self, function: FunctionId, node: ir.Expr) -> bool:
        """Whether an executor is an async function, or one that is declared to give a promise."""
        if isinstance(node, ir.FunctionRef):
            facts = self._promises.ecma.facts[function[0]].functions[node.index]
            returned = facts.body[0] if facts.body and len(facts.body) == 1 else None
            if isinstance(returned, ir.Return) and returned.values:
                return self._expected.returns_promise(function, node)
            return facts.is_async
        return self._expected.returns_promise(function, node)

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
