"""What rules share about promises in one program: the analyses, hooks and habits."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from archlint.model import ir
from archlint.model.finding import Context
from archlint.program.ecma.index import FileIndex
from archlint.program.ecma_flow.sites import sites
from archlint.program.ecma_promises.habits import Habits
from archlint.program.ecma_promises.promiseness import Promises
from archlint.program.ecma_promises.rejection import Rejections
from archlint.program.program import Program

_HOOKS = frozenset({"unhandledRejection", "uncaughtException"})
_LISTEN = frozenset({"on", "once", "addListener", "prependListener"})


class PromiseContext(msgspec.Struct, frozen=True):
    """``hooks``: per component name, the process events that it listens to."""

    promises: Promises
    rejections: Rejections
    hooks: dict[str, frozenset[str]]
    habits: Habits


def promise_context(program: Program) -> PromiseContext:
    """The analyses of a program, made once."""
    found = program.memo.get(__name__)
    if not isinstance(found, PromiseContext):
        promises = Promises(program.ecma)
        habits = Habits(program, sites(program))
        promises.awaits = habits.awaits
        found = PromiseContext(promises, Rejections(promises), _hooks(program), habits)
        program.memo[__name__] = found
    return found


def production(program: Program) -> Iterator[FileIndex]:
    """The JavaScript and TypeScript files that run in production, by path."""
    return sites(program).files()


def _hooks(program: Program) -> dict[str, frozenset[str]]:
    """The process-wide error events that components listen to."""
    found: dict[str, set[str]] = {}
    every = sites(program)
    for fn, call in every.written(_LISTEN):
        callee, path = call.callee, fn.file.path
        if not isinstance(callee, ir.Member) or path not in every.production:
            continue
        target, event = callee.object, call.args[0] if call.args else None
        if not isinstance(event, ir.Literal) or not isinstance(target, ir.Name):
            continue
        if target.id == "process":
            found.setdefault(owner(program, path), set()).add(event.value)
    return {name: frozenset(events) for name, events in found.items()}


def has_hook(program: Program, path: str) -> bool:
    """Whether the file's component listens for unhandled rejections."""
    events = promise_context(program).hooks.get(owner(program, path), frozenset())
    return bool(events & _HOOKS)


def owner(program: Program, path: str) -> str:
    """The name of the component that owns a file ("" for none)."""
    component = program.component(path)
    return component.name if component else ""


_VIEWS = (".tsx", ".jsx", ".vue", ".svelte", ".astro")


def in_server(program: Program, path: str) -> bool:
    """Whether a file can run in Node.js: it is imported, at any depth, from where a process starts.

    A component without known start (a library) counts whole; a front end does not count, nor do
    the views of others and what only views import.
    """
    component = program.component(path)
    if component is None or component.kind == "frontend":
        return component is None
    if path.endswith(_VIEWS) and path not in _served(program)[0]:
        return False
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
                if target not in seen and not target.endswith(_VIEWS):
                    seen.add(target)
                    stack.append(target)
        known = program.memo[key] = (frozenset(seen), started)
    return known
