"""Whether a function leaves while goroutines that it started still wait to send to it."""

from __future__ import annotations

from typing import Any, NamedTuple

from archlint.model import ir
from archlint.model.walk import walk
from archlint.program.golang_flow.channels import Channel
from archlint.program.golang_flow.flow import Analysis, State, follow
from archlint.program.golang_flow.shapes import is_name
from archlint.program.golang_flow.sites import sites, statements
from archlint.program.program import FunctionId, Program


class Leaving(NamedTuple):
    """How the function leaves: the return (None: its end), and whether it received some before."""

    exit: ir.Return | None
    some: bool


def abandoned(program: Program, channel: Channel) -> Leaving | None:
    """The first way out of the function on which a sender is left waiting; None when there is none.

    Only for unbuffered channels whose senders are goroutines and whose receiver is the function.
    """
    if channel.buffered or not channel.sends:
        return None
    if not all(ident in channel.apart for ident, _ in channel.sends):
        return None
    if any(ident != channel.function for ident, _ in (*channel.receives, *channel.ranges)):
        return None
    analysis = _Open(program, channel)
    follow(program.function(channel.function).body or (), analysis)
    return analysis.exits[0] if analysis.exits else None


class _Open(Analysis):
    """Follows a channel from the start of its senders to a receive or an exit.

    One receive sets one sender free. Where there may be more of them, a loop that receives is taken
    to do so as often as it must, unless the function returns from within it.
    """

    def __init__(self, program: Program, channel: Channel) -> None:
        self.channel = channel
        found = sites(program)
        holder = channel.function
        self.starts = _sending(channel)
        self.loops = [loop for loop in found.loops(holder) if self._receives(loop)]
        started = [found.loops_around(holder, at) for at in self.starts]
        alone = len([at for _, at in channel.receives if not self._around(at)])
        self.fans = any(loops and loops[-1] not in self.loops for loops in started) or (
            not self.loops and self._together(program) > alone > 0
        )
        self.streams = any(found.loops_around(ident, at) for ident, at in channel.sends)
        self.exits: list[Leaving] = []

    def _together(self, program: Program) -> int:
        """The senders that are started whatever happens: no branch chooses between them."""
        branches = [
            stmt
            for stmt in statements(program.function(self.channel.function).body or ())
            if isinstance(stmt, (ir.If, ir.Switch))
        ]
        return sum(not any(b.at < at < b.end for b in branches) for at in self.starts)

    def visit(self, node: Any, state: State) -> State:
        """A spawn opens, a receive closes, or begins to."""
        if isinstance(node, ir.Spawn):
            call = node.call
            opens = isinstance(call, ir.Call) and call.at in self.starts
            return state | {"open"} if opens else state
        if not state or not self._receives(node):
            return state
        return frozenset({"some"}) if self.fans or self.streams else frozenset()

    def skip(self, loop: ir.Loop, state: State) -> State | None:
        """A loop that receives has done so as often as it must when it ends by itself."""
        return frozenset() if state and self._receives(loop) else state

    def leave(self, node: ir.Return | None, state: State) -> None:
        """An exit with a sender still waiting."""
        if "open" in state:
            self.exits.append(Leaving(node, False))
        elif "some" in state and self._leaves_others(node):
            self.exits.append(Leaving(node, True))

    def _leaves_others(self, node: ir.Return | None) -> bool:
        """Whether senders remain although one was set free."""
        if node is not None and self._around(node.at):
            return self.fans or _fails(node)
        return self.fans and not self.loops

    def _around(self, at: int) -> bool:
        return any(loop.at < at < loop.end for loop in self.loops)

    def _receives(self, node: Any) -> bool:
        name = self.channel.name
        if is_name(node, name):
            return True
        return any(
            (isinstance(n, ir.Unary) and n.op == "<-" and is_name(n.value, name))
            or (isinstance(n, ir.Loop) and n.subject is not None and is_name(n.subject, name))
            for n in walk((node,))
        )


def _sending(channel: Channel) -> set[int]:
    """Where the goroutines that send are started."""
    senders = {ident for ident, _ in channel.sends}
    direct = {at for at, ident in channel.starts.items() if ident in senders}
    return direct or set(channel.starts)


def _fails(node: ir.Return) -> bool:
    """Whether a return gives an error: its last value is neither nil nor a plain literal."""
    last = node.values[-1] if node.values else None
    return last is not None and not isinstance(last, (ir.Literal, ir.Composite))


# ------------------------------------------------------------------ generators


def generator(program: Program, ident: FunctionId) -> Channel | None:
    """The unbuffered channel that a function returns and a goroutine of it fills in a loop."""
    from archlint.program.golang_flow.channels import channels

    for channel in channels(program, ident):
        if channel.returned and not channel.escapes and not channel.buffered and channel.sends:
            endless = all(who in channel.apart for who, _ in channel.sends)
            found = sites(program)
            if endless and any(found.loops_around(who, at) for who, at in channel.sends):
                return channel
    return None
