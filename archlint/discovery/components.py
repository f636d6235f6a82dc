"""Components: which folders of a repo are deployable units, libraries or front ends."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec.structs import replace

from archlint.discovery.nodepackages import node_components
from archlint.discovery.source import Source
from archlint.model.workspace import Component, GoModule, Package, SourceFile


def find_components(
    source: Source,
    files: tuple[SourceFile, ...],
    packages: tuple[Package, ...],
    modules: tuple[GoModule, ...],
    documents: dict[str, str],
) -> tuple[Component, ...]:
    """Every component, sorted by root and name; names are unique."""
    found = list(node_components(source, files, packages, documents))
    if modules or any(file.language == "go" for file in files):
        from archlint.discovery.gocommands import go_components

        found.extend(go_components(source, files, modules, documents))
    return tuple(_unique(sorted(found, key=lambda c: (c.root, c.runtime, c.name))))


def _unique(components: Iterable[Component]) -> Iterable[Component]:
    """Give components that share a name the name of their folder as well."""
    listed = list(components)
    names: dict[str, int] = {}
    for component in listed:
        names[component.name] = names.get(component.name, 0) + 1
    taken: set[str] = set()
    for component in listed:
        name = component.name
        if names[name] > 1:
            name = f"{name} ({component.root or 'root'})"
        if name in taken:
            name = f"{name} ({component.runtime})"
        taken.add(name)
        yield replace(component, name=name)
