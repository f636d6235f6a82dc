"""Every package the resolver can ask: the repo's, tables, vendored sources, unknown ones."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from posixpath import dirname

from archlint.knowledge.golang import SignatureTable, standard_library, third_party
from archlint.model.facts import FileFacts
from archlint.model.workspace import Workspace
from archlint.program.golang.modules import Modules, preference
from archlint.program.golang.outlined import OutlinedPackage
from archlint.program.golang.package import Package, Symbol, UnknownPackage
from archlint.program.golang.qualifiers import Qualifiers
from archlint.program.golang.source import SourcePackage, Unit
from archlint.program.golang.tabled import TablePackage
from archlint.program.golang.types import Definition
from archlint.program.golang.vendored import Sources


class Layered(Package):
    """A package of a table, or unknown; what is not there is looked up in its source.

    The source is read when it is first needed.
    """

    def __init__(self, table: Package, sources: Sources) -> None:
        super().__init__(table.path, table.name)
        self._table = table
        self._sources = sources
        self._read = False
        self.source: Package | None = None

    def lookup(self, name: str) -> Symbol | None:
        """The object of that name."""
        found = self._table.lookup(name)
        if found is None and not self._read:
            self._read = True
            self.source = self._sources.package(self.path)
        if found is None and self.source is not None:
            found = self.source.lookup(name)
        return found


class World:
    """Packages by folder (in-repo) and by import path (outside)."""

    def __init__(
        self, workspace: Workspace, files: dict[str, FileFacts], *, sources: bool = True
    ) -> None:
        self.units: dict[str, Unit] = {}
        self.local: dict[str, dict[str, SourcePackage]] = {}
        """Folder -> package name -> package."""
        self.modules = Modules(workspace, {dirname(path) for path in files})
        self._sources = Sources(workspace, self.modules, self._bind) if sources else None
        self._prepare: Callable[[SourcePackage], None] = lambda _package: None
        self._outside: dict[str, Package] = {}
        for path in sorted(files, key=preference):
            self._add(files[path])
        for unit in self.units.values():
            self._imports(unit)

    def _add(self, facts: FileFacts) -> None:
        folder = dirname(facts.path)
        packages = self.local.setdefault(folder, {})
        package = packages.get(facts.package)
        if package is None:
            path = self.modules.import_path(folder)
            if facts.package.endswith("_test"):
                path += "_test"
            package = packages[facts.package] = SourcePackage(path, facts.package, folder)
        unit = self.units[facts.path] = Unit(facts, package)
        package.units.append(unit)

    def _imports(self, unit: Unit) -> None:
        folder = dirname(unit.facts.path)
        unit.imports = Qualifiers(unit.facts.imports, lambda path: self.package(path, folder))

    def package(self, path: str, importer: str) -> Package:
        """The package that an import in the folder ``importer`` means."""
        folder = self.modules.folder(path, importer)
        if folder is not None:
            found = self.main_package(folder)
            if found is not None:
                return found
        return self.outside(path, importer)

    def main_package(self, folder: str) -> SourcePackage | None:
        """The importable package of a folder: no test, the one with the most files."""
        packages = [p for name, p in self.local.get(folder, {}).items() if name[-5:] != "_test"]
        if not packages:
            return None
        return max(packages, key=lambda p: (p.name != "main", len(p.units), p.name))

    def outside(self, path: str, importer: str = "") -> Package:
        """A package that is not in the repo."""
        found = self._outside.get(path)
        if found is None:
            found = self._outside[path] = self._find(path, importer)
        return found

    def _find(self, path: str, importer: str) -> Package:
        std = standard_library()
        if path in std:
            return self._tabled(std, path)
        if "." in path.split("/", 1)[0]:
            if path in third_party():
                table = self._tabled(third_party(), path)
                return Layered(table, self._sources) if self._sources is not None else table
            name = self._sources.name(path) if self._sources is not None else ""
            if name:
                assert self._sources is not None
                return Layered(UnknownPackage(path, name), self._sources)
        return UnknownPackage(path)

    def production(self) -> Iterator[Unit]:
        """The files that are no tests: no path of the program starts in a test."""
        for path, unit in self.units.items():
            if not path.endswith("_test.go"):
                yield unit

    def _bind(self, package: OutlinedPackage) -> None:
        """Make a package that was read from outside ready for questions."""
        package.find = lambda path: self.package(path, "")
        self._prepare(package)

    def prepare(self, prepare: Callable[[SourcePackage], None]) -> None:
        """Do something to every package from source, also to those that are read later."""
        self._prepare = prepare
        for packages in self.local.values():
            for package in packages.values():
                prepare(package)
        for outside in self._outside.values():
            source = outside.source if isinstance(outside, Layered) else outside
            if isinstance(source, SourcePackage):
                prepare(source)

    def _tabled(self, table: SignatureTable, path: str) -> Package:
        chunk = table.chunk(path)
        return TablePackage(chunk, self.definition) if chunk is not None else UnknownPackage(path)

    def definition(self, path: str, name: str) -> Definition:
        """A type by its package's import path; one with nothing known when it is nowhere."""
        package = self.package(path, "")
        symbol = package.lookup(name)
        if symbol is not None and symbol.definition is not None:
            return symbol.definition
        if isinstance(package, UnknownPackage):
            return package.definition(name)
        return Definition(path, name, known=False)
