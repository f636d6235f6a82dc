"""Which files belong to front ends: no request reaches them, so they are not linked as a whole."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from archlint.knowledge.frameworks import Framework
from archlint.model.workspace import Workspace


def front_ends(workspace: Workspace, tables: Iterable[Framework]) -> Callable[[str], bool]:
    """Tells whether a file belongs to a front end without files that its framework serves."""
    serving = {name for table in tables for entry in table.file for name in entry.requires}
    manifests = {package.path: package for package in workspace.packages}
    owners: list[tuple[str, bool]] = []
    for component in workspace.components:
        if component.runtime == "node":
            package = manifests.get(component.manifest)
            names = {**package.dependencies, **package.dev_dependencies} if package else {}
            alone = component.kind == "frontend" and serving.isdisjoint(names)
            owners.append((component.root + "/" if component.root else "", alone))
    owners.sort(key=lambda owner: (-len(owner[0]), owner[1]))

    def front(path: str) -> bool:
        return next((alone for root, alone in owners if path.startswith(root)), False)

    return front
