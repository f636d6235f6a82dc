"""Module edges: every import of every file, resolved or not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archlint.model.facts import ImportFacts
from archlint.program.program import ModuleEdge

if TYPE_CHECKING:
    from archlint.program.ecma.linker import EcmaLinker


class ModuleEdges:
    """Turns import facts into edges."""

    def __init__(self, linker: EcmaLinker) -> None:
        self._linker = linker

    def run(self) -> list[ModuleEdge]:
        """The edges of all files, sorted by source and place."""
        edges: list[ModuleEdge] = []
        for path in sorted(self._linker.facts):
            for item in self._linker.facts[path].imports:
                edges.extend(self._edges(path, item))
        return edges

    def _edges(self, path: str, item: ImportFacts) -> list[ModuleEdge]:
        if item.specifier is not None:
            target = self._linker.resolver.resolve(path, item.specifier)
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
        ev = self._linker.evaluator
        fn = ev.function((path, item.function))
        if fn is None:
            return []
        for call in fn.calls:
            if call.at == item.at:
                return [t for t in ev.loading.targets(fn, call) if t]
        if item.pattern.startswith(("./", "../")):
            return ev.loading.matching(path, item.pattern)
        return []
