"""Iterating over intermediate representation, without recursion."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from archlint.model import ir
from archlint.model.ir import AnyNode, Node


def _getter(kind: type[Node]) -> Callable[[Any], list[Node]]:
    """A function that lists a node's child nodes in source order (types are left out)."""
    skip = {"at", "end", "paren", "name_at", "type", "types"}
    fields = [name for name in kind.__struct_fields__ if name not in skip]

    def children(node: Any) -> list[Node]:
        found: list[Node] = []
        for name in fields:
            value = getattr(node, name)
            if isinstance(value, Node):
                found.append(value)
            elif isinstance(value, tuple):
                found.extend([item for item in value if isinstance(item, Node)])
        return found

    return children


_GETTERS: dict[type[Node], Callable[[Any], list[Node]]] = {
    kind: _getter(kind)
    for kind in vars(ir).values()
    if isinstance(kind, type) and issubclass(kind, Node) and kind is not Node
}
_LEAVES = (ir.Name, ir.Literal, ir.FunctionRef, ir.ClassRef, ir.TypeExpr, ir.Jump, ir.TypeDecl)
for _leaf in _LEAVES:
    _GETTERS[_leaf] = lambda _node: []
_GETTERS[ir.Member] = lambda node: [node.object]
_GETTERS[ir.Call] = lambda node: [node.callee, *node.args]
_GETTERS[ir.ExprStmt] = lambda node: [node.value]
_GETTERS[ir.Return] = lambda node: list(node.values)
_GETTERS[ir.Assign] = lambda node: [*node.targets, *node.values]
_GETTERS[ir.Binary] = lambda node: [node.left, node.right]
_GETTERS[ir.Unary] = lambda node: [node.value]
_GETTERS[ir.Await] = lambda node: [node.value]
_GETTERS[ir.Object] = lambda node: list(node.entries)


def children(node: AnyNode) -> list[Any]:
    """The child nodes of a node in source order; closures' bodies are not entered."""
    return _GETTERS[type(node)](node)


def walk(nodes: Iterable[AnyNode]) -> Iterator[Any]:
    """Every node below ``nodes`` and they themselves, parents first, in source order.

    Bodies of nested functions and classes are not entered: their references are yielded.
    """
    stack: list[Any] = list(nodes)
    stack.reverse()
    getters = _GETTERS
    while stack:
        node = stack.pop()
        yield node
        below = getters[type(node)](node)
        if below:
            below.reverse()
            stack.extend(below)
