"""Cancel functions of contexts that a path leaves without calling or handing them on."""

from __future__ import annotations

from typing import Any, NamedTuple

from archlint.model import ir
from archlint.model.walk import walk
from archlint.program.golang_flow.flow import Analysis, State, follow
from archlint.program.golang_flow.shapes import captured_names
from archlint.program.golang_flow.sites import sites
from archlint.program.program import FunctionId, Program

_MAKERS = (
    "WithCancel", "WithCancelCause", "WithDeadline", "WithDeadlineCause", "WithTimeout",
    "WithTimeoutCause",
)  # fmt: skip


class Lost(NamedTuple):
    """``cancel`` is the variable ("_" when it is dropped at once); ``exit`` where a path leaves."""

    function: FunctionId
    call: ir.Call
    cancel: str
    exit: int


def lost_cancels(program: Program) -> list[Lost]:
    """Calls that make a context whose cancel function gets lost, by place."""
    calls: dict[FunctionId, dict[int, ir.Call]] = {}
    for ident, call, callee in sites(program).calls(_MAKERS):
        if callee.canonical.startswith("context."):
            calls.setdefault(ident, {})[id(call)] = call
    found: list[Lost] = []
    for ident in sorted(calls):
        function = program.function(ident)
        if function.name == "main" and function.kind == "function":
            continue  # the process ends with it
        found += _function(program, ident, calls[ident])
    return found


def _function(program: Program, ident: FunctionId, calls: dict[int, ir.Call]) -> list[Lost]:
    found: list[Lost] = []
    made: dict[int, tuple[str, ir.Call]] = {}
    body = program.golang.body(ident)
    captured = captured_names(program, ident) | body.addressed
    for assign in body.assigns:
        value = assign.values[0] if len(assign.values) == 1 else None
        call = calls.get(id(value))
        target = assign.targets[1] if len(assign.targets) == 2 else None
        if call is None or not isinstance(target, ir.Name):
            continue
        if target.id == "_":
            found.append(Lost(ident, call, "_", call.at))
            continue
        local = program.golang.binding(ident, ir.Name(assign.end, target.id))
        if local is not None and local[1] == ident and target.id not in captured:
            made[assign.at] = (target.id, call)
    if made:
        analysis = _Unused(program, ident, made)
        follow(program.function(ident).body or (), analysis)
        found += [
            Lost(ident, call, made[at][0], exit_)
            for at, exit_ in sorted(analysis.lost.items())
            for call in (made[at][1],)
        ]
    return found


class _Unused(Analysis):
    """Facts are the offsets of the assignments whose cancel function nobody has used yet."""

    def __init__(
        self, program: Program, ident: FunctionId, made: dict[int, tuple[str, ir.Call]]
    ) -> None:
        function = program.function(ident)
        self.made = made
        self.named = {field.name for field in function.results if field.name}
        self.end = function.end - 1
        self.lost: dict[int, int] = {}

    def visit(self, node: Any, state: State) -> State:
        """A mention is a use; an assignment of another one ends the first."""
        written: set[int] = set()
        if isinstance(node, ir.Assign):
            written = {id(target) for target in node.targets}
        if state:
            names = {
                inner.id
                for inner in walk((node,))
                if isinstance(inner, ir.Name) and id(inner) not in written
            }
            names |= {t.id for t in getattr(node, "targets", ()) if isinstance(t, ir.Name)}
            state = frozenset(at for at in state if self.made[at][0] not in names)
        made = isinstance(node, ir.Assign) and node.at in self.made
        return state | {node.at} if made else state

    def leave(self, node: ir.Return | None, state: State) -> None:
        """A bare return gives named results."""
        for at in state:
            given = node is not None and not node.values and self.made[at][0] in self.named
            if not given:
                self.lost.setdefault(at, node.at if node is not None else self.end)
