"""Go's module graph: package folders and what they import."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from posixpath import dirname

from archlint.model.facts import FileFacts
from archlint.model.workspace import Workspace
from archlint.program.golang.modules import Modules, preference
from archlint.program.program import ModuleEdge


def package_edges(workspace: Workspace, files: Mapping[str, FileFacts]) -> list[ModuleEdge]:
    """The edges of all files outside ``vendor``: no more than their heads is asked for."""
    vendored = {file.path for file in workspace.files if file.role == "vendored"}
    own = {path: facts for path, facts in files.items() if path not in vendored}
    return list(module_edges(own, Modules(workspace, {dirname(path) for path in own})))


def module_edges(files: Mapping[str, FileFacts], modules: Modules) -> Iterator[ModuleEdge]:
    """An edge from a file's package folder for each of its imports."""
    importable = {
        dirname(path) for path, facts in files.items() if not facts.package.endswith("_test")
    }
    for path in sorted(files, key=preference):
        folder = dirname(path)
        for item in files[path].imports:
            if not item.specifier:
                continue
            target = None
            if item.specifier not in {"C", "unsafe"}:
                target = modules.folder(item.specifier, folder)
            inside = target is not None and target in importable
            name = (target or ".") if inside else f"go:{item.specifier}"
            yield ModuleEdge(folder or ".", name, item.specifier, item.at, path=path)
