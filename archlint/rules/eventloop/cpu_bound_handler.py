"""A handler does work whose CPU time grows faster than what one request should cost.

Why it matters: JavaScript runs on one thread. A loop in a loop over collections that clients or
tables fill, or a library that parses whole documents, holds up every other request while it runs.
What to do: Index one collection in a Map before the loop, page the query, limit what a client may
send, or hand the work to a worker thread or a queue.
Guide: The CPU work that a request does must stay small (L63).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from archlint.knowledge.node import returns_promise
from archlint.model import ir
from archlint.model.facts import FunctionFacts
from archlint.model.finding import Confidence, Context, Report, Severity
from archlint.model.walk import nodes_of, walk
from archlint.program.ecma.values import ExternalValue, LiteralValue
from archlint.program.ecma_flow.blocking import blocking_calls
from archlint.program.ecma_flow.inputs import handlers, sent_directly
from archlint.program.ecma_flow.paths import way_in
from archlint.program.ecma_flow.places import dotted
from archlint.program.ecma_flow.sites import sites
from archlint.program.program import FunctionId, Program
from archlint.rules.registry import rule
from archlint.rules.reporting import Extra, Site, entry_phrase, site_report

_VISITS = frozenset({"forEach", "map", "filter", "reduce", "flatMap", "some", "every", "sort"})
_SCANS = frozenset({"find", "findIndex", "indexOf", "includes", "some", "every", "filter"})
_QUERIES = (
    "toArray",
    "find",
    "All",
    "all",
    "query",
    "select",
    "getMany",
    "scan",
    "list",
    "search",
    "rows",
)
_ASKS_FOR_MANY = frozenset({"findMany", "findAll", "toArray", "getMany"})
"""Methods of Prisma, Sequelize, MongoDB and TypeORM that nothing else has."""


@rule(
    "cpu-bound-handler",
    severity=Severity.WARNING,
    confidence=Confidence.MEDIUM,
    languages=("javascript", "typescript"),
)
def cpu_bound_handler(program: Program) -> Iterator[Report]:
    """Heavy library calls, and loops in loops over collections that others fill."""
    yield from _heavy_calls(program)
    for function, subject, inner in _loops(program):
        if program.context(function) is Context.REQUEST and _is_large(program, function, subject):
            yield from _nested_loops(program, function, subject, inner)


def _heavy_calls(program: Program) -> Iterator[Report]:
    for outer, found in blocking_calls(program):
        if found.cost != "computation":
            continue
        if program.context(outer.function) is not Context.REQUEST:
            continue
        way = way_in(program, outer.function, outer.call.at)
        if way.guard or way.context is not Context.REQUEST:
            continue
        name = found.name.partition(":")[2]
        message = f"{name} computes on the event loop for as long as its input is large"
        extra = Extra(cap=Severity.WARNING, advice=f"Use {found.twin or 'a worker thread'}.")
        span = (outer.call.at, outer.call.end)
        report = _report(program, outer.function, span, message, extra)
        if report is not None:
            yield report


def _loops(program: Program) -> Iterator[tuple[FunctionId, ir.Expr, ir.Loop | FunctionFacts]]:
    """Loops and visiting calls of linked files: function, collection, and what runs for each."""
    every = sites(program)
    for path in program.ecma.paths:
        file = program.ecma.evaluator.file(path)
        for index, loop in file.noted.loops if file is not None else ():
            if loop.kind != "await-of" and loop.subject is not None:
                yield (path, index), loop.subject, loop
    for fn, call in every.written(_VISITS):
        callee, callback = call.callee, call.args[0] if call.args else None
        if not isinstance(callee, ir.Member) or not isinstance(callback, ir.FunctionRef):
            continue
        if fn.file.path in every.linked:
            yield fn.id, callee.object, fn.file.facts.functions[callback.index]


def _nested_loops(
    program: Program, function: FunctionId, subject: ir.Expr, loop: ir.Loop | FunctionFacts
) -> Iterator[Report]:
    """The first search, of a collection that others fill, in what runs for each element."""
    places = loop.targets if isinstance(loop, ir.Loop) else [param.name for param in loop.params]
    element = {node.id for node in walk(places) if isinstance(node, ir.Name)}
    element |= _made_of(element, loop.body or ())
    for inner_at, end, inner in _scans(_deep(program, function, list(loop.body or ()))):
        if dotted(inner) and element and dotted(inner).split(".")[0] in element:
            continue  # the element's own parts: the total is linear
        owner = _owner(program, function, inner_at)
        if not _is_large(program, owner, inner):
            continue
        first, second = dotted(subject) or "one collection", dotted(inner) or "another"
        message = f"{second} is searched for each element of {first}: the time is their product"
        advice = f"Build a Map or Set of {second} before the loop."
        sure = Confidence.MEDIUM if function in handlers(program) else Confidence.LOW
        extra = Extra(cap=Severity.WARNING, confidence=sure, advice=advice)
        report = _report(program, function, (inner_at, end), message, extra)
        if report is not None:
            yield report
        break


def _made_of(element: set[str], body: Iterable[ir.AnyNode]) -> set[str]:
    """What a loop makes of its element, ``const words = split(line)``, and inner elements."""
    made = {
        node.id
        for loop in nodes_of(ir.Loop, body)
        for node in walk(loop.targets)
        if isinstance(node, ir.Name)
    }
    for node in nodes_of(ir.Assign, body):
        if node.op == "const" and isinstance(node.targets[0], ir.Name):
            names = {part.id for part in walk(node.values) if isinstance(part, ir.Name)}
            if names & (element | made):
                made.add(node.targets[0].id)
    return made


def _deep(program: Program, function: FunctionId, nodes: list[ir.AnyNode]) -> list[ir.AnyNode]:
    """All nodes below, those of callbacks included."""
    found: list[ir.AnyNode] = []
    pending = list(nodes)
    while pending and len(found) < 5_000:
        below = list(walk(pending))
        found.extend(below)
        refs = [n for n in below if isinstance(n, ir.FunctionRef)]
        pending = [s for r in refs for s in program.function((function[0], r.index)).body or ()]
    return found


def _scans(body: list[ir.AnyNode]) -> Iterator[tuple[int, int, ir.Expr]]:
    """Loops over, and searches in, a collection: (at, end, the collection)."""
    for node in body:
        if isinstance(node, ir.Loop) and node.kind == "of" and node.subject is not None:
            yield node.at, node.subject.at + 1, node.subject
        elif isinstance(node, ir.Call) and node.args:
            callee = node.callee
            if isinstance(callee, ir.Member) and callee.name in _SCANS:
                yield node.at, node.end, callee.object


def _owner(program: Program, function: FunctionId, at: int) -> FunctionId:
    """The innermost function whose body holds a byte."""
    facts = program.files[function[0]]
    around = [f for f in facts.functions if f.index and f.at <= at < f.end]
    return (function[0], max(around, key=lambda f: f.at).index) if around else function


def _is_large(program: Program, function: FunctionId, expr: ir.Expr) -> bool:
    """Whether a client, or a table of the database, decides on the collection's length."""
    if not isinstance(expr, (ir.Name, ir.Member, ir.Await, ir.Call)):
        return False
    values = program.ecma.value_of(function, expr)
    if any(isinstance(value, LiteralValue) for value in values):
        return False
    for value in values:
        if isinstance(value, ExternalValue) and _is_query(value.name):
            return True
    outside = all(isinstance(value, ExternalValue) for value in values)
    if outside and _asks_for_many(program, function, expr):
        return True
    return isinstance(expr, (ir.Name, ir.Member)) and sent_directly(program, function, expr)


