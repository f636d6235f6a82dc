"""How a function, its closures and what it hands it to use a channel that it makes."""

from __future__ import annotations

import msgspec

from archlint.model import ir
from archlint.model.walk import walk
from archlint.program.golang_flow.shapes import is_name
from archlint.program.golang_flow.sites import sites, statements
from archlint.program.program import FunctionId, Program

Use = tuple[FunctionId, int]
_DEPTH = 2
"""Functions that a channel is handed on to."""


class Channel(msgspec.Struct):
    """A channel that ``function`` makes and holds in the local variable ``name``.

    Uses are (function, offset); ``sends`` leaves out those in a select with another way out.
    ``escapes`` says that it is stored, or handed to something unknown: then its uses are not all
    known; ``returned`` that it is what the function gives. ``apart`` are the functions that run in
    goroutines of their own, ``starts`` the offsets of the ``go`` statements that start them.
    """

    function: FunctionId
    name: str
    at: int
    buffered: bool
    sends: list[Use] = msgspec.field(default_factory=list)
    receives: list[Use] = msgspec.field(default_factory=list)
    ranges: list[Use] = msgspec.field(default_factory=list)
    closed: bool = False
    escapes: bool = False
    returned: bool = False
    other_sends: bool = False
    apart: set[FunctionId] = msgspec.field(default_factory=set)
    starts: dict[int, FunctionId] = msgspec.field(default_factory=dict)


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
        _Uses(program, channel).collect(channel.function, channel.name, 0)
    return made


def held(program: Program, ident: FunctionId, name: str) -> Channel:
    """The uses of a channel that a call gave to a local variable."""
    at = next(
        (
            target.at
            for assign in program.golang.body(ident).assigns
            for target in assign.targets
            if is_name(target, name) and assign.op in {":=", "var"}
        ),
        -1,
    )
    channel = Channel(ident, name, at, False)
    _Uses(program, channel).collect(ident, name, 0)
    return channel


def _makes(value: ir.Expr) -> bool:
    """``make(chan T)``."""
    if not isinstance(value, ir.Call) or not is_name(value.callee, "make") or not value.args:
        return False
    first = value.args[0]
    return isinstance(first, ir.TypeExpr) and isinstance(first.type, ir.TChan)


def _is_zero(expr: ir.Expr) -> bool:
    return isinstance(expr, ir.Literal) and expr.value == "0"


class _Uses:
    """Collects the uses of one channel."""

    def __init__(self, program: Program, channel: Channel) -> None:
        self.program = program
        self.channel = channel

    def collect(self, holder: FunctionId, name: str, depth: int) -> None:
        """Uses under ``name`` in a function and in the closures inside it."""
        for ident in (holder, *sites(self.program).closures(holder)):
            function = self.program.function(ident)
            if ident != holder and any(is_name(p.name, name) for p in function.params):
                continue
            self._spawned(holder, ident)
            body = function.body or ()
            optional = _optional(body)
            known = {self.channel.at} if ident == self.channel.function else set()
            for node in walk(body):
                used = self._use(ident, node, name, optional)
                if used is None and isinstance(node, ir.Call):
                    used = self._handed(ident, node, name, depth)
                elif (
                    used is None
                    and isinstance(node, ir.Return)
                    and ident == holder == (self.channel.function)
                ):
                    used = next((v for v in node.values if is_name(v, name)), None)
                    self.channel.returned |= used is not None
                if isinstance(used, ir.Name):
                    known.add(used.at)
            if any(is_name(node, name) and node.at not in known for node in walk(body)):
                self.channel.escapes = True

    def _spawned(self, holder: FunctionId, ident: FunctionId) -> None:
        """Note a closure that runs in a goroutine, or lies in one that does."""
        functions = self.program.files[ident[0]].functions
        index = ident[1]
        while index != holder[1] and index > 0:
            use = sites(self.program).given.get((ident[0], index))
            if use is not None and use[2] == "spawn":
                self.channel.apart.add(ident)
                if use[0] == self.channel.function:
                    self.channel.starts[use[1].at] = ident
                return
            index = functions[index].parent
        if holder in self.channel.apart:
            self.channel.apart.add(ident)

    def _use(
        self, ident: FunctionId, node: object, name: str, optional: set[int]
    ) -> ir.Expr | None:
        """Record a use; the name through which the channel is used, None for other nodes."""
        channel = self.channel
        if isinstance(node, ir.Send) and is_name(node.channel, name):
            if node.at in optional:
                channel.other_sends = True
            else:
                channel.sends.append((ident, node.at))
            return node.channel
        if isinstance(node, ir.Unary) and node.op == "<-" and is_name(node.value, name):
            channel.receives.append((ident, node.at))
            return node.value
        if isinstance(node, ir.Loop) and node.subject is not None and is_name(node.subject, name):
            channel.ranges.append((ident, node.at))
            return node.subject
        asked = _asked(node, name)
        channel.closed |= asked == "close"
        return node.args[0] if asked and isinstance(node, ir.Call) else None

    def _handed(self, ident: FunctionId, call: ir.Call, name: str, depth: int) -> ir.Expr | None:
        """Follow the channel into the one function of the repo that it is an argument of."""
        slot = next((i for i, arg in enumerate(call.args) if is_name(arg, name)), -1)
        if slot < 0 or depth >= _DEPTH:
            return None
        callee = self.program.golang.callee(ident, call)
        if len(callee.functions) != 1 or callee.kind not in {"function", "method", "closure"}:
            return None
        target = callee.functions[0]
        function = self.program.function(target)
        if slot >= len(function.params) or function.params[slot].rest or not function.body:
            return None
        param = function.params[slot].name
        if not isinstance(param, ir.Name) or target == self.channel.function:
            return None
        if self._is_spawn(ident, call):
            self.channel.apart.add(target)
            if ident == self.channel.function:
                self.channel.starts[call.at] = target
        elif ident in self.channel.apart:
            self.channel.apart.add(target)
        if param.id not in {"", "_"}:
            self.collect(target, param.id, depth + 1)
        return call.args[slot]

    def _is_spawn(self, ident: FunctionId, call: ir.Call) -> bool:
        return any(
            launched is call and isinstance(stmt, ir.Spawn)
            for launched, stmt in self.program.golang.body(ident).dropped
        )


def _asked(node: object, name: str) -> str:
    """Which of ``close``, ``len`` and ``cap`` is called with the channel, "" for none."""
    if not isinstance(node, ir.Call) or len(node.args) != 1 or not is_name(node.args[0], name):
        return ""
    asked = node.callee.id if isinstance(node.callee, ir.Name) else ""
    return asked if asked in {"close", "len", "cap"} else ""


def _optional(body: tuple[ir.Stmt, ...]) -> set[int]:
    """Offsets of sends that are one of several ways out of a select."""
    return {
        case.comm.at
        for stmt in statements(body)
        if isinstance(stmt, ir.Switch) and stmt.kind == "select" and len(stmt.cases) > 1
        for case in stmt.cases
        if isinstance(case.comm, ir.Send)
    }
