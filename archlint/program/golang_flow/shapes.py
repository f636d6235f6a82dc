"""Small forms that several rules recognise."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from archlint.model import ir
from archlint.model.location import line_of
from archlint.model.walk import nodes_of, walk
from archlint.program.golang.show import show
from archlint.program.golang.types import Type
from archlint.program.golang_flow.sites import sites
from archlint.program.program import FunctionId, Program


def nil_test(test: ir.Expr) -> tuple[ir.Expr, bool] | None:
    """``x != nil`` as (x, True), ``x == nil`` as (x, False), None for other conditions."""
    if type(test) is ir.Binary and test.op in {"!=", "=="}:
        for value, other in ((test.left, test.right), (test.right, test.left)):
            if type(other) is ir.Literal and other.kind == "null":
                return value, test.op == "!="
    return None


def conjuncts(test: ir.Expr, op: str = "&&") -> Iterator[ir.Expr]:
    """The operands of a chain of ``&&`` (or ``||``)."""
    stack = [test]
    while stack:
        part = stack.pop()
        if type(part) is ir.Binary and part.op == op:
            stack += [part.right, part.left]
        else:
            yield part


def is_name(expr: Any, name: str) -> bool:
    """Whether the expression is that identifier."""
    return type(expr) is ir.Name and expr.id == name


def mentions(nodes: Any, name: str) -> bool:
    """Whether an identifier occurs below the nodes (closures are not entered)."""
    return any(type(node) is ir.Name and node.id == name for node in walk(nodes))


def type_name(program: Program, ident: FunctionId, expr: ir.Expr) -> str:
    """The type of an expression as Go writes it with full paths, without pointers ("" unknown)."""
    found: Type | None = program.golang.type_of(ident, expr)
    return show(found).lstrip("*") if found is not None else ""


def captured_names(program: Program, ident: FunctionId) -> set[str]:
    """Every identifier that closures inside a function mention."""
    names: set[str] = set()
    for closure in sites(program).closures(ident):
        body = program.function(closure).body or ()
        names.update([node.id for node in nodes_of(ir.Name, body)])
    return names


def has_comment(program: Program, ident: FunctionId, at: int, above: int = 1) -> bool:
    """Whether a comment on the line, or on one of those ``above`` it, may give a reason."""
    facts = program.files[ident[0]]
    line = line_of(facts, at)
    return any(near in facts.comment_lines for near in range(line - above, line + 1))


def source_of(program: Program, ident: FunctionId, name: ir.Name) -> ir.Expr | None:
    """What a local variable was last assigned before this place, in the order of the text."""
    best: ir.Assign | None = None
    for assign in program.golang.body(ident).assigns:
        hit = any(is_name(target, name.id) for target in assign.targets)
        if hit and assign.at < name.at and (best is None or assign.at > best.at):
            best = assign
    return best.values[0] if best is not None and best.values else None


def dotted(expr: ir.Expr) -> str:
    """A chain of names as written: ``s.cache.mu``; "?" for what is no name."""
    parts: list[str] = []
    while isinstance(expr, ir.Member):
        parts.append(expr.name)
        expr = expr.object
    parts.append(expr.id if isinstance(expr, ir.Name) else "?")
    return ".".join(reversed(parts))
