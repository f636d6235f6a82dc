"""How messages name callees."""

from __future__ import annotations

from archlint.model import ir

LONGEST = 60


def expression_name(node: ir.Expr, depth: int = 0) -> str:
    """A short source-like name of an expression: ``this.store.save``, ``fetch(...).then``."""
    if depth > 4:
        return "..."
    if isinstance(node, ir.Name):
        return node.id
    if isinstance(node, ir.Member):
        name = f"{expression_name(node.object, depth + 1)}.{node.name}"
        return name if len(name) <= LONGEST else f"...{name[-LONGEST + 20 :].partition('.')[2]}"
    if isinstance(node, ir.Call):
        inner = expression_name(node.callee, depth + 1)
        return f"new {inner}(...)" if node.new else f"{inner}(...)"
    if isinstance(node, ir.FunctionRef):
        return "an inline function"
    if isinstance(node, ir.Array):
        return "an array of promises"
    if isinstance(node, ir.Cast):
        return expression_name(node.value, depth + 1)
    if isinstance(node, ir.Index):
        return f"{expression_name(node.object, depth + 1)}[...]"
    return "this expression"
