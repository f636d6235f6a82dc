"""Closures that a handler or middleware returns: ``func mw(next) h { return func(c) {...} }``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from archlint.model import ir
from archlint.program.golang.literals import leaf
from archlint.program.golang.place import Place
from archlint.program.golang.types import FunctionId
from archlint.program.program import CallEdge

if TYPE_CHECKING:
    from archlint.program.golang.linker import GoLinker


def returned_closures(linker: GoLinker, function: FunctionId) -> Iterator[CallEdge]:
    """What a registered function returns runs as often as what it was registered for."""
    unit = linker.world.units[function[0]]
    results = unit.facts.functions[function[1]].results
    if len(results) != 1 or leaf(results[0].type) == "error":
        return
    for stmt in unit.body(function[1]).returns:
        for expr in stmt.values:
            if _names_function(expr):
                for held in linker.values.of(Place(unit, function[1], expr)):
                    if held.kind == "function" and encloses(linker, function, held.function):
                        yield CallEdge(function, held.function, expr.at, "callback")


def encloses(linker: GoLinker, outer: FunctionId, inner: FunctionId) -> bool:
    """Whether a closure is written in a function, or is that function."""
    path, index = inner
    functions = linker.world.units[path].facts.functions
    while index > 0 and outer != (path, index):
        index = functions[index].parent
    return index > 0


def _names_function(expr: ir.Expr) -> bool:
    """A closure, a variable, or one of these converted to a type."""
    if type(expr) is ir.Call and len(expr.args) == 1:
        expr = expr.args[0]
    return type(expr) in {ir.FunctionRef, ir.Name}
