"""Whether an expression is the same in every run."""

from __future__ import annotations

from archlint.model import ir
from archlint.program.program import FunctionId, Program


def is_constant(program: Program, ident: FunctionId, expr: ir.Expr) -> bool:
    """Whether it consists of literals, constants and local variables set once to such."""
    stack = [expr]
    while stack:
        part = stack.pop()
        if isinstance(part, ir.Binary):
            stack += [part.left, part.right]
        elif isinstance(part, ir.Name):
            if not _constant_name(program, ident, part):
                return False
        elif isinstance(part, ir.Member):
            if not _constant_member(program, ident, part):
                return False
        elif not isinstance(part, ir.Literal):
            return False
    return True


def _constant_name(program: Program, ident: FunctionId, name: ir.Name) -> bool:
    local = program.golang.binding(ident, name)
    if local is not None:
        binding, holder = local
        node = binding.node
        if binding.kind != "value" or not isinstance(node, (ir.Literal, ir.Binary)):
            return False
        return _once(program.golang.body(holder).assigns, name) and is_constant(
            program, holder, node
        )
    symbol = program.golang.unit(ident[0]).named(name.id)
    return symbol is not None and symbol.kind == "const"


def _once(assigns: list[ir.Assign], name: ir.Name) -> bool:
    """Whether a local variable is assigned only where it is declared."""
    hits = [
        a for a in assigns if any(isinstance(t, ir.Name) and t.id == name.id for t in a.targets)
    ]
    return len(hits) == 1


def _constant_member(program: Program, ident: FunctionId, member: ir.Member) -> bool:
    unit = program.golang.unit(ident[0])
    if not isinstance(member.object, ir.Name):
        return False
    package = unit.imported(member.object.id)
    symbol = package.lookup(member.name) if package is not None else None
    return symbol is not None and symbol.kind == "const"
