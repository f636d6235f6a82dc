"""Variables that live as long as the process: of a module, a class, or a service object."""

from __future__ import annotations

from archlint.model import ir
from archlint.program.ecma.records import Binding
from archlint.program.program import FunctionId, Program


def lasting(program: Program, function: FunctionId, expr: ir.Expr) -> bool:
    """Whether what an expression names outlives a call of the function.

    A module's variable, a variable of an enclosing function that made this closure, a static or
    instance field (``this.x``), a property of such a thing, a global.
    """
    while isinstance(expr, (ir.Member, ir.Index, ir.Cast)):
        expr = expr.object if isinstance(expr, (ir.Member, ir.Index)) else expr.value
    if not isinstance(expr, ir.Name):
        return False
    if expr.id in {"this", "global", "globalThis", "process", "exports", "module"}:
        return True
    binding = program.ecma.binding(function, expr)
    return binding is not None and outlives(binding, function)


def outlives(binding: Binding, function: FunctionId) -> bool:
    """Whether a binding is declared outside of the function, and is no parameter around it."""
    if binding.imported is not None:
        return True
    return binding.function != function[1] and binding.parameter < 0


def module_level(program: Program, function: FunctionId, expr: ir.Expr) -> Binding | None:
    """The module's own variable that a name means; None for everything else."""
    if not isinstance(expr, ir.Name):
        return None
    binding = program.ecma.binding(function, expr)
    if binding is None or binding.function != 0 or binding.imported is not None:
        return None
    return binding
