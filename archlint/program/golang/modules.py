"""Import paths of the repo's packages: modules, workspaces, local replacements, GOPATH."""

from __future__ import annotations

from posixpath import join, normpath

from archlint.model.workspace import GoModule, Workspace


class Modules:
    """Maps package folders to import paths and back."""

    def __init__(self, workspace: Workspace, folders: set[str]) -> None:
        self._modules = sorted(workspace.go_modules, key=lambda m: (-len(m.root), m.root))
        self._folders = folders
        self._by_path: dict[str, list[str]] = {}
        for folder in sorted(folders, key=lambda f: (f.count("/"), f)):
            self._by_path.setdefault(self.import_path(folder), []).append(folder)
        self._replaced = self._replacements()
        self._suffixes: dict[str, str] | None = None

    def module_of(self, folder: str) -> GoModule | None:
        """The module whose root is the deepest above the folder."""
        for module in self._modules:
            if not module.root or folder == module.root or folder.startswith(module.root + "/"):
                return module
        return None

    def import_path(self, folder: str) -> str:
        """The import path of a package folder; the folder itself where no module says more."""
        if "/vendor/" in f"/{folder}":
            return f"/{folder}".rpartition("/vendor/")[2]
        module = self.module_of(folder)
        if module is None or not module.module:
            return folder or "."
        rest = folder[len(module.root) :].strip("/")
        return f"{module.module}/{rest}" if rest else module.module

    def _replacements(self) -> list[tuple[str, str]]:
        """(module path, folder) of replacements by a folder, longest path first."""
        found = [
            (replace.module, normpath(join(module.root, replace.target)).removeprefix("./"))
            for module in self._modules
            for replace in module.replaces
            if replace.local
        ]
        return sorted(set(found), key=lambda pair: (-len(pair[0]), pair))

    def folder(self, path: str, importer: str) -> str | None:
        """The folder of the package that ``path`` means in folder ``importer``; None outside."""
        found = self._by_path.get(path)
        if found is not None:
            return found[0] if len(found) == 1 else self._nearest(found, importer)
        for module, root in self._replaced:
            if path == module or path.startswith(module + "/"):
                folder = normpath(join(root, path[len(module) :].strip("/"))).removeprefix("./")
                return ("" if folder == "." else folder) if folder in self._folders else None
        if path.startswith("."):
            folder = normpath(join(importer, path))
            return folder if folder in self._folders else None
        return self._by_suffix(path) if self.module_of(importer) is None else None

    def _nearest(self, found: list[str], importer: str) -> str:
        """Of folders with one import path, the one in the importer's module."""
        home = self.module_of(importer)
        for folder in found:
            if self.module_of(folder) is home:
                return folder
        return found[0]

    def _by_suffix(self, path: str) -> str | None:
        """Outside any module (a GOPATH tree) the longest folder that the path ends with."""
        parts = path.split("/")
        if "." not in parts[0]:
            return None
        for start in range(1, len(parts)):
            folder = "/".join(parts[start:])
            if folder in self._folders and self.module_of(folder) is None:
                return folder
        if self._modules:
            return None
        return "" if len(parts) == 3 and "" in self._folders else None


def preference(path: str) -> tuple[bool, bool, str]:
    """Of several declarations of a name, production code for common systems comes first."""
    name = path.rpartition("/")[2].removesuffix(".go")
    rare = name.endswith(
        ("_windows", "_darwin", "_plan9", "_js", "_wasm", "_other", "_unsupported")
    )
    return (name.endswith("_test"), rare, path)
