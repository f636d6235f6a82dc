"""A listener or interval is added for each request and never removed.

Why it matters: The emitter keeps every listener, and what the listener's closure holds, alive. With
each request the emitter gets slower and memory grows; Node.js warns at eleven listeners.
What to do: Add the listener once at start-up, use `once`, or remove it when the request or
connection ends.
Guide: Memory of a service with long-lived connections needs management (L41).
"""

from __future__ import annotations

from collections.abc import Iterator

from archlint.model import ir
from archlint.model.finding import Confidence, Context, Report, Severity
from archlint.model.walk import walk
from archlint.program.ecma_flow.holders import outlives
from archlint.program.ecma_flow.paths import way_in
from archlint.program.ecma_flow.places import dotted
from archlint.program.ecma_flow.sites import OuterCall, sites
from archlint.program.program import FunctionId, Program
from archlint.rules.registry import rule
from archlint.rules.reporting import Extra, Site, entry_phrase, site_report

_ADDS = frozenset({"on", "addListener", "prependListener", "addEventListener"})
_REMOVES = frozenset({"off", "removeListener", "removeAllListeners", "removeEventListener"})
_INTERVAL = "global:setInterval"
_PROCESS = ("global:process.", "node:process.", "node:cluster.")


@rule(
    "listener-leak",
    severity=Severity.WARNING,
    confidence=Confidence.MEDIUM,
    languages=("javascript", "typescript"),
)
def listener_leak(program: Program) -> Iterator[Report]:
    """Look at what requests add to emitters that outlive them, and at their intervals."""
    every = sites(program)
    for outer in every.named({_INTERVAL, *every.ending(_ADDS)}):
        if program.context(outer.function) is not Context.REQUEST:
            continue
        if _INTERVAL in outer.names:
            report = _interval(program, outer)
        else:
            report = _listener(program, outer)
        if report is not None:
            yield report


def _listener(program: Program, outer: OuterCall) -> Report | None:
    callee = outer.call.callee
    if not isinstance(callee, ir.Member) or callee.name not in _ADDS or len(outer.call.args) < 2:
        return None
    if not _long_lived(program, outer) or _removed(program, outer.function, callee):
        return None
    emitter = dotted(callee.object)
    event = outer.call.args[0]
    shown = f" '{event.value}'" if isinstance(event, ir.Literal) else ""
    message = f"each request adds a{shown} listener to {emitter} and none is removed"
    return _report(program, outer, message, f"{emitter}.{callee.name}")


def _long_lived(program: Program, outer: OuterCall) -> bool:
    """Whether the emitter is the process, or a variable of a module."""
    callee = outer.call.callee
    assert isinstance(callee, ir.Member)
    if any(name.startswith(_PROCESS) for name in outer.names):
        return True
    root: ir.Expr = callee.object
    while isinstance(root, ir.Member):
        root = root.object
    if not isinstance(root, ir.Name) or not dotted(callee.object):
        return False
    binding = program.ecma.binding(outer.function, root)
    if binding is None or not outlives(binding, outer.function):
        return False
    return (
        binding.function == 0
        and isinstance(callee.object, ir.Name)
        and not _made_before(program, outer, root.id)
    )


def _made_before(program: Program, outer: OuterCall, name: str) -> bool:
    """Whether the function gives the variable a new emitter, whatever happens, before the call."""
    body = program.function(outer.function).body or ()
    values = (stmt.value for stmt in body if isinstance(stmt, ir.ExprStmt))
    return any(
        isinstance(value, ir.Assign)
        and value.at < outer.call.at
        and any(isinstance(target, ir.Name) and target.id == name for target in value.targets)
        and any(isinstance(made, (ir.Call, ir.Await)) for made in value.values)
        for value in values
    )


def _removed(program: Program, function: FunctionId, callee: ir.Member) -> bool:
    """Whether the function, or a closure in it, removes listeners from the same emitter."""
    emitter = dotted(callee.object)
    return any(
        isinstance(node, ir.Member) and node.name in _REMOVES and dotted(node.object) == emitter
        for node in _nodes_within(program, function)
    )


def _nodes_within(program: Program, function: FunctionId) -> Iterator[ir.AnyNode]:
    """Every node of a function and of the functions written in it."""
    facts = program.files[function[0]]
    outer = facts.functions[function[1]]
    for inner in facts.functions:
        if inner.at >= outer.at and inner.end <= outer.end and inner.index:
            yield from walk(inner.body or ())


def _interval(program: Program, outer: OuterCall) -> Report | None:
    """An interval whose handle is neither kept nor cleared."""
    for node in _nodes_within(program, outer.function):
        if isinstance(node, ir.Name) and node.id == "clearInterval":
            return None
        if isinstance(node, ir.Assign) and outer.call in node.values and _kept(node):
            return None
        if isinstance(node, (ir.Return, ir.Property)) and _holds(node, outer.call):
            return None
    return _report(
        program, outer, "each request starts an interval that is never cleared", "interval"
    )


def _kept(assign: ir.Assign) -> bool:
    """Whether the handle goes to something that others can clear it from."""
    return not isinstance(assign.targets[0], ir.Name) or assign.op == "="


def _holds(node: ir.AnyNode, call: ir.Call) -> bool:
    return any(inner is call for inner in walk([node]))


def _report(program: Program, outer: OuterCall, message: str, key: str) -> Report | None:
    way = way_in(program, outer.function, outer.call.at)
    if way.guard or way.context is not Context.REQUEST:
        return None
    phrase = entry_phrase(program, outer.function)
    site = Site(function=outer.function, at=outer.call.at, end=outer.call.paren, label=key)
    text = ", ".join(filter(None, (message, phrase)))
    return site_report(program, site, text, key, Extra(cap=Severity.WARNING))
