"""Functions that give back HTTP responses whose bodies may be closed already."""

from __future__ import annotations

from typing import Any

from archlint.model import ir
from archlint.model.walk import walk
from archlint.program.golang_flow.flow import Analysis, State, follow
from archlint.program.golang_flow.responses import is_body, is_response
from archlint.program.golang_flow.shapes import is_name, source_of
from archlint.program.golang_flow.sites import sites
from archlint.program.program import FunctionId, Program

_DEPTH = 3
"""Functions through which a response is followed to its close."""
_HEAD = {"net/http.NewRequest": 0, "net/http.NewRequestWithContext": 1}
"""Functions that make a request -> the argument that is its method."""


def gives_closed(program: Program, ident: FunctionId, call: ir.Call) -> bool:
    """Whether the response that a call gives may be closed: by the callee, or by what that calls.

    ``return resp, decode(resp)`` where ``decode`` reads the body and closes it.
    """
    targets = program.golang.static_targets(program.golang.unit(ident[0]), ident[1], call)
    return any(_gives(program, target) for target in targets)


def _gives(program: Program, ident: FunctionId) -> bool:
    known = program.memo.setdefault(__name__, {})
    assert isinstance(known, dict)
    found = known.get(ident)
    if found is None:
        known[ident] = False  # while it is asked: what calls itself gives what the rest gives
        found = known[ident] = _closes(program, ident) or _passes_on(program, ident)
    return bool(found)


def _closes(program: Program, ident: FunctionId) -> bool:
    """Whether a path closes a response and then returns it."""
    function = program.function(ident)
    analysis = _Closed(program, ident)
    if analysis.names:
        follow(function.body or (), analysis)
    return analysis.returned


def _passes_on(program: Program, ident: FunctionId) -> bool:
    """Whether the function, or a closure in it, calls one that gives closed responses."""
    for part in (ident, *sites(program).closures(ident)):
        for call in program.golang.body(part).calls:
            if gives_response(program, part, call) and gives_closed(program, part, call):
                return True
    return False


def gives_response(program: Program, ident: FunctionId, call: ir.Call) -> bool:
    """Whether the first result of a call is a response."""
    results = program.golang.call_results(ident, call)
    return bool(results) and is_response(results[0])  # type: ignore[index]


class _Closed(Analysis):
    """Follows which variables hold a response that is closed, to the returns that give them."""

    def __init__(self, program: Program, ident: FunctionId) -> None:
        self.program = program
        self.ident = ident
        self.returned = False
        self.results = {field.name for field in program.function(ident).results}
        self.names = {
            assign.targets[0].id
            for assign in program.golang.body(ident).assigns
            if isinstance(assign.targets[0], ir.Name)
            and len(assign.values) == 1
            and isinstance(assign.values[0], ir.Call)
            and gives_response(program, ident, assign.values[0])
        }

    def visit(self, node: Any, state: State) -> State:
        """A close, or a variable that holds another response from here on."""
        closed = {name for name in self.names - state if self._closes(node, name)}
        if isinstance(node, ir.Assign):
            state -= {target.id for target in node.targets if isinstance(target, ir.Name)}
        return state | closed

    def leave(self, node: ir.Return | None, state: State) -> None:
        """A closed response is given back: written down, or as a named result."""
        if node is None:
            return
        if node.values:
            self.returned |= any(is_name(node.values[0], name) for name in state)
        else:
            self.returned |= bool(state & self.results)

    def _closes(self, node: Any, name: str) -> bool:
        calls = (inner for inner in walk((node,)) if isinstance(inner, ir.Call))
        return any(_closing(self.program, self.ident, call, name) for call in calls)


def _closing(
    program: Program, ident: FunctionId, call: ir.Call, name: str, depth: int = _DEPTH
) -> bool:
    """``resp.Body.Close()``, or the response (or its body) given to what closes it."""
    callee = call.callee
    if isinstance(callee, ir.Member) and callee.name == "Close":
        return is_body(callee.object, name) or is_name(callee.object, name)
    for number, arg in enumerate(call.args):
        if is_name(arg, name) or is_body(arg, name):
            return _takes(program, (ident, call), number, depth)
    return False


def _takes(program: Program, place: tuple[FunctionId, ir.Call], number: int, depth: int) -> bool:
    """Whether the callee closes an argument; nobody knows of a function that is a value."""
    callee = program.golang.callee(*place)
    if not callee.functions:
        return callee.kind == "value"
    for function in callee.functions if depth else ():
        params = program.function(function).params
        param = params[number].name if number < len(params) else None
        if isinstance(param, ir.Name) and _closes_param(program, function, param.id, depth - 1):
            return True
    return False


def _closes_param(program: Program, ident: FunctionId, name: str, depth: int) -> bool:
    return any(
        _closing(program, part, call, name, depth)
        for part in (ident, *sites(program).closures(ident))
        for call in program.golang.body(part).calls
    )


def asks_for_head(program: Program, ident: FunctionId, call: ir.Call) -> bool:
    """Whether a request that is sent asks for the head alone: its answer has no body."""
    for arg in call.args:
        made = source_of(program, ident, arg) if isinstance(arg, ir.Name) else None
        if isinstance(made, ir.Call):
            number = _HEAD.get(program.golang.callee(ident, made).canonical)
            if number is not None and number < len(made.args):
                return _is_head(made.args[number])
    return False


def _is_head(method: ir.Expr) -> bool:
    if isinstance(method, ir.Member):
        return method.name == "MethodHead"
    return isinstance(method, ir.Literal) and method.value == "HEAD"
