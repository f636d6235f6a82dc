"""A collection of the module grows with each request and nothing ever takes entries out.

Why it matters: What a module holds lives as long as the process. A map that gets an entry per
user, token or URL grows until the process runs out of memory, usually at peak load.
What to do: Bound it: an LRU cache with a maximum, a time to live, or a delete when the entry is
done with. A WeakMap suits data that belongs to an object.
Guide: In-memory caching makes the memory of a long-running service grow (L40).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from archlint.model import ir
from archlint.model.finding import Confidence, Context, Report, Severity
from archlint.model.walk import walk
from archlint.program.ecma.records import Binding
from archlint.program.ecma_flow.guards import GATED, SETUP, guard
from archlint.program.ecma_flow.holders import module_level
from archlint.program.ecma_flow.inputs import from_request
from archlint.program.ecma_flow.paths import way_in
from archlint.program.ecma_flow.places import dotted
from archlint.program.ecma_flow.sites import sites
from archlint.program.program import FunctionId, Program
from archlint.rules.registry import rule
from archlint.rules.reporting import Extra, Site, entry_phrase, site_report

_GROWS = {"set": 2, "add": 1, "push": 1, "unshift": 1}
_SHRINKS = frozenset(
    {"delete", "clear", "splice", "shift", "pop", "remove", "evict", "prune", "reset", "length"}
    | {"size", "filter", "forEach", "deleteProperty"}
)
_COLLECTIONS = frozenset({"Map", "Set", "Array"})


_SAME = frozenset({"Partial", "Readonly", "Required"})
_KEYED = frozenset({"Record", "Map", "ReadonlyMap"})
_OPEN_KEYS = frozenset({"string", "number", "any", "unknown", "symbol", "bigint", "PropertyKey"})
_OPEN_VALUES = frozenset({"global:String()", "global:Number()"})


class _Growth(NamedTuple):
    """An entry added to a module's collection; ``key`` is what tells entries apart."""

    function: FunctionId
    at: int
    end: int
    binding: Binding
    key: ir.Expr | None


@rule(
    "unbounded-cache",
    severity=Severity.WARNING,
    confidence=Confidence.MEDIUM,
    languages=("javascript", "typescript"),
)
def unbounded_cache(program: Program) -> Iterator[Report]:
    """Report the first growth on a request's path of each collection that never shrinks."""
    seen: set[int] = set()
    for growth in _growths(program):
        if id(growth.binding) in seen or not _is_collection(growth.binding):
            continue
        if _bounded(program, growth):
            continue
        report = _report(program, growth)
        if report is not None:
            seen.add(id(growth.binding))
            yield report


def _growths(program: Program) -> Iterator[_Growth]:
    for function, node in sorted(_growing(program), key=lambda place: (place[0], place[1].at)):
        if program.context(function) in (Context.REQUEST, Context.BACKGROUND):
            yield from _growth(program, function, node)


def _growing(program: Program) -> Iterator[tuple[FunctionId, ir.Call | ir.Assign]]:
    """The calls in linked functions that may add to something, and assignments to elements."""
    every = sites(program)
    for fn, call in every.written(_GROWS):
        if fn.index and fn.file.path in every.linked:
            yield fn.id, call
    for path in program.ecma.paths:
        file = program.ecma.evaluator.file(path)
        if file is None or not file.elements:
            continue
        for index, assign in file.noted.assigns:
            if index and any(type(target) is ir.Index for target in assign.targets):
                yield (path, index), assign


def _growth(program: Program, function: FunctionId, node: ir.AnyNode) -> Iterator[_Growth]:
    if isinstance(node, ir.Call) and isinstance(node.callee, ir.Member):
        needed = _GROWS.get(node.callee.name)
        binding = module_level(program, function, node.callee.object) if needed else None
        if binding is not None and needed is not None and len(node.args) >= needed:
            yield _Growth(function, node.at, node.end, binding, node.args[0])
    elif isinstance(node, ir.Assign) and node.op == "=":
        for target in node.targets:
            if isinstance(target, ir.Index) and target.indices:
                binding = module_level(program, function, target.object)
                if binding is not None:
                    yield _Growth(function, node.at, node.end, binding, target.indices[0])


