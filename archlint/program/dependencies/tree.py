"""The packages that one package.json installs for production."""

from __future__ import annotations

import posixpath
from collections import deque
from collections.abc import Iterator
from functools import cached_property

import msgspec

from archlint.discovery.lockfiles import LockedPackage, Lockfile
from archlint.model.workspace import Package
from archlint.program.dependencies.locks import LockedRepo, locked_repo
from archlint.program.program import Program


class Tree(msgspec.Struct, dict=True):
    """A package.json with what its lockfile installs for it; all keys are the lockfile's.

    ``lockfile`` is None without one, or where ``problem`` says why it could not be read.
    """

    repo: LockedRepo
    package: Package
    lock_path: str
    lockfile: Lockfile | None
    problem: str = ""
    _edges: dict[str, tuple[str, ...]] = msgspec.field(default_factory=dict)

    @property
    def production(self) -> dict[str, str]:
        """Direct dependencies of production: name -> range."""
        return {**self.package.optional_dependencies, **self.package.dependencies}

    @cached_property
    def direct(self) -> dict[str, str | None]:
        """Direct production dependencies: name -> key, None where the lockfile has none."""
        return self._resolve(self.package)

    def _resolve(self, package: Package) -> dict[str, str | None]:
        if self.lockfile is None:
            return {}
        folder = self.inside(package.root)
        wanted = {**package.optional_dependencies, **package.dependencies}
        importer = self.lockfile.importers.get(folder)
        if importer is not None and importer.production is not None:
            wanted.update(dict.fromkeys(sorted(importer.production - wanted.keys()), ""))
        return {name: self.lockfile.resolve(folder, name, want) for name, want in wanted.items()}

    def inside(self, root: str) -> str:
        """A folder of the repo as the lockfile names it."""
        base = posixpath.dirname(self.lock_path)
        inner = posixpath.relpath(root or ".", base or ".")
        return "" if inner == "." else inner

    def below(self, key: str) -> tuple[str, ...]:
        """The keys that a locked package depends on; a workspace's are its package.json's."""
        if key not in self._edges:
            self._edges[key] = tuple(self._below(key))
        return self._edges[key]

    def _below(self, key: str) -> Iterator[str]:
        package = self.lockfile.packages.get(key) if self.lockfile else None
        if package is None:
            return
        if package.local is None:
            yield from package.dependencies.values()
            return
        root = posixpath.normpath(posixpath.join(posixpath.dirname(self.lock_path), package.local))
        member = self.repo.packages.get("" if root == "." else root)
        if member is not None:
            yield from (key for key in self._resolve(member).values() if key is not None)

    @cached_property
    def depths(self) -> dict[str, int]:
        """Every key that production installs, with its shortest distance (1: direct)."""
        return self.reach([key for key in self.direct.values() if key is not None])

    def reach(self, start: list[str]) -> dict[str, int]:
        """Breadth first from ``start``: key -> distance (1 for ``start`` itself)."""
        depths = dict.fromkeys(start, 1)
        queue = deque(depths)
        while queue:
            key = queue.popleft()
            for below in self.below(key):
                if below not in depths:
                    depths[below] = depths[key] + 1
                    queue.append(below)
        return depths

    @cached_property
    def installed(self) -> dict[str, LockedPackage]:
        """The third-party packages of production by key (workspace packages left out)."""
        if self.lockfile is None:
            return {}
        packages = self.lockfile.packages
        return {
            key: packages[key]
            for key in self.depths
            if key in packages and packages[key].local is None
        }

    @cached_property
    def versions(self) -> dict[str, dict[str, list[str]]]:
        """Installed name -> version -> keys, all sorted."""
        found: dict[str, dict[str, list[str]]] = {}
        for key, package in sorted(self.installed.items()):
            found.setdefault(package.name, {}).setdefault(package.version, []).append(key)
        return {name: dict(sorted(found[name].items())) for name in sorted(found)}

    @cached_property
    def parents(self) -> dict[str, tuple[str, ...]]:
        """Key -> the keys that depend on it, within production ("" is the package.json)."""
        found: dict[str, list[str]] = {}
        for key in self.direct.values():
            if key is not None:
                found.setdefault(key, []).append("")
        for key in self.depths:
            for below in dict.fromkeys(self.below(key)):
                found.setdefault(below, []).append(key)
        return {key: tuple(sorted(above)) for key, above in found.items()}

    def label(self, key: str) -> str:
        """``name@version`` of a key; a workspace's name alone; the package.json's own for ""."""
        if not key:
            return self.package.name or self.package.path
        package = self.lockfile.packages.get(key) if self.lockfile else None
        if package is None:
            return key
        return f"{package.name}@{package.version}" if package.version else package.name


def dependency_tree(program: Program, package: Package) -> Tree:
    """The tree of one package.json, computed once."""
    trees: dict[str, Tree] = program.memo.setdefault("dependencies.trees", {})
    if package.path not in trees:
        trees[package.path] = tree_of(locked_repo(program), package)
    return trees[package.path]


def tree_of(repo: LockedRepo, package: Package) -> Tree:
    """The tree of one package.json from its lockfile, without a program."""
    path = repo.governing(package)
    lockfile = repo.lockfile(path) if path else None
    return Tree(repo, package, path, lockfile, repo.problems.get(path, ""))


def dependency_trees(program: Program) -> tuple[Tree, ...]:
    """The tree of every package.json of the repo, sorted by path."""
    packages = sorted(program.workspace.packages, key=lambda package: package.path)
    return tuple(dependency_tree(program, package) for package in packages)
