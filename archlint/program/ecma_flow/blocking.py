"""The linked calls that hold the event loop, found once for all rules."""

from __future__ import annotations

from archlint.knowledge.node import Blocking, blocking, blocking_modules
from archlint.program.ecma_flow.sites import OuterCall, sites
from archlint.program.program import Program


def blocking_calls(program: Program) -> list[tuple[OuterCall, Blocking]]:
    """Each call with what it costs by the first of its names that costs something, in order."""
    return program.once(_blocking_calls)


def _blocking_calls(program: Program) -> list[tuple[OuterCall, Blocking]]:
    every = sites(program)
    calls = every.calling(blocking, every.of_modules(blocking_modules()))
    return [(call, cost) for call in calls for cost in _costs(call)[:1]]


def _costs(call: OuterCall) -> list[Blocking]:
    return [cost for name in call.names if (cost := blocking(name)) is not None]
