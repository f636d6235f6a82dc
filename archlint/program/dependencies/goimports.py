"""Ways along Go imports: through the repo's packages, and on through the sources of modules."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from posixpath import dirname
from typing import NamedTuple

from archlint.model.facts import FileFacts
from archlint.model.location import line_of
from archlint.model.workspace import Workspace
from archlint.program.golang.imports import package_edges
from archlint.program.golang.modules import Modules
from archlint.program.golang.vendored import Sources
from archlint.program.program import ModuleEdge

_OUTSIDE = "go:"


class _Step(NamedTuple):
    """How a package was reached: from which one, and by which of the repo's imports."""

    above: str
    edge: ModuleEdge | None


class Imports:
    """Who imports whom, by package folder (``.`` for the root) and ``go:`` import path."""

    def __init__(
        self, workspace: Workspace, files: Mapping[str, FileFacts], known: frozenset[str]
    ) -> None:
        self._files = files
        self._known = known
        self._roles = {file.path: file.role for file in workspace.files}
        self._modules = Modules(workspace, {dirname(path) for path in files})
        self._sources = Sources(workspace, self._modules, lambda _: None)
        self._out: dict[str, list[ModuleEdge]] = {}
        self._outside: dict[str, tuple[str, ...]] = {}
        for edge in package_edges(workspace, files):
            self._out.setdefault(edge.source, []).append(edge)

    def folders(self, root: str) -> tuple[str, ...]:
        """The package folders of the module in ``root``, sorted."""
        found = (f for f in self._out if self._root(f) == root)
        return tuple(sorted(found))

    def _root(self, folder: str) -> str | None:
        module = self._modules.module_of("" if folder == "." else folder)
        return module.root if module is not None else None

    def is_package(self, path: str) -> bool:
        """Whether somebody in the repo imports that very path, or its source is here."""
        if any(edge.specifier == path for edges in self._out.values() for edge in edges):
            return True
        return bool(self._sources.name(path))

    def from_tool(self, tool: str, module: str, wanted: str, *, deep: bool) -> tuple[str, ...]:
        """The way from a ``tool`` line of a go.mod."""
        if self._is_target(tool, module, wanted):
            return (f"tool {tool}", f"{_OUTSIDE}{tool}")
        way = self.way((f"{_OUTSIDE}{tool}",), module, wanted, deep=True) if deep else ()
        return (f"tool {tool}", *way) if way else ()

    def way(
        self, start: Iterable[str], module: str, wanted: str, *, deep: bool, tests: bool = False
    ) -> tuple[str, ...]:
        """The shortest way to a package of ``module`` (to ``wanted``, if named), () for none.

        ``deep``: also through the packages of other modules whose sources are here. ``tests``: by
        what tests import, too.
        """
        came = {folder or ".": _Step("", None) for folder in start}
        queue = deque(came)
        while queue:
            node = queue.popleft()
            for target, path, edge in self._below(node, module, deep=deep, tests=tests):
                if self._is_target(path, module, wanted):
                    return (*self._back(came, node, edge), f"{_OUTSIDE}{path}")
                if target not in came and (deep or not target.startswith(_OUTSIDE)):
                    came[target] = _Step(node, edge)
                    queue.append(target)
        return ()

    def _below(
        self, node: str, module: str, *, deep: bool, tests: bool
    ) -> Iterator[tuple[str, str, ModuleEdge | None]]:
        """What a package imports: node, import path and the import; not from within ``module``."""
        if node.startswith(_OUTSIDE):
            for path in self._imported(node[len(_OUTSIDE) :]) if deep else ():
                yield f"{_OUTSIDE}{path}", path, None
            return
        own = self._modules.module_of("" if node == "." else node)
        if own is not None and own.module == module:
            return
        for edge in self._out.get(node, ()):
            if tests or self._roles.get(edge.path) != "test":
                yield edge.target, edge.specifier, edge

    def _imported(self, path: str) -> tuple[str, ...]:
        """The packages of modules that a package outside the repo imports, as its source says."""
        if path not in self._outside:
            found = self._sources.imports(path) if "." in path.partition("/")[0] else ()
            self._outside[path] = tuple(p for p in found if "." in p.partition("/")[0])
        return self._outside[path]

    def _is_target(self, path: str, module: str, wanted: str) -> bool:
        if wanted:
            return path == wanted
        if path != module and not path.startswith(f"{module}/"):
            return False
        return not any(
            len(other) > len(module) and (path == other or path.startswith(f"{other}/"))
            for other in self._known
        )

    def _back(self, came: Mapping[str, _Step], node: str, last: ModuleEdge | None) -> list[str]:
        """The nodes down to ``node``, with the import by which the way leaves the repo."""
        nodes: list[str] = []
        leaving = last
        while node:
            if leaving is not None and (not nodes or nodes[-1].startswith(_OUTSIDE)):
                nodes.append(self._place(leaving))
            nodes.append(node)
            node, leaving = came[node]
        return nodes[::-1]

    def _place(self, edge: ModuleEdge) -> str:
        facts = self._files.get(edge.path)
        tests = " (test)" if self._roles.get(edge.path) == "test" else ""
        return f"{edge.path}:{line_of(facts, edge.at) if facts else 1}{tests}"
