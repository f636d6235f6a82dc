"""How a function and its closures use a channel that it makes."""

from __future__ import annotations

import msgspec

from archlint.model import ir
from archlint.model.walk import walk
from archlint.program.golang_flow.shapes import is_name
from archlint.program.golang_flow.sites import sites, statements
from archlint.program.program import FunctionId, Program


class Channel(msgspec.Struct):
    """A channel made by ``make`` in ``function`` and held in the local variable ``name``.

    Uses are (function, offset); ``sends`` leaves out those in a select with another way out.
    ``escapes`` says that it is returned, stored or handed on: then its uses are not all known.
    """

    function: FunctionId
    name: str
    at: int
    buffered: bool
    sends: list[tuple[FunctionId, int]] = msgspec.field(default_factory=list)
    receives: list[tuple[FunctionId, int]] = msgspec.field(default_factory=list)
    ranges: list[tuple[FunctionId, int]] = msgspec.field(default_factory=list)
    closed: bool = False
    escapes: bool = False
    other_sends: bool = False


def channels(program: Program, ident: FunctionId) -> list[Channel]:
    """The channels that a function makes for itself, with their uses."""
    made: list[Channel] = []
    for assign in program.golang.body(ident).assigns:
        if len(assign.targets) != len(assign.values):
            continue
        for target, value in zip(assign.targets, assign.values, strict=True):
            if isinstance(target, ir.Name) and assign.op in {":=", "var"} and _makes(value):
                assert isinstance(value, ir.Call)
                buffered = len(value.args) > 1 and not _is_zero(value.args[1])
                made.append(Channel(ident, target.id, target.at, buffered))
    for channel in made:
        _collect(program, channel)
    return made


def _makes(value: ir.Expr) -> bool:
    """``make(chan T)``."""
    if not isinstance(value, ir.Call) or not is_name(value.callee, "make") or not value.args:
        return False
    first = value.args[0]
    return isinstance(first, ir.TypeExpr) and isinstance(first.type, ir.TChan)


def _is_zero(expr: ir.Expr) -> bool:
    return isinstance(expr, ir.Literal) and expr.value == "0"


def _collect(program: Program, channel: Channel) -> None:
    for ident in (channel.function, *sites(program).closures(channel.function)):
        function = program.function(ident)
        if any(is_name(param.name, channel.name) for param in function.params):
            continue
        body = function.body or ()
        optional = _optional(body)
        known: set[int] = {channel.at} if ident == channel.function else set()
        for node in walk(body):
            name = _use(channel, ident, node, optional)
            if name is not None:
                known.add(name.at)
        if any(is_name(node, channel.name) and node.at not in known for node in walk(body)):
            channel.escapes = True


def _optional(body: tuple[ir.Stmt, ...]) -> set[int]:
    """Offsets of sends that are one of several ways out of a select."""
    return {
        case.comm.at
        for stmt in statements(body)
        if isinstance(stmt, ir.Switch) and stmt.kind == "select" and len(stmt.cases) > 1
        for case in stmt.cases
        if isinstance(case.comm, ir.Send)
    }


def _use(channel: Channel, ident: FunctionId, node: object, optional: set[int]) -> ir.Name | None:
    """Record a use of the channel; the name through which it is used, None for other nodes."""
    name = channel.name
    if isinstance(node, ir.Send) and is_name(node.channel, name):
        if node.at in optional:
            channel.other_sends = True
        else:
            channel.sends.append((ident, node.at))
        found = node.channel
    elif isinstance(node, ir.Unary) and node.op == "<-" and is_name(node.value, name):
        channel.receives.append((ident, node.at))
        found = node.value
    elif isinstance(node, ir.Loop) and node.subject is not None and is_name(node.subject, name):
        channel.ranges.append((ident, node.at))
        found = node.subject
    elif isinstance(node, ir.Call) and len(node.args) == 1 and is_name(node.args[0], name):
        if not isinstance(node.callee, ir.Name) or node.callee.id not in {"close", "len", "cap"}:
            return None
        channel.closed |= node.callee.id == "close"
        found = node.args[0]
    else:
        return None
    assert isinstance(found, ir.Name)
    return found
