"""Walking visits every node that a record holds, whatever its kind."""

from __future__ import annotations

from typing import Any

import pytest

from archlint.model import ir
from archlint.model.walk import children, nodes_of, walk

KINDS = [
    kind
    for kind in vars(ir).values()
    if isinstance(kind, type) and issubclass(kind, ir.Node) and kind is not ir.Node
]


def filled(kind: type[ir.Node]) -> tuple[ir.Node, list[ir.Node]]:
    """A node of the kind with a fresh node wherever one fits, and those, in order of the fields."""
    below: list[ir.Node] = []
    values: dict[str, Any] = {}
    for name in kind.__struct_fields__:
        written = {"at": "int", **kind.__annotations__}[name]
        if name in {"type", "types"}:
            values[name] = () if "tuple" in written else None
        elif any(word in written for word in ("Expr", "Stmt", "Property", "Case")):
            count = 2 if "tuple" in written else 1
            fresh = [ir.Name(len(below) + i, name) for i in range(count)]
            below += fresh
            values[name] = tuple(fresh) if "tuple" in written else fresh[0]
        else:
            values[name] = {"int": 0, "bool": False}.get(written, "")
    return kind(**values), below


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_children_and_walk_agree_on_what_a_node_holds(kind: type[ir.Node]) -> None:
    node, below = filled(kind)
    found: Any = node
    if kind not in {ir.ClassRef, ir.FunctionRef, ir.TypeExpr}:
        assert children(found) == below
        assert list(walk([found])) == [node, *below]
    else:
        assert children(found) == []


def test_walk_goes_down_before_it_goes_on_and_passes_holes() -> None:
    call = ir.Call(0, 9, 1, ir.Name(0, "f"), (ir.Array(2, (None, ir.Name(4, "x"))),))
    other = ir.ExprStmt(10, 12, ir.Name(10, "y"))
    assert [type(node).__name__ for node in walk([ir.ExprStmt(0, 9, call), other])] == [
        *("ExprStmt", "Call", "Name", "Array", "Name"),
        *("ExprStmt", "Name"),
    ]
    assert nodes_of(ir.Name, [ir.ExprStmt(0, 9, call), other]) == [
        node for node in walk([ir.ExprStmt(0, 9, call), other]) if type(node) is ir.Name
    ]
