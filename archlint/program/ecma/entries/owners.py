"""Which component an entry point belongs to, and whether it can be one there."""

from __future__ import annotations

from collections.abc import Callable

from archlint.model.finding import Context, EntryPoint
from archlint.model.workspace import Component, Workspace
from archlint.program.program import ModuleEdge

_VIEWS = (".tsx", ".jsx", ".vue", ".svelte", ".astro")
_SERVING = frozenset({Context.REQUEST, Context.BACKGROUND, Context.STARTUP})
_FILES_ONLY = frozenset({"next", "nuxt", "nitro", "sveltekit", "remix", "astro", "solidstart"})


class Owners:
    """Components by folder."""

    def __init__(self, workspace: Workspace) -> None:
        node = [c for c in workspace.components if c.runtime == "node"]
        self._components = sorted(node, key=lambda c: (-len(c.root), c.name))

    def component(self, path: str) -> Component | None:
        """The deepest component whose folder holds a file."""
        for component in self._components:
            if not component.root or path.startswith(component.root + "/"):
                return component
        return None

    def running(self, modules: list[ModuleEdge], points: list[EntryPoint]) -> Callable[[str], bool]:
        """Tells whether a file is part of what a component's main files load.

        A framework of pages loads the files of its entry points by itself. It is assumed of files
        whose component has no known main file and no such framework.
        """
        served = {p.path for p in points if p.framework in _FILES_ONLY}
        imports: dict[str, list[str]] = {}
        for edge in modules:
            if edge.target and not edge.type_only:
                imports.setdefault(edge.source, []).append(edge.target)
        todo = [main for c in self._components if c.kind != "frontend" for main in c.mains]
        todo.extend(sorted(path for path in served if not path.endswith(_VIEWS)))
        seen = set(todo)
        while todo:
            for target in imports.get(todo.pop(), ()):
                if target not in seen:
                    seen.add(target)
                    todo.append(target)

        def runs(path: str) -> bool:
            component = self.component(path)
            if path.endswith(_VIEWS):
                return False
            if component is None or not (component.mains or _has_pages(component)):
                return True
            return path in seen

        return runs

    def serves(self, point: EntryPoint) -> bool:
        """Front ends serve nothing, save the server files of frameworks that have some."""
        component = self.component(point.path)
        if component is None or component.kind not in {"frontend", "test"}:
            return True
        return point.kind not in _SERVING or point.framework in _FILES_ONLY


def _has_pages(component: Component) -> bool:
    """Whether most files of a component may be the browser's."""
    return not _FILES_ONLY.isdisjoint(component.frameworks)
