"""Entry points by convention: route files, manifests' commands, serverless documents, mains."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from posixpath import join, normpath
from typing import TYPE_CHECKING

from archlint.knowledge.frameworks import FileEntry, Framework
from archlint.model.finding import Context, EntryPoint
from archlint.model.location import line_of
from archlint.model.workspace import Package
from archlint.program.ecma.entries.select import Selector
from archlint.program.ecma.entries.serverless import deployed
from archlint.program.ecma.index import FileIndex
from archlint.program.ecma.parameters import Site
from archlint.program.ecma.values import ExternalValue, FunctionValue

if TYPE_CHECKING:
    from archlint.program.ecma.linker import EcmaLinker


class Conventions:
    """What files are, by their place and by manifests."""

    def __init__(self, linker: EcmaLinker, select: Selector) -> None:
        self._linker = linker
        self._ev = linker.evaluator
        self._select = select
        packages = linker.workspace.packages
        self._packages = sorted(packages, key=lambda p: (-len(p.root), p.path))

    def points(self, files: list[FileIndex]) -> Iterator[EntryPoint]:
        """All entry points that conventions make."""
        entries = [(table, entry) for table in self._linker.tables for entry in table.file]
        for file in files:
            package = self._package(file.path)
            if package is not None:
                inner = file.path[len(package.root) + 1 :] if package.root else file.path
                names = {**package.dependencies, **package.dev_dependencies}
                for table, entry in entries:
                    if not entry.requires or any(name in names for name in entry.requires):
                        yield from self._file(file, inner, table, entry)
        yield from self._commands()
        yield from self._serverless()
        yield from self._mains()

    def _package(self, path: str) -> Package | None:
        for package in self._packages:
            if not package.root or path.startswith(package.root + "/"):
                return package
        return None

    # ------------------------------------------------------------ route files

    def _file(
        self, file: FileIndex, inner: str, table: Framework, entry: FileEntry
    ) -> Iterator[EntryPoint]:
        if not any(glob_pattern(glob).match(inner) for glob in entry.glob):
            return
        match = re.search(entry.route, inner) if entry.route else None
        route = _route(match.group(1) or "" if match else inner)
        for name in entry.exports:
            for handler, field in self._exported(file, name, int(entry.fields)).items():
                label = entry.label.replace("{NAME}", name.upper()).replace("{name}", name)
                label = label.replace("{field}", field)
                fn = self._ev.function((handler.path, handler.index))
                if fn is None:
                    continue
                yield EntryPoint(
                    kind=entry.kind,
                    label=label.replace("{file}", route),
                    path=file.path,
                    line=line_of(fn.file.facts, fn.facts.at) if fn.file is file else 1,
                    framework=table.name,
                    function=fn.id,
                )
                if entry.params:
                    values = tuple(((ExternalValue(p),) if p else ()) for p in entry.params)
                    self._ev.parameters.add(fn.id, ("file",), Site(values=values))

    def _exported(self, file: FileIndex, name: str, depth: int = 0) -> dict[FunctionValue, str]:
        """The functions of an export, ``depth`` levels of objects opened, with their fields."""
        values = self._ev.exports.named(file.path, name)
        if name == "default" and not values:
            values = self._ev.exports.module(file.path)
        found = self._select.named(values, depth)
        for item in self._ev.exports.table(file).get(name, ()):
            if item.value is not None:
                top = file.functions[0]
                for handler in self._select.unwrapped(top, item.value):
                    found.setdefault(handler, "")
        return found

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
                target = self._linker.resolver.complete(normpath(join(root, item.module)))
                file = self._ev.file(target)
                if file is None:
                    continue
                for handler in self._exported(file, item.export):
                    yield EntryPoint(
                        kind=item.kind,
                        label=f"function {item.module}.{item.export}",
                        path=target,
                        line=1,
                        framework="serverless",
                        function=(handler.path, handler.index),
                    )
                break

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


@cache
def glob_pattern(glob: str) -> re.Pattern[str]:
    """A glob (``**``, ``*``, ``{a,b}``) as a regular expression on a whole path."""
    out = ""
    for part in re.split(r"(\*\*/|\*\*|\*|\{[^}]*\})", glob):
        if part == "**/":
            out += "(?:.*/)?"
        elif part == "**":
            out += ".*"
        elif part == "*":
            out += "[^/]*"
        elif part.startswith("{"):
            out += "(?:" + "|".join(re.escape(p) for p in part[1:-1].split(",")) + ")"
        else:
            out += re.escape(part)
    return re.compile(out + r"\Z")


def _route(text: str) -> str:
    """A route from a file's path: ``users/[id]/index`` -> ``/users/:id``."""
    text = re.sub(r"\.(get|post|put|patch|delete|head|options)$", "", text)
    text = re.sub(r"\([^/]*\)/", "", text + "/").rstrip("/")
    text = re.sub(r"\[\[?\.\.\.(\w+)\]?\]", r"*\1", text)
    text = re.sub(r"\[(\w+)\]", r":\1", text)
    text = re.sub(r"(^|/)index$", "", text)
    return "/" + text.strip("/")
