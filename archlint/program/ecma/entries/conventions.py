"""Entry points by convention: files, manifests' commands, serverless documents, mains."""

from __future__ import annotations

from collections.abc import Iterator
from posixpath import join, normpath
from typing import TYPE_CHECKING

from archlint.model.finding import Context, EntryPoint
from archlint.model.workspace import Package
from archlint.program.ecma.entries.files import ServedFiles, exported
from archlint.program.ecma.entries.select import Selector
from archlint.program.ecma.entries.serverless import deployed
from archlint.program.ecma.index import FileIndex
from archlint.program.program import FunctionId

if TYPE_CHECKING:
    from archlint.program.ecma.linker import EcmaLinker


class Conventions:
    """What files are, by their place and by manifests."""

    def __init__(self, linker: EcmaLinker, select: Selector, known: set[FunctionId]) -> None:
        self._linker = linker
        self._ev = linker.evaluator
        self._select = select
        self._known = known
        packages = linker.workspace.packages
        self._packages = sorted(packages, key=lambda p: (-len(p.root), p.path))

    def points(self, files: list[FileIndex]) -> Iterator[EntryPoint]:
        """All entry points that conventions make."""
        deployments = list(self._serverless())
        yield from deployments
        known = self._known | {p.function for p in deployments if p.function}
        served = ServedFiles(self._linker, self._select, known)
        for file in files:
            package = self._package(file.path)
            if package is not None:
                yield from served.points(file, package)
        yield from self._commands()
        yield from self._mains()

    def _package(self, path: str) -> Package | None:
        for package in self._packages:
            if not package.root or path.startswith(package.root + "/"):
                return package
        return None

    # -------------------------------------------------------------- manifests

    def _commands(self) -> Iterator[EntryPoint]:
        for package in self._packages:
            for name in sorted(package.bin):
                target = self._linker.resolver.inside(package, package.bin[name])
                if self._ev.file(target) is not None:
                    yield EntryPoint(
                        kind=Context.CLI,
                        label=f"command {name}",
                        path=target,
                        line=1,
                        framework="package.json",
                        function=(target, 0),
                    )

    def _serverless(self) -> Iterator[EntryPoint]:
        for item in deployed(self._linker.workspace.documents):
            for root in item.roots:
                target = self._source(normpath(join(root, item.module)))
                file = self._ev.file(target)
                if file is None:
                    continue
                for handler in exported(self._linker, self._select, file, item.export):
                    yield EntryPoint(
                        kind=item.kind,
                        label=f"function {item.module}.{item.export}",
                        path=target,
                        line=1,
                        framework="serverless",
                        function=(handler.path, handler.index),
                    )
                break

    def _source(self, path: str) -> str:
        """The file that a deployed path means; of a built one its source."""
        resolver = self._linker.resolver
        package = self._package(path)
        target = resolver.complete(path)
        if target or package is None:
            return target
        return resolver.inside(package, path[len(package.root) + 1 :] if package.root else path)

    def _mains(self) -> Iterator[EntryPoint]:
        """The top level of each component's main files."""
        for component in self._linker.workspace.components:
            if component.runtime != "node" or component.kind in {"frontend", "test"}:
                continue
            kind = Context.CLI if component.kind in {"cli", "tool"} else Context.STARTUP
            for main in component.mains:
                if self._ev.file(main) is not None:
                    yield EntryPoint(
                        kind=kind,
                        label=f"start of {component.name}",
                        path=main,
                        line=1,
                        framework="node",
                        function=(main, 0),
                    )
