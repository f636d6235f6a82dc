"""Go's module graph: package folders and what they import."""

from __future__ import annotations

from collections.abc import Iterator
from posixpath import dirname

from archlint.program.golang.source import SourcePackage
from archlint.program.golang.world import World
from archlint.program.program import ModuleEdge


def module_edges(world: World) -> Iterator[ModuleEdge]:
    """An edge from a file's package folder for each of its imports."""
    for path, unit in world.units.items():
        folder = dirname(path) or "."
        for item in unit.facts.imports:
            if not item.specifier:
                continue
            package = None
            if item.specifier not in {"C", "unsafe"}:
                package = world.package(item.specifier, dirname(path))
            if isinstance(package, SourcePackage) and package.local:
                target = package.folder or "."
            else:
                target = f"go:{item.specifier}"
            yield ModuleEdge(folder, target, item.specifier, item.at, path=path)
