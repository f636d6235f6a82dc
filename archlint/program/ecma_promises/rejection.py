"""Can this callee reject (or throw)? A summary per function, from what its body does unguarded.

Evidence is an own ``throw``, an awaited promise that is not known to settle, and a synchronous call
that throws on bad input; that any call at all may throw is no evidence.
"""

from __future__ import annotations

from collections.abc import Iterable

from archlint.knowledge.errors import is_harmless_method, reports_errors, throws
from archlint.knowledge.node import bounds_concurrency
from archlint.model import ir
from archlint.model.walk import nodes_of, walk
from archlint.program.ecma.values import FunctionValue
from archlint.program.ecma_promises.kinds import FunctionId
from archlint.program.ecma_promises.promiseness import Promises
from archlint.program.ecma_promises.sorts import Sort

_COMBINED = frozenset({"all", "race", "any"})
_NEVER = frozenset({"allSettled"})


class Rejections:
    """Memoised; a function that meets itself counts as one that does not reject there."""

    def __init__(self, promises: Promises, *, cleaning: bool = True) -> None:
        """Without ``cleaning``, only what handlers throw counts of them, and nothing of finalizers:
        that an error's handling fails in turn takes two failures.
        """
        self._cleaning = cleaning
        self._promises = promises
        self._ecma = promises.ecma
        self._functions: dict[FunctionId, bool] = {}
        self._expressions: dict[int, bool] = {}

    def function(self, ident: FunctionId) -> bool:
        """Whether a call of a function of the repo may throw, or reject when it is async."""
        known = self._functions.get(ident)
        if known is None:
            self._functions[ident] = False
            facts = self._ecma.facts[ident[0]].functions[ident[1]]
            known = facts.body is None or self.body(ident, facts.body)
            self._functions[ident] = known
        return known

    def body(self, ident: FunctionId, body: Iterable[ir.AnyNode]) -> bool:
        """Whether statements may throw; what a ``try`` with a handler holds does not count."""
        stack: list[ir.AnyNode] = list(body)
        while stack:
            stmt = stack.pop()
            if isinstance(stmt, ir.Throw):
                return True
            if isinstance(stmt, ir.Try):
                if stmt.handler is None:
                    stack.extend(stmt.body)
                after = (*(stmt.handler or ()), *stmt.finalizer)
                stack.extend(after if self._cleaning else nodes_of(ir.Throw, after))
            elif isinstance(stmt, ir.Return):
                if any(self._returned(ident, value) for value in stmt.values):
                    return True
            elif self._statement(ident, stmt, stack):
                return True
        return False

    def _statement(self, ident: FunctionId, stmt: ir.AnyNode, stack: list[ir.AnyNode]) -> bool:
        """Push nested statements; whether the statement's own expressions may throw."""
        own: list[ir.AnyNode] = []
        if isinstance(stmt, ir.If):
            own = [stmt.test]
            stack.extend((*stmt.then, *stmt.other))
        elif isinstance(stmt, ir.Loop):
            if stmt.kind == "await-of":
                return True
            own = [n for n in (stmt.init, stmt.test, stmt.update, stmt.subject) if n is not None]
            stack.extend(stmt.body)
        elif isinstance(stmt, ir.Switch):
            own = [stmt.subject] if stmt.subject is not None else []
            for case in stmt.cases:
                own.extend(case.tests)
                stack.extend(case.body)
        elif isinstance(stmt, ir.Block | ir.Labeled):
            stack.extend(stmt.body)
        else:
            own = [stmt]
        return self._throws(ident, own)

    def _returned(self, ident: FunctionId, value: ir.Expr) -> bool:
        if self._throws(ident, [value]):
            return True
        if self._promises.sort(ident, value) is Sort.PROMISE:
            return self.promise(ident, value)
        return False

    def _throws(self, ident: FunctionId, nodes: Iterable[ir.AnyNode]) -> bool:
        """Whether evaluating expressions may throw: awaited rejections and calls."""
        for part in walk(nodes):
            if isinstance(part, ir.Await):
                if self.promise(ident, part.value):
                    return True
            elif isinstance(part, ir.Call) and self._call_throws(ident, part):
                return True
        return False

    def _call_throws(self, ident: FunctionId, call: ir.Call) -> bool:
        """Whether a call may throw before it returns."""
        callee = call.callee
        if isinstance(callee, ir.Member) and is_harmless_method(callee.name):
            return False
        if isinstance(callee, ir.Name) and (reports_errors(callee.id) or callee.id == "super"):
            return False
        reached = self._ecma.resolve_call(ident, call)
        facts = self._ecma.facts
        for path, index in reached.targets:
            if not facts[path].functions[index].is_async and self.function((path, index)):
                return True
        return any(throws(name) for name in reached.externals)

    # --------------------------------------------------------------- promises

    def promise(self, ident: FunctionId, node: ir.Expr) -> bool:
        """Whether the promise that an expression gives may reject."""
        known = self._expressions.get(id(node))
        if known is None:
            self._expressions[id(node)] = False
            known = self._expressions[id(node)] = self._promise(ident, node)
        return known

    def _promise(self, ident: FunctionId, node: ir.Expr) -> bool:
        if isinstance(node, ir.Conditional):
            return self.promise(ident, node.then) or self.promise(ident, node.other)
        if isinstance(node, ir.Binary):
            return self.promise(ident, node.left) or self.promise(ident, node.right)
        if isinstance(node, ir.Cast):
            return self.promise(ident, node.value)
        if isinstance(node, ir.Array):
            return any(self.promise(ident, item) for item in node.items if item is not None)
        if isinstance(node, ir.Spread):
            return self.promise(ident, node.value)
        if isinstance(node, ir.Call):
            return self._call(ident, node)
        if isinstance(node, ir.Name):
            binding = self._ecma.binding(ident, node)
            if binding is not None and binding.kind == "const" and binding.parameter < 0:
                return any(
                    source.expr is None
                    or bool(source.steps)
                    or self.promise((binding.path, source.function), source.expr)
                    for source in binding.sources
                )
            return True
        return not isinstance(node, ir.Literal | ir.Object | ir.Template | ir.FunctionRef)

    def _call(self, ident: FunctionId, call: ir.Call) -> bool:
        callee = call.callee
        if isinstance(callee, ir.Member):
            chained = self._chained(ident, call, callee)
            if chained is not None:
                return chained
        if call.new and isinstance(callee, ir.Name) and callee.id == "Promise":
            return not call.args or self._executor(ident, call.args[0])
        reached = self._ecma.resolve_call(ident, call)
        if any(self.function(target) for target in reached.targets):
            return True
        if any(bounds_concurrency(name) for name in reached.externals):
            tasks = [arg for arg in call.args if isinstance(arg, ir.FunctionRef)]
            return not tasks or any(self.callback(ident, task) for task in tasks)
        if reached.externals:
            return not all(self._promises.outside.api.cannot_reject(n) for n in reached.externals)
        return not reached.targets

    def _chained(self, ident: FunctionId, call: ir.Call, callee: ir.Member) -> bool | None:
        """Chains and statics of promises; None for other methods."""
        name, args = callee.name, call.args
        target = callee.object
        if isinstance(target, ir.Name) and target.id == "Promise":
            if name in _NEVER:
                return False
            if name == "resolve":
                return any(self.promise(ident, arg) for arg in args)
            if name in _COMBINED and args:
                return self._all(ident, args[0])
            return True if name == "reject" else None
        if name == "catch" and args:
            return self.callback(ident, args[0])
        if name == "then" and args:
            handlers = any(self.callback(ident, arg) for arg in args[:2])
            return handlers or (len(args) < 2 and self.promise(ident, target))
        if name == "finally":
            return self.promise(ident, target) or any(self.callback(ident, a) for a in args)
        return None

    def _all(self, ident: FunctionId, node: ir.Expr) -> bool:
        """Whether any element of a list of promises may reject."""
        if isinstance(node, ir.Array):
            return self.promise(ident, node)
        if isinstance(node, ir.Name):
            binding = self._ecma.binding(ident, node)
            made = binding.sources[0] if binding is not None and binding.sources else None
            if binding is None or binding.kind != "const" or made is None or made.steps:
                return True
            inner = made.expr
            if not isinstance(inner, ir.Call) or len(binding.sources) > 1:
                return True
            return self._all((binding.path, made.function), inner)
        if (
            isinstance(node, ir.Call)
            and isinstance(node.callee, ir.Member)
            and node.callee.name in {"map", "flatMap"}
            and node.args
        ):
            return self.callback(ident, node.args[0])
        return True

    def callback(self, ident: FunctionId, node: ir.Expr) -> bool:
        """Whether calling a callback may throw or reject; unknown ones may."""
        if isinstance(node, ir.FunctionRef):
            return self.function((ident[0], node.index))
        if isinstance(node, ir.Member) and is_harmless_method(node.name):
            return False
        if isinstance(node, ir.Name) and reports_errors(node.id):
            return False
        values = self._ecma.value_of(ident, node)
        functions = [v for v in values if isinstance(v, FunctionValue)]
        return not functions or any(self.function((v.path, v.index)) for v in functions)

    def _executor(self, ident: FunctionId, node: ir.Expr) -> bool:
        """A promise rejects when its executor throws or mentions its second parameter."""
        if not isinstance(node, ir.FunctionRef):
            return True
        facts = self._ecma.facts[ident[0]].functions[node.index]
        if self.function((ident[0], node.index)):
            return True
        return len(facts.params) > 1 and isinstance(facts.params[1].name, ir.Name)
