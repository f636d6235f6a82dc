"""What rules share about promises in one program: the analyses, hooks and habits."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from archlint.model import ir
from archlint.model.finding import Context, Severity
from archlint.program.ecma.index import FileIndex
from archlint.program.ecma_flow.sites import sites
from archlint.program.ecma_promises.habits import Habits
from archlint.program.ecma_promises.promiseness import Promises
from archlint.program.ecma_promises.rejection import Rejections
from archlint.program.program import FunctionId, Program

_HOOKS = frozenset({"unhandledRejection", "uncaughtException"})
_LISTEN = frozenset({"on", "once", "addListener", "prependListener"})


class PromiseContext(msgspec.Struct, frozen=True):
    """``hooks``: per component name, the process events that it listens to.

    ``outright`` are rejections that need no failure while another one is handled.
    """

    promises: Promises
    rejections: Rejections
    outright: Rejections
    hooks: dict[str, frozenset[str]]
    habits: Habits


def promise_context(program: Program) -> PromiseContext:
    """The analyses of a program, made once."""
    return program.once(_context)


def _context(program: Program) -> PromiseContext:
    promises = Promises(program.ecma)
    habits = Habits(program, sites(program))
    promises.awaits = habits.awaits
    outright = Rejections(promises, cleaning=False)
    return PromiseContext(promises, Rejections(promises), outright, _hooks(program), habits)


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
    """Whether the process that a file runs in listens for unhandled rejections.

    Of a library's file: whether all programs of the repo that import it do, and some do.
    """
    hooks = promise_context(program).hooks
    component = program.component(path)
    if hooks.get(component.name if component else "", frozenset()) & _HOOKS:
        return True
    if component is None or component.kind != "library":
        return False
    with_hook, without = program.once(_loaded)
    return path in with_hook and path not in without


def hook_cap(program: Program, path: str, *, outright: bool) -> Severity | None:
    """No graver than this: a process-wide hook lowers by a step, and so does not being outright.

    A rejection that takes a failure while another one is handled is rare.
    """
    if has_hook(program, path):
        return Severity.WARNING if outright else Severity.NOTE
    return None if outright else Severity.WARNING


def _loaded(program: Program) -> tuple[frozenset[str], frozenset[str]]:
    """The files that programs with a hook import, and those that programs without one do."""
    hooks = promise_context(program).hooks
    starts: dict[bool, set[str]] = {True: set(), False: set()}
    entries: dict[str, set[str]] = {}
    for entry in program.entry_points:
        if entry.kind is not Context.TEST:
            entries.setdefault(owner(program, entry.path), set()).add(entry.path)
    for item in program.workspace.components:
        if item.runtime == "node" and item.kind not in {"library", "frontend", "test"}:
            hooked = bool(hooks.get(item.name, frozenset()) & _HOOKS)
            starts[hooked] |= {*item.mains, *entries.get(item.name, ())}
    return (
        frozenset(_imported(program, starts[True])),
        frozenset(_imported(program, starts[False])),
    )


def _imported(program: Program, starts: set[str], apart: tuple[str, ...] = ()) -> set[str]:
    """What files import at any depth, themselves included; files that end as ``apart`` are not."""
    graph = program.module_graph
    seen = set(starts)
    stack = sorted(starts)
    while stack:
        here = stack.pop()
        for target in graph.adj[here] if here in graph else ():
            if target not in seen and not (apart and target.endswith(apart)):
                seen.add(target)
                stack.append(target)
    return seen


def owner(program: Program, path: str) -> str:
    """The name of the component that owns a file ("" for none)."""
    component = program.component(path)
    return component.name if component else ""


_VIEWS = (".tsx", ".jsx", ".vue", ".svelte", ".astro")


_VIEW_LIBRARIES = frozenset({"react", "preact", "preact/hooks", "vue", "solid-js", "svelte"})


def runs_in_server(program: Program, ident: FunctionId) -> bool:
    """Whether a function can run in Node.js: effects and listeners of components do not.

    Of a file that imports a library for views, only what an entry point reaches does for sure.
    """
    path = ident[0]
    if not in_server(program, path):
        return False
    if program.context(ident) is not Context.UNKNOWN:
        return True
    return all(item.specifier not in _VIEW_LIBRARIES for item in program.files[path].imports)


def in_server(program: Program, path: str) -> bool:
    """Whether a file can run in Node.js: it is imported, at any depth, from where a process starts.

    A component without known start (a library) counts whole; a front end does not count, nor do
    the views of others and what only views import.
    """
    component = program.component(path)
    if component is None or component.kind == "frontend":
        return component is None
    if path.endswith(_VIEWS) and path not in program.once(_served)[0]:
        return False
    served, started = program.once(_served)
    return path in served or component.name not in started


def _served(program: Program) -> tuple[frozenset[str], frozenset[str]]:
    """The files that starts and entry points import, and the components that have some."""
    starts = {m for c in program.workspace.components for m in c.mains if c.kind != "frontend"}
    starts |= {entry.path for entry in program.entry_points if entry.kind is not Context.TEST}
    started = frozenset(owner(program, path) for path in starts if path in program.files)
    return frozenset(_imported(program, starts, _VIEWS)), started
