"""Which context.Context a place in Go code has at hand."""

from __future__ import annotations

from archlint.knowledge.golang.calls import mapping
from archlint.model import ir
from archlint.model.pattern import lazy_regex
from archlint.model.walk import nodes_of, walk
from archlint.program.golang_flow.shapes import nil_test, type_name
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


_MEASURES = lazy_regex(
    r"^context\.|(^|/)(log|logger|logging|logrus|slog|zap|zerolog)\b"
    r"|^go\.opencensus\.io/(stats|tag)\b|^go\.opentelemetry\.io/otel/(metric|log)\b"
)
"""Callees that derive a context, log with it, or count and measure something."""
_HARMLESS_DEPTH = 3
"""Functions through which a context is followed to what only measures."""


def only_measures(
    program: Program, ident: FunctionId, call: ir.Call, depth: int = _HARMLESS_DEPTH
) -> bool:
    """Whether a context that a call is given serves for a log, a metric or its values alone."""
    callee = program.golang.callee(ident, call)
    if _MEASURES.search(callee.canonical or _as_written(program, ident, call)):
        return True
    if not callee.functions or depth == 0:
        return False
    return all(_measures(program, ident, depth - 1) for ident in callee.functions)


def _as_written(program: Program, ident: FunctionId, call: ir.Call) -> str:
    """The name of a callee of a package whose source is not there: its path, or its type's."""
    callee = call.callee
    if not isinstance(callee, ir.Member):
        return ""
    root = callee.object
    if isinstance(root, ir.Name) and program.golang.binding(ident, root) is None:
        package = program.golang.unit(ident[0]).imported(root.id)
        if package is not None:
            return f"{package.path}.{callee.name}"
    return f"{type_name(program, ident, root)}.{callee.name}"


def _measures(program: Program, ident: FunctionId, depth: int) -> bool:
    """Whether every mention of the context asks for a value or hands it on to measure."""
    function = program.function(ident)
    given = {
        param.name.id
        for param in function.params
        if isinstance(param.name, ir.Name) and _may_carry(param.type)
    }
    if not given or function.body is None:
        return False
    if any(isinstance(node, ir.FunctionRef) for node in walk(function.body)):
        return False
    mentions = {n.at for n in nodes_of(ir.Name, function.body) if n.id in given}
    handed = {
        m.object.at
        for m in nodes_of(ir.Member, function.body)
        if m.name == "Value" and isinstance(m.object, ir.Name)
    } | {
        tested[0].at
        for test in nodes_of(ir.Binary, function.body)
        if (tested := nil_test(test)) is not None and isinstance(tested[0], ir.Name)
    }
    handed &= mentions
    for call in program.golang.body(ident).calls:
        args = {a.at for a in call.args if isinstance(a, ir.Name) and a.id in given}
        if args and only_measures(program, ident, call, depth):
            handed |= args
    return mentions == handed and bool(mentions)
