"""Which lockfile governs which package.json."""

from __future__ import annotations

import posixpath
from functools import cached_property

import msgspec

from archlint.config.globs import matches
from archlint.discovery.lockfiles import LOCKFILE_NAMES, MANAGERS, Lockfile, parse_lockfile
from archlint.model.errors import ManifestError
from archlint.model.workspace import Package, Workspace
from archlint.program.program import Program


class LockedRepo(msgspec.Struct, dict=True):
    """The lockfiles of a repo, each read once, when first asked for."""

    workspace: Workspace
    problems: dict[str, str] = msgspec.field(default_factory=dict)
    """Lockfiles that could not be read: path -> reason."""
    _read: dict[str, Lockfile | None] = msgspec.field(default_factory=dict)

    @cached_property
    def packages(self) -> dict[str, Package]:
        """Every package.json by its folder."""
        return {package.root: package for package in self.workspace.packages}

    def governing(self, package: Package) -> str:
        """The path of the lockfile that a package.json installs from, "" without one."""
        folder = package.root
        while True:
            found = self._in_folder(folder)
            if found and (folder == package.root or self.is_member(folder, package)):
                return found
            if not folder:
                return ""
            folder = posixpath.dirname(folder)

    def _in_folder(self, folder: str) -> str:
        names = [name for name in LOCKFILE_NAMES if posixpath.join(folder, name) in self._tree]
        if len(names) > 1:
            package = self.packages.get(folder)
            declared = package.raw.get("packageManager") if package else None
            manager = declared.partition("@")[0] if isinstance(declared, str) else ""
            names = [name for name in names if MANAGERS[name] == manager] or names
        return posixpath.join(folder, names[0]) if names else ""

    @cached_property
    def _tree(self) -> frozenset[str]:
        named = {p for p in self.workspace.documents if posixpath.basename(p) in MANAGERS}
        return self.workspace.tree | named

    def is_member(self, root: str, package: Package) -> bool:
        """Whether ``package`` is a workspace of the package.json in ``root``."""
        globs = self._workspace_globs(root)
        inner = posixpath.relpath(package.root, root or ".") if package.root else ""
        return bool(globs) and matches(globs, f"{inner}/package.json")

    def _workspace_globs(self, root: str) -> tuple[str, ...]:
        package = self.packages.get(root)
        return tuple(_manifest_glob(glob) for glob in package.workspaces) if package else ()

    def lockfile(self, path: str) -> Lockfile | None:
        """The lockfile at ``path``; None when it cannot be read (``problems`` says why)."""
        if path not in self._read:
            self._read[path] = self._parse(path)
        return self._read[path]

    def _parse(self, path: str) -> Lockfile | None:
        text = self.workspace.documents.get(path)
        if text is None:
            if path:
                self.problems[path] = "was not read"
            return None
        try:
            return parse_lockfile(path, text)
        except ManifestError as error:
            self.problems[path] = error.reason
            return None


def _manifest_glob(glob: str) -> str:
    negated = glob.startswith("!")
    folder = glob.removeprefix("!").removeprefix("./").rstrip("/")
    return f"{'!' if negated else ''}{folder}/package.json"


def locked_repo(program: Program) -> LockedRepo:
    """The lockfiles of a program, shared by everything that asks."""
    return program.once(_locked)


def _locked(program: Program) -> LockedRepo:
    return LockedRepo(program.workspace)