def _is_collection(binding: Binding) -> bool:
    """Whether the variable starts as an empty map, set, list or object, and stays that."""
    if binding.kind not in {"const", "let", "var"} or len(binding.sources) != 1:
        return False
    value = binding.sources[0].expr
    while isinstance(value, ir.Cast):
        value = value.value
    if isinstance(value, ir.Object):
        return not value.entries
    if isinstance(value, ir.Array):
        return not value.items
    if not isinstance(value, ir.Call):
        return False
    if dotted(value.callee) == "Object.create":
        return True
    return value.new and isinstance(value.callee, ir.Name) and value.callee.id in _COLLECTIONS


def _bounded(program: Program, growth: _Growth) -> bool:
    """Whether something takes entries out, looks at the size, or the keys are few."""
    binding = growth.binding
    if _fixed_key(program, growth) or _few_keys(program, binding):
        return True
    file = program.files[binding.path]
    for function in file.functions:
        for node in walk(function.body or ()):
            if _shrinks(node, binding.name):
                return True
    return _exported(program, binding)


def _shrinks(node: ir.AnyNode, name: str) -> bool:
    if isinstance(node, ir.Unary) and node.op == "delete":
        target = node.value
        return isinstance(target, (ir.Member, ir.Index)) and dotted(target.object) == name
    if isinstance(node, ir.Member) and node.name in _SHRINKS:
        return dotted(node.object) == name
    if isinstance(node, ir.Assign) and node.op == "=":
        return any(dotted(target) == name for target in node.targets)
    if isinstance(node, ir.Call):  # handed to a function that may empty it
        return any(isinstance(arg, ir.Name) and arg.id == name for arg in node.args)
    return False


def _fixed_key(program: Program, growth: _Growth) -> bool:
    """Whether the key comes from the program itself: a literal, a constant, a loop over those."""
    key = growth.key
    if key is None or isinstance(key, (ir.Literal, ir.FunctionRef)):
        return True
    if isinstance(key, ir.Member) and dotted(key).startswith("this.constructor"):
        return True
    return isinstance(key, (ir.Name, ir.Member)) and bool(
        [v for v in program.ecma.value_of(growth.function, key) if _is_literal(v)]
    )


def _few_keys(program: Program, binding: Binding) -> bool:
    """Whether the declared type of the keys is neither text nor number: an enum, a few words."""
    kind = binding.type
    while isinstance(kind, ir.TName) and kind.name in _SAME and kind.args:
        kind = kind.args[0]
    if not isinstance(kind, ir.TName) or kind.name not in _KEYED or not kind.args:
        return False
    key = kind.args[0]
    if isinstance(key, ir.TName) and key.name in _OPEN_KEYS:
        return False
    meant = program.ecma.type_of((binding.path, binding.function), key)
    return not any(getattr(value, "name", "") in _OPEN_VALUES for value in meant)


def _is_literal(value: object) -> bool:
    return type(value).__name__ == "LiteralValue" and getattr(value, "kind", "") != "template"


def _exported(program: Program, binding: Binding) -> bool:
    """Whether other files may see the collection: what they do with it is not known."""
    facts = program.files[binding.path]
    if any(isinstance(e.value, ir.Name) and e.value.id == binding.name for e in facts.exports):
        return True
    for node in walk(facts.functions[0].body or ()):
        if isinstance(node, ir.Assign) and dotted(node.targets[0]).startswith(
            ("module.exports", "exports.")
        ):
            named = [value for value in node.values if _mentions(value, binding.name)]
            if named:
                return True
    return False


def _mentions(value: ir.Expr, name: str) -> bool:
    if isinstance(value, ir.Object):
        return any(isinstance(e.value, ir.Name) and e.value.id == name for e in value.entries)
    return isinstance(value, ir.Name) and value.id == name


def _report(program: Program, growth: _Growth) -> Report | None:
    way = way_in(program, growth.function, growth.at)
    if way.guard in {GATED, SETUP} or guard(program, growth.function, growth.at) == "once":
        return None
    sent = growth.key is not None and from_request(program, growth.function, growth.key)
    if not sent and way.context is not Context.REQUEST:
        return None
    name = growth.binding.name
    message = f"{name} grows with each request and is never emptied"
    phrase = entry_phrase(program, growth.function)
    site = Site(function=growth.function, at=growth.at, end=growth.end, label=f"{name} grows")
    extra = Extra(
        cap=Severity.WARNING,
        confidence=Confidence.HIGH if sent else Confidence.LOW,
        evidence={"collection": name, "key_from_request": sent},
    )
    return site_report(program, site, ", ".join(filter(None, (message, phrase))), name, extra)
