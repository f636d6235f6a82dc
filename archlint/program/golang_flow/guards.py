"""Whether a place in Go code runs once although its function runs often."""

from __future__ import annotations

from archlint.model import ir
from archlint.program.golang_flow.shapes import nil_test
from archlint.program.golang_flow.sites import sites
from archlint.program.program import FunctionId, Program

_ONCE = {
    "sync.Once.Do",
    "sync.OnceFunc",
    "sync.OnceValue",
    "sync.OnceValues",
    "golang.org/x/sync/singleflight.Group.Do",
}


def runs_once(program: Program, ident: FunctionId, call: ir.Call) -> bool:
    """Inside ``sync.Once``, behind ``if x == nil`` or ``if !ok``, or kept in a package variable."""
    return (
        _in_once(program, ident)
        or _behind_guard(program, ident, call)
        or _kept(program, ident, call)
    )


def reached_once(program: Program, ident: FunctionId) -> bool:
    """Whether a call on the way from the entry point to the function runs once."""
    edges, _ = program.reach.calls_to(ident)
    for edge in edges:
        calls = program.golang.body(edge.caller).calls
        call = next((call for call in calls if call.paren == edge.at), None)
        if call is not None and runs_once(program, edge.caller, call):
            return True
    return False


def _in_once(program: Program, ident: FunctionId) -> bool:
    given = sites(program).given
    functions = program.files[ident[0]].functions
    index = ident[1]
    while index > 0 and functions[index].kind == "closure":
        use = given.get((ident[0], index))
        if use is not None and use[2] == "argument" and _is_once(program, use[0], use[1]):
            return True
        index = functions[index].parent
    return False


def _is_once(program: Program, ident: FunctionId, call: ir.Call) -> bool:
    return program.golang.callee(ident, call).canonical in _ONCE


def _behind_guard(program: Program, ident: FunctionId, call: ir.Call) -> bool:
    """Whether an ``if`` that asks for a missing value encloses the call, or one for a kept value
    that leaves stands before it.
    """
    for stmt in program.golang.body(ident).ifs:
        if stmt.then and stmt.then[0].at <= call.at < stmt.end:
            checked = nil_test(stmt.test)
            if checked is not None and not checked[1]:
                return True
            if isinstance(stmt.test, ir.Unary) and stmt.test.op == "!":
                return True
        if stmt.end <= call.at and _leaves_when_kept(stmt):
            return True
    return False


def _leaves_when_kept(stmt: ir.If) -> bool:
    """``if x.client != nil { return x.client }``."""
    checked = nil_test(stmt.test)
    return (
        checked is not None
        and checked[1]
        and isinstance(checked[0], ir.Member)
        and bool(stmt.then)
        and isinstance(stmt.then[-1], ir.Return)
    )


def _kept(program: Program, ident: FunctionId, call: ir.Call) -> bool:
    """Whether the result goes to something that outlives the function: a field, a map, a global."""
    for assign in program.golang.body(ident).assigns:
        if any(value is call for value in assign.values):
            target = assign.targets[0]
            if isinstance(target, ir.Name):
                return (
                    target.id != "_"
                    and program.golang.binding(ident, ir.Name(assign.end, target.id)) is None
                )
            return isinstance(target, (ir.Index, ir.Member))
    return False