def _asks_for_many(program: Program, function: FunctionId, expr: ir.Expr) -> bool:
    """``await users.findMany(...)`` of a client that is not known, also through a constant."""
    if isinstance(expr, ir.Name):
        binding = program.ecma.binding(function, expr)
        if binding is None or binding.kind != "const" or len(binding.sources) != 1:
            return False
        source = binding.sources[0]
        if source.expr is None or source.steps:
            return False
        expr = source.expr
    call = expr.value if isinstance(expr, ir.Await) else None
    return (
        isinstance(call, ir.Call)
        and isinstance(call.callee, ir.Member)
        and call.callee.name in _ASKS_FOR_MANY
    )


def _is_query(name: str) -> bool:
    """``npm:knex()...~``: the awaited result of a call that asks a database for many things."""
    head, mark, tail = name.rpartition("~")
    if not mark or tail not in {"", ".rows", ".recordset", ".docs", ".Items"}:
        return False
    call = head.removesuffix("()")
    method = call.rpartition(".")[2]
    if not returns_promise(call) or not (method.startswith(_QUERIES) or "All" in method):
        return False
    return not method.endswith(("One", "OneOrFail", "First", "Unique", "ById", "ByPk"))


def _report(
    program: Program,
    function: FunctionId,
    span: tuple[int, int],
    message: str,
    extra: Extra,
) -> Report | None:
    way = way_in(program, function, span[0])
    if way.guard or way.context is not Context.REQUEST:
        return None
    phrase = entry_phrase(program, function)
    site = Site(function=function, at=span[0], end=span[1], label="CPU-bound work")
    text = ", ".join(filter(None, (message, phrase)))
    return site_report(program, site, text, message[:60], extra)
