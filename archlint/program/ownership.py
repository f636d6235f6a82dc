"""Which component a file belongs to, shared Go packages included."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable

import msgspec

from archlint.model.finding import Context, EntryPoint
from archlint.model.workspace import Component
from archlint.program.program import ModuleEdge

_PREFERRED = ("service", "worker", "cli", "library", "tool", "frontend", "test")
_RUNNABLE = {"service", "worker", "cli"}


class Ownership:
    """Files to components: the deepest root of the file's runtime holds it.

    A Go package outside every command's folder belongs to the command that imports it, directly or
    through others; services come first where several do.
    """

    def __init__(self, components: Iterable[Component], modules: Iterable[ModuleEdge]) -> None:
        roots = [(c.root + "/" if c.root else "", c) for c in components]
        self._roots = sorted(roots, key=lambda pair: (-len(pair[0]), _rank(pair[1])))
        self._importers = _importers([c for _, c in roots if c.runtime == "go"], modules)
        self._memo: dict[tuple[str, bool], Component | None] = {}

    def of(self, path: str) -> Component | None:
        """The component of a file or manifest; None where no component's folder holds it."""
        folder = path.rpartition("/")[0]
        go = path.endswith((".go", "go.mod"))
        key = (folder, go)
        if key not in self._memo:
            self._memo[key] = self._find(folder, "go" if go else "node")
        return self._memo[key]

    def _find(self, folder: str, runtime: str) -> Component | None:
        holders = [c for prefix, c in self._roots if f"{folder}/".startswith(prefix)]
        same = [c for c in holders if c.runtime == runtime]
        if runtime == "go":
            inside = any(c.root == folder or (c.root and c.mains) for c in same)
            importer = self._importers.get(folder or ".")
            if not inside and importer is not None:
                return importer
        return next(iter(same or holders), None)


def _rank(component: Component) -> tuple[int, int, str]:
    return (_PREFERRED.index(component.kind), len(component.root), component.name)


def _importers(components: list[Component], modules: Iterable[ModuleEdge]) -> dict[str, Component]:
    """Per Go package folder the first command that imports it."""
    below: dict[str, set[str]] = {}
    for edge in modules:
        if ":" not in edge.target and edge.target and not edge.path.endswith("_test.go"):
            below.setdefault(edge.source, set()).add(edge.target)
    owner: dict[str, Component] = {}
    for component in sorted((c for c in components if c.kind in _RUNNABLE), key=_rank):
        queue = deque(sorted({path.rpartition("/")[0] or "." for path in component.mains}))
        seen = set(queue)
        while queue:
            for target in sorted(below.get(queue.popleft(), ())):
                if target not in seen:
                    seen.add(target)
                    owner.setdefault(target, component)
                    queue.append(target)
    return owner


def kinds_decide(components: Iterable[Component]) -> bool:
    """Whether it depends on entry points which component owns a shared file or manifest.

    A command that serves requests comes before others, and only its entry points tell; that
    matters where Go commands share packages, or several components a folder.
    """
    shared: dict[str, list[Component]] = {}
    for component in components:
        if component.kind in _RUNNABLE:
            place = "go" if component.runtime == "go" else f"node {component.root}"
            shared.setdefault(place, []).append(component)
    return any(
        len(group) > 1 and any(component.kind == "cli" for component in group)
        for group in shared.values()
    )


def _frameworks(component: Component, seen: set[str]) -> tuple[str, ...]:
    """Those of the manifest and those of the entry points, each once (the runtime is none)."""
    known = set(component.frameworks)
    new = {name for name in seen - {component.runtime} if not any(name in k for k in known)}
    return tuple(sorted(known | new))


def described(
    components: Iterable[Component], entry_points: Iterable[EntryPoint]
) -> tuple[Component, ...]:
    """The components with what linking taught of them.

    A command that serves requests is a service; the frameworks are those of its entry points.
    """
    frameworks: dict[str, set[str]] = {}
    serves: set[str] = set()
    for entry in entry_points:
        if entry.kind in {Context.REQUEST, Context.BACKGROUND} and entry.framework:
            frameworks.setdefault(entry.component, set()).add(entry.framework)
        if entry.kind is Context.REQUEST:
            serves.add(entry.component)
    return tuple(
        msgspec.structs.replace(
            component,
            kind="service"
            if component.kind == "cli" and component.name in serves
            else component.kind,
            frameworks=_frameworks(component, frameworks.get(component.name, set())),
        )
        for component in components
    )
