"""Promise.all over collections of unknown size whose elements each start input or output."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from archlint.knowledge.node import bounds_concurrency
from archlint.model import ir
from archlint.model.walk import walk
from archlint.program.ecma.linker import Resolution
from archlint.program.ecma.values import FunctionValue
from archlint.program.ecma_flow.sites import sites
from archlint.program.ecma_promises.kinds import FunctionId
from archlint.program.ecma_promises.promiseness import Promises
from archlint.program.ecma_promises.sorts import Sort
from archlint.program.program import Program

_COMBINED = frozenset({"all", "allSettled"})
_BOUNDED = frozenset({"slice", "splice", "chunk", "take", "first", "limit"})
_DEPTH = 6
_IO = ("npm:", "node:", "global:fetch")
_NO_IO = (
    "node:timers", "node:util", "node:crypto", "npm:lodash", "npm:bcrypt", "global:Promise",
    "npm:react.", "npm:@react-email", "npm:class-validator", "npm:class-transformer",
    "npm:multiformats",
)  # fmt: skip
_BODIES = ("~.json", "~.text", "~.arrayBuffer", "~.blob", "~.bytes", "~.formData")
"""Reading what has been answered starts nothing."""


class Burst(msgspec.Struct, frozen=True):
    """A burst that ``call`` in ``function`` waits for; ``callee`` is what each element starts."""

    function: FunctionId
    call: ir.Call
    collection: ir.Expr
    callee: str


def bursts(program: Program, promises: Promises) -> Iterator[Burst]:
    """The unbounded bursts that linked production files start."""
    every = sites(program)
    for fn, call in every.written(_COMBINED):
        callee, path = call.callee, fn.file.path
        if not (
            isinstance(callee, ir.Member)
            and isinstance(callee.object, ir.Name)
            and callee.object.id == "Promise"
            and call.args
            and path in every.linked
            and path in every.production
        ):
            continue
        ident = fn.id
        mapped = _mapped(program, ident, call.args[0])
        if mapped is None:
            yield from _collected(program, promises, ident, call)
            continue
        owner, inner = mapped
        assert isinstance(inner.callee, ir.Member)
        collection = inner.callee.object
        if not _unbounded(program, owner, collection, 0):
            continue
        started = _starts(program, promises, owner, inner.args[0])
        if started:
            yield Burst(ident, call, collection, started)


def _collected(
    program: Program, promises: Promises, ident: FunctionId, call: ir.Call
) -> Iterator[Burst]:
    """``for (x of xs) list.push(start(x))`` before ``Promise.all(list)``."""
    name = call.args[0]
    if not isinstance(name, ir.Name):
        return
    for node in walk(program.function(ident).body or ()):
        if not (isinstance(node, ir.Loop) and node.subject is not None and node.end < call.at):
            continue
        for inner in walk(node.body):
            if not (
                isinstance(inner, ir.Call)
                and isinstance(inner.callee, ir.Member)
                and inner.callee.name == "push"
                and isinstance(inner.callee.object, ir.Name)
                and inner.callee.object.id == name.id
                and inner.args
            ):
                continue
            if _unbounded(program, ident, node.subject, 0):
                started = _started_by(program, promises, ident, inner.args[0])
                if started:
                    yield Burst(ident, call, node.subject, started)
                    return


def _started_by(program: Program, promises: Promises, ident: FunctionId, node: ir.Expr) -> str:
    """The input or output that evaluating an expression starts."""
    for call in walk([node]):
        if not isinstance(call, ir.Call):
            continue
        found = _called(program, promises, program.ecma.resolve_call(ident, call), 0, set())
        if found:
            return found
    return ""


def _called(
    program: Program,
    promises: Promises,
    reached: Resolution,
    depth: int,
    seen: set[FunctionId],
) -> str:
    """The input or output that a resolved call starts and gives a promise of."""
    for name in reached.externals:
        if _is_io(promises, name):
            return name
    for target in reached.targets:
        if promises.returns(target) is Sort.PROMISE:
            found = _io(program, promises, target, depth, seen)
            if found:
                return found
    return ""


def _is_io(promises: Promises, name: str) -> bool:
    """Whether a call of a canonical name starts input or output and gives a promise of it."""
    if not name.startswith(_IO) or name.startswith(_NO_IO):
        return False
    if name.endswith(_BODIES):
        return False
    starts = promises.outside.api.kind(name) in {"promise", "hybrid", "lazy"}
    return starts or promises.awaits(name, "")


def _mapped(
    program: Program, ident: FunctionId, node: ir.Expr
) -> tuple[FunctionId, ir.Call] | None:
    """The ``x.map(f)`` that a list of promises is, perhaps through a constant."""
    for _ in range(3):
        if isinstance(node, ir.Cast):
            node = node.value
        elif isinstance(node, ir.Name):
            binding = program.ecma.binding(ident, node)
            if binding is None or binding.kind != "const" or len(binding.sources) != 1:
                return None
            source = binding.sources[0]
            if source.expr is None or source.steps:
                return None
            ident, node = (binding.path, source.function), source.expr
        else:
            break
    if not isinstance(node, ir.Call) or not isinstance(node.callee, ir.Member):
        return None
    return (ident, node) if node.callee.name in {"map", "flatMap"} and node.args else None


def _unbounded(program: Program, ident: FunctionId, node: ir.Expr, depth: int) -> bool:
    """Whether a collection may have any number of elements: data, not code, decides."""
    if depth > _DEPTH:
        return False
    if isinstance(node, ir.Cast):
        return _unbounded(program, ident, node.value, depth + 1)
    if isinstance(node, ir.Await):
        return True
    if isinstance(node, ir.Binary) and node.op in {"||", "??"}:
        return _unbounded(program, ident, node.left, depth + 1)
    if isinstance(node, ir.Call):
        callee = node.callee
        if not isinstance(callee, ir.Member):
            return False
        if callee.name in _BOUNDED:
            return False
        if callee.name in {"keys", "values", "entries", "from"} and node.args:
            return _unbounded(program, ident, node.args[0], depth + 1)
        return callee.name in {"filter", "map", "flat", "concat", "sort", "split", "flatMap"} and (
            _unbounded(program, ident, callee.object, depth + 1)
        )
    if isinstance(node, ir.Name):
        return _name(program, ident, node, depth)
    if isinstance(node, ir.Member):
        return _from_request(node) or _from_data(program, ident, node, depth)
    return False


def _name(program: Program, ident: FunctionId, node: ir.Name, depth: int) -> bool:
    binding = program.ecma.binding(ident, node)
    if binding is None or binding.imported is not None:
        return False
    if binding.parameter >= 0:
        return _parameter(program, (binding.path, binding.function), binding.parameter, depth)
    sources = [s for s in binding.sources if s.expr is not None]
    return any(
        s.expr is not None and _unbounded(program, (binding.path, s.function), s.expr, depth + 1)
        for s in sources
    )


def _parameter(program: Program, ident: FunctionId, position: int, depth: int) -> bool:
    """Whether a known call site passes an unbounded collection."""
    for site in program.ecma.evaluator.parameters.sites(ident)[:8]:
        if site.caller is None or site.take or position >= len(site.args):
            continue
        if _unbounded(program, site.caller.id, site.args[position], depth + 1):
            return True
    return False


def _from_request(node: ir.Member) -> bool:
    """``req.body.items``, ``ctx.request.body``, ``event.Records``."""
    names = []
    here: ir.Expr = node
    while isinstance(here, ir.Member):
        names.append(here.name)
        here = here.object
    root = here.id if isinstance(here, ir.Name) else ""
    return root in {"req", "request", "ctx", "event"} and bool(
        {"body", "query", "params", "Records", "files"} & set(names)
    )


def _from_data(program: Program, ident: FunctionId, node: ir.Member, depth: int) -> bool:
    """A field of an awaited result: ``(await find()).rows``, ``result.data``."""
    base = node.object
    return isinstance(base, ir.Await | ir.Name) and _unbounded(program, ident, base, depth + 1)


def _starts(program: Program, promises: Promises, ident: FunctionId, callback: ir.Expr) -> str:
    """The input or output that calling the callback starts ("" for none, or for a limited one)."""
    for value in program.ecma.value_of(ident, callback):
        if isinstance(value, FunctionValue):
            found = _io(program, promises, (value.path, value.index), 0, set())
            if found:
                return found
    return ""


def _io(
    program: Program,
    promises: Promises,
    ident: FunctionId,
    depth: int,
    seen: set[FunctionId],
) -> str:
    if ident in seen or depth > 4:
        return ""
    seen.add(ident)
    facts = program.function(ident)
    calls = program.ecma.calls(ident)
    for call in calls:
        for name in program.ecma.resolve_call(ident, call).externals:
            if bounds_concurrency(name) or name.endswith("()()"):
                return ""
    waits = facts.is_async or any(isinstance(n, ir.Return) for n in walk(facts.body or ()))
    for call in calls if waits else ():
        reached = program.ecma.resolve_call(ident, call)
        found = _called(program, promises, reached, depth + 1, seen)
        if found:
            return found
    return ""
