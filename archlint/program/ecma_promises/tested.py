"""Promises in conditions: always true, so that the test tests nothing."""

from __future__ import annotations

from collections.abc import Iterator

from archlint.model import ir
from archlint.model.facts import FunctionFacts
from archlint.model.walk import nodes_of
from archlint.program.ecma.index import FileIndex
from archlint.program.ecma_promises.expected import Expected
from archlint.program.ecma_promises.kinds import FunctionId
from archlint.program.ecma_promises.misuse_kinds import Misuse
from archlint.program.ecma_promises.promiseness import Promises

_LOGICAL = frozenset({"&&", "||", "??"})
_TESTED = frozenset({ir.Name, ir.Member, ir.Call, ir.Cast, ir.Conditional, ir.Template})
_PLAIN = frozenset({ir.Literal, ir.Unary, ir.FunctionRef, ir.Object, ir.Array})
"""Initial values that are no promises."""


class Tests:
    """The conditions of one file; without ``typed`` only what values tell counts."""

    def __init__(
        self, promises: Promises, expected: Expected, file: FileIndex, typed: bool
    ) -> None:
        self._promises = promises
        self._expected = expected
        self._file = file
        self._declares = file.facts.language != "javascript"
        self._kinds = _TESTED if typed else _TESTED - {ir.Member}
        self._seen: set[int] = set()

    def misuses(self) -> Iterator[Misuse]:
        """The promises that are tested."""
        path, kinds = self._file.path, self._kinds
        for index, test, whole in self._file.noted.tests:
            kind = type(test)
            if kind is ir.Binary:
                nodes = [node for node in self._parts(test, whole) if type(node) in kinds]
            elif kind in kinds:
                nodes = [test]
            else:
                continue
            for node in nodes:
                if self._always((path, index), node):
                    yield Misuse("conditional", (path, index), node)

    def _parts(self, node: ir.Expr, whole: bool) -> Iterator[ir.Expr]:
        """The operands that a test looks at: the right one only counts inside a whole test.

        What an operator around it has looked at is left out.
        """
        stack = [(node, whole)]
        while stack:
            node, whole = stack.pop()
            if id(node) in self._seen:
                continue
            self._seen.add(id(node))
            if type(node) is not ir.Binary or node.op not in _LOGICAL:
                yield node
                continue
            if whole:
                stack.append((node.right, whole))
            if whole or node.op != "??":
                stack.append((node.left, whole))

    def _always(self, function: FunctionId, node: ir.Expr) -> bool:
        """Whether a value is a promise in every case."""
        kind = type(node)
        if self._is_quiet(function, node) or _may_stop(node):
            return False
        if kind is not ir.Call and not self._certain(function, node):
            return False
        if self._declares and self._may_give_nothing(function, node):
            return False
        types = self._promises.typing.of(function, node)
        if types:
            return all(self._expected.is_thenable(typed) for typed in types)
        return kind is ir.Call and self._gives_promise(function, node)  # type: ignore[arg-type]

    def _may_give_nothing(self, function: FunctionId, node: ir.Expr) -> bool:
        """Whether a value comes from a function without declared result that may give nothing."""
        if isinstance(node, ir.Name):
            binding = self._promises.ecma.binding(function, node)
            if binding is None or binding.type is not None or binding.kind != "const":
                return False
            return any(
                isinstance(source.expr, ir.Call)
                and not source.steps
                and self._may_give_nothing((binding.path, source.function), source.expr)
                for source in binding.sources
            )
        if not isinstance(node, ir.Call) or node.new:
            return False
        facts = self._promises.ecma.facts
        reached = self._promises.ecma.resolve_call(function, node).targets
        return any(_gives_nothing(facts[path].functions[index]) for path, index in reached)

    def _is_quiet(self, function: FunctionId, node: ir.Expr) -> bool:
        """Whether a call without declared types plainly gives no promise."""
        if self._declares or not isinstance(node, ir.Call):
            return False
        return self._promises.quiet.call(self._file.functions[function[1]], node)

    def _gives_promise(self, function: FunctionId, node: ir.Call) -> bool:
        """Whether all that a call may reach gives promises."""
        reached = self._promises.ecma.resolve_call(function, node)
        if reached.externals:
            kinds = {self._promises.outside.api.kind(name) for name in reached.externals}
            return not reached.targets and kinds == {"promise"}
        facts = self._promises.ecma.facts
        targets = reached.targets
        return bool(targets) and all(facts[p].functions[i].is_async for p, i in targets)

    def _certain(self, function: FunctionId, node: ir.Expr) -> bool:
        """Variables and fields without annotation may be set later."""
        if isinstance(node, ir.Name):
            binding = self._promises.ecma.binding(function, node)
            if binding is None or binding.type is not None:
                return binding is not None or node.id == "this"
            return binding.kind in {"const", "function"} and all(
                source.expr is not None
                and (source.steps or not _may_be_plain(source.expr))
                and (self._declares or type(source.expr) is not ir.Await)
                for source in binding.sources
            )
        if isinstance(node, ir.Member) and isinstance(node.object, ir.Name):
            return node.object.id != "this"
        return True


def _may_be_plain(expr: ir.Expr) -> bool:
    """Whether an initial value is no promise, or one of two: ``wanted ? read() : undefined``."""
    if isinstance(expr, ir.Conditional):
        return _may_be_plain(expr.then) or _may_be_plain(expr.other)
    if isinstance(expr, ir.Binary):
        return expr.op == "&&" or (expr.op in _LOGICAL and _may_be_plain(expr.right))
    return type(expr) in _PLAIN or (isinstance(expr, ir.Name) and expr.id == "undefined")


def _gives_nothing(fn: FunctionFacts) -> bool:
    """Whether a plain function may be done without a value: only some of its ways return one."""
    if fn.is_async or fn.generator or fn.results or fn.body is None:
        return False
    returns = nodes_of(ir.Return, fn.body)
    return any(not node.values for node in returns) or not _ends(fn.body)


def _ends(body: tuple[ir.Stmt, ...]) -> bool:
    """Whether statements surely end with a value or a throw; loops and switches may, too."""
    last = body[-1] if body else None
    if isinstance(last, ir.If):
        return bool(last.other) and _ends(last.then) and _ends(last.other)
    if isinstance(last, ir.Block):
        return _ends(last.body)
    return isinstance(last, ir.Return | ir.Throw | ir.Try | ir.Loop | ir.Switch)


def _may_stop(node: ir.Expr) -> bool:
    """Whether an optional step of a chain may leave it undefined."""
    while isinstance(node, (ir.Call, ir.Member)):
        if node.optional:
            return True
        node = node.callee if isinstance(node, ir.Call) else node.object
    return False
