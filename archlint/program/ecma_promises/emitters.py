"""Streams, sockets and processes that emit 'error', and whether anyone listens."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from archlint.knowledge.errors import emitter, emitter_modules
from archlint.model import ir
from archlint.model.walk import children, walk
from archlint.program.ecma.index import Binding
from archlint.program.ecma_flow.sites import sites
from archlint.program.ecma_promises.kinds import FunctionId
from archlint.program.program import Program

_LISTEN = frozenset({"on", "once", "addListener", "prependListener", "addEventListener"})
_CHAINS = frozenset({*_LISTEN, "setEncoding", "setTimeout", "resume", "pause", "ref", "unref"})
_USES = frozenset(
    {
        "write", "end", "resume", "pause", "setEncoding", "setTimeout", "kill", "unref", "ref",
        "close", "destroy", "send", "setHeader", "setNoDelay", "setKeepAlive", "removeListener",
        "off", "cork", "uncork", "removeAllListeners", "terminate", "ping", "emit",
    }
)  # fmt: skip


class Unheard(msgspec.Struct, frozen=True):
    """``call`` in ``function`` makes an emitter (``kind``) whose 'error' event nobody hears."""

    function: FunctionId
    call: ir.Call
    kind: str
    piped: bool = False


def unheard(program: Program) -> Iterator[Unheard]:
    """The emitters that linked production files make and that get no 'error' listener.

    One that leaves its function's sight (returned, passed on, stored elsewhere) is left alone.
    """
    every = sites(program)
    for outer in every.calling(emitter, every.of_modules(emitter_modules())):
        ident, call, kind = outer.function, outer.call, emitter(outer.names[0])
        if not kind or ident[0] not in every.production:
            continue
        if kind in {"web socket", "database pool"} and not call.new:
            continue
        found = _fate(program, ident, call, _parents(program.function(ident).body or ()))
        if found is not None:
            yield Unheard(ident, call, kind, found == "piped")


def _parents(body: tuple[ir.Stmt, ...]) -> dict[int, ir.AnyNode]:
    """Node id -> the node around it, in one function's body."""
    parents: dict[int, ir.AnyNode] = {}
    for node in walk(body):
        for child in children(node):
            parents[id(child)] = node
    return parents


def _fate(
    program: Program, ident: FunctionId, call: ir.Expr, parents: dict[int, ir.AnyNode]
) -> str | None:
    """None when the emitter is heard or leaves; else plain or piped."""
    node: ir.AnyNode = call
    piped = False
    for _ in range(40):
        parent = parents.get(id(node))
        if isinstance(parent, ir.Member) and parent.object is node:
            outer = parents.get(id(parent))
            if not isinstance(outer, ir.Call) or outer.callee is not parent:
                return None
            if _listens(outer):
                return None
            if parent.name == "pipe":
                piped = True
            elif parent.name not in _CHAINS:
                return None
            if piped and parent.name == "pipe":
                return "piped" if _is_statement(outer, parents) else None
            node = outer
            continue
        if isinstance(parent, ir.ExprStmt):
            return "piped" if piped else "plain"
        if isinstance(parent, ir.Assign) and parent.values and parent.values[0] is node:
            return _bound(program, ident, parent.targets[0])
        return None
    return None


def _is_statement(node: ir.AnyNode, parents: dict[int, ir.AnyNode]) -> bool:
    """Whether the rest of a chain hears no error and goes nowhere."""
    for _ in range(40):
        parent = parents.get(id(node))
        if isinstance(parent, ir.Member):
            outer = parents.get(id(parent))
            if not isinstance(outer, ir.Call):
                return False
            node = outer
            continue
        return isinstance(parent, ir.ExprStmt)
    return False


def _listens(call: ir.Call) -> bool:
    """``x.on('error', ...)``, or an event that is not known."""
    callee = call.callee
    if not isinstance(callee, ir.Member) or callee.name not in _LISTEN or not call.args:
        return False
    event = call.args[0]
    return not isinstance(event, ir.Literal) or event.value == "error"


def _bound(program: Program, ident: FunctionId, target: ir.Expr) -> str | None:
    """What becomes of an emitter in a local constant: every mention of the name is looked at."""
    if not isinstance(target, ir.Name):
        return None
    binding = program.ecma.binding(ident, target)
    if binding is None or binding.function == 0 or len(binding.sources) != 1:
        return None
    facts = program.files[ident[0]]
    piped = False
    for index in _inside(program, ident):
        function = (ident[0], index)
        body = facts.functions[index].body or ()
        parents = _parents(body)
        for node in walk(body):
            if isinstance(node, ir.Name) and node.id == target.id and node is not target:
                use = _use(program, function, node, binding, parents)
                if use == "heard":
                    return None
                piped = piped or use == "piped"
    return "piped" if piped else "plain"


def _inside(program: Program, ident: FunctionId) -> list[int]:
    """A function and those inside it."""
    found = [ident[1]]
    known = {ident[1]}
    for function in program.files[ident[0]].functions:
        here = function
        chain = []
        while here.index not in known and here.parent > 0 and here.parent != here.index:
            chain.append(here.index)
            here = program.files[ident[0]].functions[here.parent]
        if here.index in known and chain:
            known.update(chain)
            found.append(function.index)
    return found


def _use(
    program: Program,
    function: FunctionId,
    node: ir.Name,
    binding: Binding,
    parents: dict[int, ir.AnyNode],
) -> str:
    """One mention: heard (or gone out of sight), piped, or harmless."""
    if program.ecma.binding(function, node) is not binding:
        return "harmless"
    parent = parents.get(id(node))
    if not isinstance(parent, ir.Member) or parent.object is not node:
        return "heard"
    outer = parents.get(id(parent))
    if isinstance(outer, ir.Call) and outer.callee is parent:
        here: ir.AnyNode = outer
        while isinstance(here, ir.Call):
            if _listens(here):
                return "heard"
            up = parents.get(id(here))
            over = parents.get(id(up)) if isinstance(up, ir.Member) else None
            if not isinstance(over, ir.Call):
                break
            here = over
        if parent.name == "pipe":
            return "piped"
        return "harmless" if parent.name in _LISTEN | _USES else "heard"
    return "heard" if parent.name == "onerror" else "harmless"
