"""Whether a value comes from a request: its body, query, parameters, headers or message."""

from __future__ import annotations

from collections.abc import Iterator

from archlint.model import ir
from archlint.model.finding import Context
from archlint.model.pattern import lazy_regex
from archlint.model.walk import children
from archlint.program.ecma.records import Binding
from archlint.program.ecma.values import ExternalValue
from archlint.program.ecma_flow.places import dotted
from archlint.program.program import CallEdge, FunctionId, Program

REQUEST = lazy_regex(
    r"(?:Request|IncomingMessage|Context|NextRequest|HandlerEvent|ProxyEvent\w*)\(\)"
)
_INPUT = lazy_regex(
    REQUEST.pattern + r"(?:\.(?:request|req|raw|ctx))*"
    r"\.(?:body|rawBody|query|querystring|params?|headers?|cookies|url|originalUrl|path|hostname|get|files?"
    r"|text|json|formData|queryStringParameters|pathParameters)\b"
)
_DECORATORS = frozenset({"Body", "Query", "Param", "Headers", "MessageBody", "Args", "Payload"})
_DEPTH = 5
_CALLERS = 6
"""Callers that are asked about what they pass."""


def sent_directly(program: Program, function: FunctionId, expr: ir.Expr) -> bool:
    """Whether the function itself takes the value from a request: no caller is asked.

    What is fetched by means of it (``await find(query.page)``) is not what the client sent.
    """
    return from_request(program, function, expr, _DEPTH)


def from_request(program: Program, function: FunctionId, expr: ir.Expr, depth: int = 0) -> bool:
    """Whether part of an expression is data that a client sent."""
    if depth > _DEPTH:
        return False
    for node in _parts(expr, fetched=depth < _DEPTH):
        if isinstance(node, ir.Name):
            if _named(program, function, node, depth):
                return True
        elif isinstance(node, ir.Member):
            names = program.ecma.value_of(function, node)
            if any(isinstance(v, ExternalValue) and _INPUT.search(v.name) for v in names):
                return True
    return False


def _parts(expr: ir.Expr, *, fetched: bool) -> Iterator[ir.AnyNode]:
    """Names and members whose text ends up in the value; arguments of unknown calls do too.

    Those of awaited calls are left out where what is ``fetched`` does not count.
    """
    stack: list[ir.AnyNode] = [expr]
    while stack:
        node = stack.pop()
        yield node
        if isinstance(node, ir.Await) and not fetched:
            continue
        if isinstance(node, ir.Call):
            stack.extend(node.args)
            if isinstance(node.callee, ir.Member):
                stack.append(node.callee.object)
        elif isinstance(node, ir.Conditional):
            stack.extend((node.then, node.other))
        elif not isinstance(node, (ir.FunctionRef, ir.ClassRef, ir.Literal)):
            stack.extend(children(node))


def _named(program: Program, function: FunctionId, name: ir.Name, depth: int) -> bool:
    values = program.ecma.value_of(function, name)
    if any(isinstance(v, ExternalValue) and _INPUT.search(v.name) for v in values):
        return True
    binding = program.ecma.binding(function, name)
    if binding is None or binding.imported is not None:
        return False
    owner = (function[0], binding.function)
    if binding.parameter >= 0:
        return _parameter(program, owner, binding, depth)
    if binding.kind not in {"const", "let", "var"} or binding.function == 0:
        return False
    step = 0 if depth == _DEPTH and len(binding.sources) == 1 else 1
    return any(
        source.expr is not None
        and source.expr.at != name.at
        and from_request(program, owner, source.expr, depth + step)
        for source in binding.sources
    )


def _parameter(program: Program, owner: FunctionId, binding: Binding, depth: int) -> bool:
    """A handler's parameter, or one that a caller fills with request data."""
    facts = program.function(owner)
    param = facts.params[binding.parameter] if binding.parameter < len(facts.params) else None
    if param is not None and any(_decorates(d.value) for d in param.decorators):
        return True
    if owner in handlers(program):
        known = program.ecma.parameter(owner, binding.parameter)
        return not any(isinstance(value, ExternalValue) for value in known)
    if depth >= _DEPTH:
        return False
    graph = program.call_graph
    for caller in list(graph.pred[owner])[:_CALLERS] if owner in graph else ():
        edge: CallEdge = graph.edges[caller, owner]["edge"]
        for call in program.ecma.calls(caller):
            if call.at != edge.at or binding.parameter >= len(call.args):
                continue
            if from_request(program, caller, call.args[binding.parameter], depth + 1):
                return True
    return False


def _decorates(value: ir.Expr) -> bool:
    callee = value.callee if isinstance(value, ir.Call) else value
    return dotted(callee).rpartition(".")[2] in _DECORATORS


def handlers(program: Program) -> frozenset[FunctionId]:
    """The functions that requests and messages enter by."""
    return program.once(_handlers)


def _handlers(program: Program) -> frozenset[FunctionId]:
    return frozenset(
        entry.function
        for entry in program.entry_points
        if entry.kind is Context.REQUEST and entry.framework not in {"http", ""}
    )
