"""What rules share about promises in one program: the analyses, hooks and habits."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from archlint.model import ir
from archlint.model.facts import FileFacts, FunctionFacts
from archlint.model.finding import Context
from archlint.program.ecma_promises.kinds import FunctionId
from archlint.program.ecma_promises.promiseness import Promises
from archlint.program.ecma_promises.rejection import Rejections
from archlint.program.program import Program

_SKIPPED = frozenset({"test", "vendored", "generated", "declaration", "build", "example"})
_HOOKS = frozenset({"unhandledRejection", "uncaughtException"})
_LISTEN = frozenset({"on", "once", "addListener", "prependListener"})


@dataclass(frozen=True)
class PromiseContext:
    """``hooks``: per component name, the process events that it listens to.

    ``calls`` counts the call sites of each function of the repo.
    """

    promises: Promises
    rejections: Rejections
    hooks: dict[str, frozenset[str]]
    calls: Counter[FunctionId]


def promise_context(program: Program) -> PromiseContext:
    """The analyses of a program, made once."""
    found = program.memo.get(__name__)
    if not isinstance(found, PromiseContext):
        promises = Promises(program.ecma)
        calls: Counter[FunctionId] = Counter()
        promises.awaited = _habits(program, promises, calls)
        found = PromiseContext(promises, Rejections(promises), _hooks(program), calls)
        program.memo[__name__] = found
    return found


def production(program: Program) -> Iterator[FileFacts]:
    """The JavaScript and TypeScript files that run in production, by path."""
    for path in sorted(program.ecma.facts):
        if program.roles.get(path, "production") not in _SKIPPED:
            yield program.ecma.facts[path]


def functions(program: Program) -> Iterator[tuple[FunctionId, FunctionFacts]]:
    """Every function of the production files."""
    for facts in production(program):
        for function in facts.functions:
            yield (facts.path, function.index), function


def _hooks(program: Program) -> dict[str, frozenset[str]]:
    """The process-wide error events that components listen to."""
    found: dict[str, set[str]] = {}
    for facts in production(program):
        for function in facts.functions:
            for call in program.ecma.calls((facts.path, function.index)):
                callee = call.callee
                if not isinstance(callee, ir.Member) or callee.name not in _LISTEN:
                    continue
                target, event = callee.object, call.args[0] if call.args else None
                if not isinstance(event, ir.Literal) or not isinstance(target, ir.Name):
                    continue
                if target.id == "process":
                    found.setdefault(owner(program, facts.path), set()).add(event.value)
    return {name: frozenset(events) for name, events in found.items()}


def has_hook(program: Program, path: str) -> bool:
    """Whether the file's component listens for unhandled rejections."""
    events = promise_context(program).hooks.get(owner(program, path), frozenset())
    return bool(events & _HOOKS)


def owner(program: Program, path: str) -> str:
    """The name of the component that owns a file ("" for none)."""
    component = program.component(path)
    return component.name if component else ""


def in_server(program: Program, path: str) -> bool:
    """Whether a file can run in Node.js: it is imported, at any depth, from where a process starts.

    A component without known start (a library) counts whole; a front end does not count.
    """
    component = program.component(path)
    if component is None or component.kind == "frontend":
        return component is None
    served, started = _served(program)
    return path in served or component.name not in started


def _served(program: Program) -> tuple[frozenset[str], frozenset[str]]:
    """The files that starts and entry points import, and the components that have some."""
    key = f"{__name__}.served"
    known = program.memo.get(key)
    if known is None:
        starts = {m for c in program.workspace.components for m in c.mains if c.kind != "frontend"}
        starts |= {entry.path for entry in program.entry_points if entry.kind is not Context.TEST}
        started = frozenset(owner(program, path) for path in starts if path in program.files)
        graph = program.module_graph
        seen = set(starts)
        stack = sorted(starts)
        while stack:
            here = stack.pop()
            for target in graph.adj[here] if here in graph else ():
                if target not in seen:
                    seen.add(target)
                    stack.append(target)
        known = program.memo[key] = (frozenset(seen), started)
    return known


def _habits(program: Program, promises: Promises, calls: Counter[FunctionId]) -> frozenset[str]:
    """Outside callees that the tables do not know and that the repo mostly awaits or chains.

    Fills ``calls`` with the number of call sites of the repo's own functions.
    """
    awaited: Counter[str] = Counter()
    called: Counter[str] = Counter()
    for ident, _ in functions(program):
        body = promises.body(ident)
        waited = body.waited
        for call in body.calls:
            reached = program.ecma.resolve_call(ident, call)
            for target in reached.targets:
                calls[target] += 1
            for name in reached.externals[:1]:
                if name.startswith("npm:") and not promises.api.kind(name):
                    called[name] += 1
                    awaited[name] += id(call) in waited
    return frozenset(name for name, count in awaited.items() if count * 2 > called[name])
