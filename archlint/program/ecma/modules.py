"""Module edges: every import of every file, resolved or not."""

from __future__ import annotations

from collections.abc import Mapping
from posixpath import dirname, join, normpath
from typing import TYPE_CHECKING

from archlint.model.facts import FileFacts, ImportFacts
from archlint.model.workspace import Workspace
from archlint.program.ecma.aliases import bundler_aliases
from archlint.program.ecma.resolver import ModuleResolver
from archlint.program.program import ModuleEdge

if TYPE_CHECKING:
    from archlint.program.ecma.evaluate import Evaluator


def module_edges(workspace: Workspace, files: Mapping[str, FileFacts]) -> list[ModuleEdge]:
    """The edges of all files without evaluating anything: computed imports have no target."""
    resolver = ModuleResolver(workspace, set(files))
    resolver.aliases = bundler_aliases(workspace, files)
    return ModuleEdges(files, resolver).run()


class ModuleEdges:
    """Turns import facts into edges; an ``evaluator`` finds the targets of computed ones."""

    def __init__(
        self,
        facts: Mapping[str, FileFacts],
        resolver: ModuleResolver,
        evaluator: Evaluator | None = None,
    ) -> None:
        self._facts = facts
        self._resolver = resolver
        self._evaluator = evaluator

    def run(self) -> list[ModuleEdge]:
        """The edges of all files, sorted by source and place."""
        edges: list[ModuleEdge] = []
        for path in sorted(self._facts):
            for item in self._facts[path].imports:
                edges.extend(self._edges(path, item))
        return edges

    def _edges(self, path: str, item: ImportFacts) -> list[ModuleEdge]:
        if item.specifier is not None:
            target = self._resolver.resolve(path, item.specifier)
            return [self._edge(path, item, target, item.specifier, item.kind)]
        targets = self._computed(path, item)
        asked = item.pattern or "*"
        return [self._edge(path, item, target, asked, "computed") for target in targets or [""]]

    def _edge(
        self, path: str, item: ImportFacts, target: str, specifier: str, kind: str
    ) -> ModuleEdge:
        return ModuleEdge(
            source=path,
            target=target,
            specifier=specifier,
            at=item.at,
            kind=kind,
            type_only=item.type_only,
            lazy=item.function != 0,
            guarded=item.guarded,
            path=path,
        )

    def _computed(self, path: str, item: ImportFacts) -> list[str]:
        """The targets of a computed import: by evaluating its argument, else by its pattern."""
        ev = self._evaluator
        fn = ev.function((path, item.function)) if ev is not None else None
        if ev is None or fn is None:
            return []
        for call in fn.calls:
            if call.at == item.at:
                return [t for t in ev.loading.targets(fn, call) if t]
        if item.pattern.startswith(("./", "../")):
            return ev.loading.matching(path, normpath(join(dirname(path), item.pattern)))
        return []
