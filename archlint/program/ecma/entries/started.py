"""Files that a call names and whose functions something else calls: processors, deployed code.

``new Worker("mail", path)`` (BullMQ) runs a file's default export for each job; ``new Function()``
of the AWS CDK deploys an export of a file, or of a module in a folder.
"""

from __future__ import annotations

from collections.abc import Iterator
from posixpath import basename, dirname, join, normpath, splitext
from typing import TYPE_CHECKING

import msgspec

from archlint.knowledge.frameworks import Framework, ProcessEntry
from archlint.model import ir
from archlint.model.finding import EntryPoint
from archlint.model.location import line_of
from archlint.program.ecma.entries.files import exported
from archlint.program.ecma.entries.select import Selector
from archlint.program.ecma.index import FunctionIndex

if TYPE_CHECKING:
    from archlint.program.ecma.linker import EcmaLinker


class Started(msgspec.Struct, gc=False):
    """A call that names a file by one of the tables' entries."""

    table: Framework
    entry: ProcessEntry
    fn: FunctionIndex
    call: ir.Call


class StartedFiles:
    """Reads such calls."""

    def __init__(self, linker: EcmaLinker, select: Selector) -> None:
        self._linker = linker
        self._ev = linker.evaluator
        self._select = select

    def files(self, fn: FunctionIndex, call: ir.Call, entry: ProcessEntry) -> list[str]:
        """The files of the repo that a call names."""
        named = self._named(call, entry.file)
        found = self._ev.loading.started(fn, named) if named is not None else []
        return [path for path in found if self._ev.file(path)]

    def points(self, started: Started) -> Iterator[EntryPoint]:
        """What is called in the files: the entry's exports, or the one that the call names."""
        fn, call, entry = started.fn, started.call, started.entry
        names, paths = entry.exports, self.files(fn, call, entry)
        if entry.handler:
            module, name = self._handler(fn, call, entry.handler)
            names = (name,)
            paths = paths or self._deployed(fn, call, entry.folder, module)
        for path in paths:
            yield from self._in_file(started, path, names)

    def _in_file(self, started: Started, path: str, names: tuple[str, ...]) -> Iterator[EntryPoint]:
        file = self._ev.file(path)
        if file is None:
            return
        for name in self._ev.exports.names(file) if "*" in names else names:
            for handler in exported(self._linker, self._select, file, name):
                fn = self._ev.function((handler.path, handler.index))
                if fn is not None:
                    yield EntryPoint(
                        kind=started.entry.kind,
                        label=self._label(started, f"{splitext(path)[0]}.{name}"),
                        path=fn.file.path,
                        line=line_of(fn.file.facts, fn.facts.at),
                        framework=started.table.name,
                        function=fn.id,
                    )

    def _label(self, started: Started, function: str) -> str:
        label = started.entry.label.replace("{file}", function)
        if "{0}" in label:
            text = self._select.text(started.fn, started.call, "0")
            label = label.replace("{0}", text or "*")
        return label

    def _named(self, call: ir.Call, selector: str) -> ir.Expr | None:
        """The expression that names a file or folder: an argument, or a field of one."""
        field = selector.partition(".")[2]
        for arg in self._select.arguments(call, selector):
            if not field:
                return arg
            if isinstance(arg, ir.Object):
                return next((e.value for e in arg.entries if e.key == field), None)
        return None

    # --------------------------------------------------------------- deployed

    def _handler(self, fn: FunctionIndex, call: ir.Call, selector: str) -> tuple[str, str]:
        """The module and export of ``index.handler``; the export alone is ``handler``."""
        named = self._named(call, selector)
        text = self._ev.text(fn, named) if named is not None else ""
        module, _, name = text.rpartition(".")
        return module, name or "handler"

    def _deployed(self, fn: FunctionIndex, call: ir.Call, folder: str, module: str) -> list[str]:
        """The module in the folder that is deployed, or the file that CDK takes by default."""
        here = fn.file.path
        if not folder:
            stem = splitext(basename(here))[0]
            paths = [join(dirname(here), f"{stem}.{self._select.text(fn, call, '1')}")]
        else:
            package = self._ev.resolver.package(dirname(here))
            roots = [package.root if package else "", dirname(here)]
            asset = self._asset(fn, call, folder)
            absolute = asset.startswith("/")
            paths = [asset.lstrip("/")] if absolute else [join(root, asset) for root in roots]
            paths = [normpath(join(path, module)) for path in paths] if asset and module else []
        found = [self._ev.resolver.complete(path) for path in paths if "*" not in path]
        return [path for path in found if self._ev.file(path)][:1]

    def _asset(self, fn: FunctionIndex, call: ir.Call, folder: str) -> str:
        """The folder of ``Code.fromAsset(folder)``."""
        value = self._named(call, folder)
        made = self._select.origin(fn, value) if value is not None else None
        if isinstance(made, ir.Call) and made.args and _last(made.callee) in _ASSETS:
            return self._ev.text(fn, made.args[0])
        return ""


_ASSETS = frozenset({"fromAsset", "asset", "AssetCode"})


def _last(callee: ir.Expr) -> str:
    if isinstance(callee, ir.Member):
        return callee.name
    return callee.id if isinstance(callee, ir.Name) else ""
