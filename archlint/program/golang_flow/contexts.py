"""Which context.Context a place in Go code has at hand."""

from __future__ import annotations

from archlint.knowledge.golang.calls import mapping
from archlint.model import ir
from archlint.program.golang_flow.shapes import type_name
from archlint.program.golang_flow.sites import sites
from archlint.program.program import FunctionId, Program


def detached(program: Program, ident: FunctionId) -> bool:
    """Whether the place lies in a closure that may run when the context is over, or for others.

    One that a goroutine or a deferred call runs, that is kept in a field (``cmd.Cancel = ...``), or
    that ``singleflight`` shares.
    """
    given = sites(program).given
    functions = program.files[ident[0]].functions
    index = ident[1]
    while index > 0 and functions[index].kind == "closure":
        use = given.get((ident[0], index))
        if use is not None and use[2] in {"spawn", "defer"}:
            return True
        if not any(_may_carry(param.type) for param in functions[index].params):
            if use is not None and _shares(program, use[0], use[1]):
                return True
            if _is_kept(program, (ident[0], functions[index].parent), index):
                return True
        index = functions[index].parent
    return False


def _shares(program: Program, ident: FunctionId, call: ir.Call) -> bool:
    return program.golang.callee(ident, call).canonical.startswith(
        "golang.org/x/sync/singleflight."
    )


def _is_kept(program: Program, parent: FunctionId, closure: int) -> bool:
    """Whether a function puts a closure into a field."""
    return any(
        isinstance(value, ir.FunctionRef)
        and value.index == closure
        and isinstance(target, ir.Member)
        for assign in program.golang.body(parent).assigns
        for target, value in zip(assign.targets, assign.values, strict=False)
    )


def at_hand(program: Program, ident: FunctionId, at: int) -> tuple[str, str] | None:
    """The parameter or variable that carries a context, and how to have it; None without one.

    Parameters of the function and of those around it, then local variables of type
    ``context.Context`` declared before ``at``.
    """
    carriers = mapping("carries_context")
    functions = program.files[ident[0]].functions
    index = ident[1]
    while index > 0:
        holder = (ident[0], index)
        for param in functions[index].params:
            name = param.name
            if isinstance(name, ir.Name) and name.id not in {"", "_"} and _may_carry(param.type):
                found = carriers.get(type_name(program, holder, ir.Name(at, name.id)))
                if found is not None:
                    return name.id, found
        for name_, bindings in program.golang.body(holder).bindings.items():
            if "ctx" in name_.lower() and any(b.start <= at < b.end for b in bindings):
                kind = type_name(program, ident, ir.Name(at, name_))
                if kind == "context.Context":
                    return name_, "the context variable"
        index = functions[index].parent
    return None


def _may_carry(type_: ir.Type | None) -> bool:
    """Whether a written type may be one that carries a context; spares resolving the rest."""
    if isinstance(type_, ir.TPointer):
        type_ = type_.elem
    return isinstance(type_, ir.TName) and type_.name.rpartition(".")[2] in {
        "Context",
        "Request",
        "Ctx",
    }
