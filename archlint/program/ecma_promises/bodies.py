"""One pass over a function's body that sorts the nodes the analyses of promises look at."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from archlint.model import ir
from archlint.model.walk import children

_CHAIN = frozenset({"then", "catch", "finally"})
_LOGICAL = frozenset({"&&", "||", "??"})
_LEAVES = frozenset({ir.Name, ir.Literal, ir.FunctionRef, ir.ClassRef, ir.Jump, ir.TypeDecl})


class Body:
    """The nodes of a body by what they are for, parents before children.

    ``waited`` are the ids of expressions that are awaited or chained with then, catch, finally.
    """

    __slots__ = (
        "assigns",
        "calls",
        "conditions",
        "elements",
        "spreads",
        "statements",
        "tries",
        "waited",
    )

    def __init__(self, nodes: Iterable[ir.AnyNode]) -> None:
        self.statements: list[ir.ExprStmt] = []
        self.tries: list[ir.Try] = []
        self.calls: list[ir.Call] = []
        self.assigns: list[ir.Assign] = []
        self.elements: list[ir.Jsx] = []
        self.conditions: list[tuple[ir.Expr, bool]] = []
        self.spreads: list[ir.Expr] = []
        self.waited: set[int] = set()
        self._fill(nodes)

    def _fill(self, nodes: Iterable[ir.AnyNode]) -> None:
        stack: list[Any] = list(nodes)
        stack.reverse()
        while stack:
            node = stack.pop()
            kind = type(node)
            if kind in _LEAVES:
                continue
            if kind is ir.Member:
                stack.append(node.object)
                continue
            if kind is ir.Call:
                self._call(node)
                stack.extend(node.args[::-1])
                stack.append(node.callee)
                continue
            note = _NOTES.get(kind)
            if note is not None:
                note(self, node)
            below = children(node)
            below.reverse()
            stack.extend(below)

    def _call(self, node: ir.Call) -> None:
        self.calls.append(node)
        callee = node.callee
        if type(callee) is ir.Member and callee.name in _CHAIN:
            self.waited.add(id(callee.object))

    def _await(self, node: ir.Await) -> None:
        self.waited.add(id(node.value))

    def _test(self, node: ir.If | ir.Loop | ir.Conditional) -> None:
        if node.test is not None:
            self.conditions.append((node.test, True))

    def _unary(self, node: ir.Unary) -> None:
        if node.op == "!":
            self.conditions.append((node.value, True))

    def _binary(self, node: ir.Binary) -> None:
        if node.op in _LOGICAL:
            self.conditions.append((node, False))

    def _property(self, node: ir.Property) -> None:
        if node.kind == "spread":
            self.spreads.append(node.value)


_NOTES: dict[type, Any] = {
    ir.ExprStmt: lambda body, node: body.statements.append(node),
    ir.Try: lambda body, node: body.tries.append(node),
    ir.Assign: lambda body, node: body.assigns.append(node),
    ir.Jsx: lambda body, node: body.elements.append(node),
    ir.Spread: lambda body, node: body.spreads.append(node.value),
    ir.Await: Body._await,
    ir.If: Body._test,
    ir.Loop: Body._test,
    ir.Conditional: Body._test,
    ir.Unary: Body._unary,
    ir.Binary: Body._binary,
    ir.Property: Body._property,
}
