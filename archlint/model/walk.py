"""Iterating over intermediate representation, without recursion."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, TypeVar

from archlint.model import ir
from archlint.model.ir import AnyNode, Node

N = TypeVar("N", bound=Node)
Getter = Callable[[Any], list[Any]]

_SKIPPED = {"type", "types"}
_NODES = ("Expr", "Stmt", "Property", "Case")
"""What annotations call the fields that hold nodes."""
_LEAVES = (ir.Name, ir.Literal, ir.FunctionRef, ir.ClassRef, ir.TypeExpr, ir.Jump, ir.TypeDecl)


def _parts(kind: type[Node]) -> list[tuple[str, bool]]:
    """The fields that hold nodes, in source order, and whether each is a tuple."""
    written = {
        k: v for base in kind.__mro__ for k, v in getattr(base, "__annotations__", {}).items()
    }
    return [
        (name, "tuple[" in written[name])
        for name in kind.__struct_fields__
        if name not in _SKIPPED and any(word in written[name] for word in _NODES)
    ]


def _getter(kind: type[Node]) -> Getter:
    """A function that lists a node's child nodes in source order (types are left out)."""
    parts = _parts(kind)

    def children(node: Any) -> list[Any]:
        found: list[Any] = []
        for name, many in parts:
            value = getattr(node, name)
            if value is None:
                continue
            if not many:
                found.append(value)
            elif value:
                found.extend([item for item in value if item is not None])
        return found

    return children


def _backwards(getter: Getter) -> Getter:
    def children(node: Any) -> list[Any]:
        found = getter(node)
        found.reverse()
        return found

    return children


_FORWARD: dict[type[Node], Getter] = {
    kind: _getter(kind)
    for kind in vars(ir).values()
    if isinstance(kind, type) and issubclass(kind, Node) and kind is not Node
}
_BACKWARD: dict[type[Node], Getter | None] = {k: _backwards(g) for k, g in _FORWARD.items()}
_BACKWARD.update(dict.fromkeys(_LEAVES))
_FORWARD.update(dict.fromkeys(_LEAVES, lambda _node: []))
for _kind in (ir.ExprStmt, ir.Unary, ir.Await, ir.Spread, ir.Cast):
    _FORWARD[_kind] = _BACKWARD[_kind] = lambda node: [node.value]
_FORWARD[ir.Member] = _BACKWARD[ir.Member] = lambda node: [node.object]
_FORWARD[ir.Call] = lambda node: [node.callee, *node.args]
_BACKWARD[ir.Call] = lambda node: [*node.args[::-1], node.callee]
_FORWARD[ir.Return] = lambda node: [*node.values]
_BACKWARD[ir.Return] = lambda node: [*node.values[::-1]]
_FORWARD[ir.Assign] = lambda node: [*node.targets, *node.values]
_BACKWARD[ir.Assign] = lambda node: [*node.values[::-1], *node.targets[::-1]]
_FORWARD[ir.Binary] = lambda node: [node.left, node.right]
_BACKWARD[ir.Binary] = lambda node: [node.right, node.left]
_FORWARD[ir.Object] = _FORWARD[ir.Composite] = lambda node: [*node.entries]
_BACKWARD[ir.Object] = _BACKWARD[ir.Composite] = lambda node: [*node.entries[::-1]]
_FORWARD[ir.Property] = lambda node: (
    [node.value] if node.computed is None else [node.value, node.computed]
)
_BACKWARD[ir.Property] = lambda node: (
    [node.value] if node.computed is None else [node.computed, node.value]
)


def children(node: AnyNode) -> list[Any]:
    """The child nodes of a node in source order; closures' bodies are not entered."""
    return _FORWARD[type(node)](node)


def walk(nodes: Iterable[AnyNode]) -> Iterator[Any]:
    """Every node below ``nodes`` and they themselves, parents first, in source order.

    Bodies of nested functions and classes are not entered: their references are yielded.
    """
    stack: list[Any] = list(nodes)
    stack.reverse()
    pop, extend = stack.pop, stack.extend
    getters = _BACKWARD
    while stack:
        node = pop()
        yield node
        below = getters[type(node)]
        if below is not None:
            extend(below(node))


def nodes_of(kind: type[N], nodes: Iterable[AnyNode]) -> list[N]:
    """The nodes of one kind below ``nodes`` and among them, in source order: faster than a walk."""
    found: list[N] = []
    stack: list[Any] = list(nodes)
    stack.reverse()
    pop, extend = stack.pop, stack.extend
    getters = _BACKWARD
    while stack:
        node = pop()
        sort = type(node)
        if sort is kind:
            found.append(node)
        below = getters[sort]
        if below is not None:
            extend(below(node))
    return found
