"""Which files belong to front ends: no request reaches them, so they are not linked as a whole."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from archlint.knowledge.frameworks import Framework
from archlint.model.facts import FileFacts
from archlint.model.finding import Context
from archlint.model.workspace import Workspace
from archlint.program.ecma.bundle_entries import browser_entries
from archlint.program.ecma.bundles import bundled
from archlint.program.ecma.resolver import ModuleResolver

_SILENT = frozenset({"test", "declaration"})
"""Roles of files whose imports do not say where something runs."""


def front_files(
    workspace: Workspace,
    tables: Iterable[Framework],
    files: Mapping[str, FileFacts],
    resolver: ModuleResolver,
) -> set[str]:
    """The files of front ends, and of the bundles that other packages bring for browsers."""
    tables = tuple(tables)
    front = front_ends(workspace, tables)
    found = {path for path in files if front(path)}
    apart = {file.path for file in workspace.files if file.role in _SILENT}
    mains = [main for component in workspace.components for main in component.mains]
    served = served_folders(workspace, tables)
    packed = browser_entries(files, (package.root for package in workspace.packages), resolver)
    inner = bundled(files, apart | found, mains, resolver, packed)
    return found | {path for path in inner if not path.startswith(served)}


def served_folders(workspace: Workspace, tables: Iterable[Framework]) -> tuple[str, ...]:
    """The folders of packages whose framework answers requests by files where they lie."""
    serving = {
        name
        for table in tables
        for entry in table.file
        if entry.kind is Context.REQUEST
        for name in entry.requires
    }
    return tuple(
        f"{package.root}/" if package.root else ""
        for package in workspace.packages
        if any(name in package.dependencies or name in package.dev_dependencies for name in serving)
    )


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
