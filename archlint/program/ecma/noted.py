"""Nodes that rules ask for by kind, noted during the one walk over a file's functions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from archlint.model import ir

_LOGICAL = frozenset({"&&", "||", "??"})


class Noted:
    """Nodes of one file with the index of their function, parents before children.

    ``tests`` are (function, expression, whether it is tested as a whole): a logical operator by
    itself only tests its left side. ``loops`` iterate over something. ``awaited`` are the ids of
    what is awaited.
    """

    __slots__ = (
        "assigns",
        "awaited",
        "elements",
        "loops",
        "spreads",
        "statements",
        "tests",
        "tries",
    )

    def __init__(self) -> None:
        self.statements: list[tuple[int, ir.ExprStmt]] = []
        self.tries: list[tuple[int, ir.Try]] = []
        self.tests: list[tuple[int, ir.Expr, bool]] = []
        self.assigns: list[tuple[int, ir.Assign]] = []
        self.elements: list[tuple[int, ir.Jsx]] = []
        self.loops: list[tuple[int, ir.Loop]] = []
        self.spreads: list[tuple[int, ir.Expr]] = []
        self.awaited: set[int] = set()


def _test(noted: Noted, index: int, node: ir.If | ir.Loop | ir.Conditional) -> None:
    if node.test is not None:
        noted.tests.append((index, node.test, True))


def _loop(noted: Noted, index: int, node: ir.Loop) -> None:
    _test(noted, index, node)
    if node.subject is not None:
        noted.loops.append((index, node))


def _unary(noted: Noted, index: int, node: ir.Unary) -> None:
    if node.op == "!":
        noted.tests.append((index, node.value, True))


def _binary(noted: Noted, index: int, node: ir.Binary) -> None:
    if node.op in _LOGICAL:
        noted.tests.append((index, node, False))


def _await(noted: Noted, index: int, node: ir.Await) -> None:
    noted.awaited.add(id(node.value))


NOTES: dict[type, Callable[[Noted, int, Any], None]] = {
    ir.ExprStmt: lambda noted, index, node: noted.statements.append((index, node)),
    ir.Try: lambda noted, index, node: noted.tries.append((index, node)),
    ir.Assign: lambda noted, index, node: noted.assigns.append((index, node)),
    ir.Jsx: lambda noted, index, node: noted.elements.append((index, node)),
    ir.Spread: lambda noted, index, node: noted.spreads.append((index, node.value)),
    ir.If: _test,
    ir.Loop: _loop,
    ir.Conditional: _test,
    ir.Unary: _unary,
    ir.Binary: _binary,
    ir.Await: _await,
}
"""What the walk does with a node, by kind."""
