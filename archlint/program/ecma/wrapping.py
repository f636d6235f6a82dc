"""Functions that return their own parameters, or closures that call them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

import msgspec

from archlint.model import ir
from archlint.program.ecma.index import FileIndex, FunctionIndex

if TYPE_CHECKING:
    from archlint.program.ecma.evaluate import Evaluator


class Shape(msgspec.Struct, gc=False):
    """``leaves``: what is returned, with the parameter that it is (-1: none).

    ``wrapped``: the parameters that a closure calls. ``built``: those that a container is given
    as factories, so that a closure calls what they return.
    """

    leaves: tuple[tuple[ir.Expr, int], ...]
    wrapped: tuple[int, ...]
    built: tuple[int, ...] = ()


class Wrapping:
    """The shape of functions that hand their arguments on, by function."""

    def __init__(self, evaluator: Evaluator) -> None:
        self._ev = evaluator
        self._shapes: dict[tuple[str, int], Shape | None] = {}
        self._inner: dict[str, dict[int, list[int]]] = {}

    def shape(self, fn: FunctionIndex) -> Shape | None:
        """How a function hands its arguments on; None when it does not."""
        if not fn.facts.params or not fn.returns:
            return None
        if fn.id not in self._shapes:
            self._shapes[fn.id] = self._find(fn)
        return self._shapes[fn.id]

    def _find(self, fn: FunctionIndex) -> Shape | None:
        leaves: list[tuple[ir.Expr, int]] = []
        closures = False
        for expr in _leaves(fn.returns):
            position = self.parameter(fn, expr, fn) if isinstance(expr, ir.Name) else -1
            leaves.append((expr, position))
            closures = closures or isinstance(expr, ir.Name | ir.FunctionRef)
        wrapped = tuple(sorted(self._wrapped(fn))) if closures else ()
        built = tuple(sorted(self._built(fn))) if closures else ()
        passed = any(position >= 0 for _, position in leaves)
        return Shape(tuple(leaves), wrapped, built) if passed or wrapped or built else None

    def _built(self, fn: FunctionIndex) -> set[int]:
        """Parameters that are handed to ``asFunction`` for a container to call."""
        found: set[int] = set()
        for call in fn.calls:
            if not call.args or not isinstance(call.args[0], ir.Name):
                continue
            position = self.parameter(fn, call.args[0], fn)
            if position >= 0 and self._ev.factories.resolves(fn, call):
                found.add(position)
        return found

    def parameter(self, fn: FunctionIndex, name: ir.Name, owner: FunctionIndex) -> int:
        """The position of ``owner``'s plain parameter that a name in ``fn`` means; else -1."""
        binding = self._ev.binding(fn, name)
        if binding is None or binding.function != owner.index or binding.parameter < 0:
            return -1
        return -1 if binding.sources[0].steps else binding.parameter

    def _wrapped(self, fn: FunctionIndex) -> set[int]:
        """Parameters that closures inside the function call."""
        found: set[int] = set()
        todo = list(self._children(fn.file).get(fn.index, ()))
        while todo:
            index = todo.pop()
            todo.extend(self._children(fn.file).get(index, ()))
            inner = fn.file.functions[index]
            for call in inner.calls:
                callee = call.callee
                if isinstance(callee, ir.Member) and callee.name in {"call", "apply"}:
                    callee = callee.object
                if isinstance(callee, ir.Name):
                    found.add(self.parameter(inner, callee, fn))
        found.discard(-1)
        return found

    def _children(self, file: FileIndex) -> dict[int, list[int]]:
        known = self._inner.get(file.path)
        if known is None:
            known = self._inner[file.path] = {}
            for function in file.functions:
                if 0 <= function.facts.parent != function.index:
                    known.setdefault(function.facts.parent, []).append(function.index)
        return known


def _leaves(exprs: Iterable[ir.Expr]) -> Iterator[ir.Expr]:
    """Expressions without casts, conditions and fallbacks around them, in source order."""
    stack = list(exprs)
    stack.reverse()
    while stack:
        expr = stack.pop()
        if isinstance(expr, ir.Cast):
            stack.append(expr.value)
        elif isinstance(expr, ir.Conditional):
            stack.extend((expr.other, expr.then))
        elif isinstance(expr, ir.Binary) and expr.op in {"||", "??", "&&"}:
            stack.extend((expr.right, expr.left))
        else:
            yield expr
