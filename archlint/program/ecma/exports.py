"""What modules export, ECMAScript and CommonJS, and what imports of them give."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from archlint.model import ir
from archlint.model.facts import ExportFacts, ImportFacts
from archlint.program.ecma.index import FileIndex
from archlint.program.ecma.resolver import OUTSIDE
from archlint.program.ecma.values import ExternalValue, ModuleValue, Values, union

if TYPE_CHECKING:
    from archlint.program.ecma.evaluate import Evaluator

_WHOLE = frozenset({"", "*", "default", "="})


class Exports:
    """Exports by module path, on demand."""

    def __init__(self, evaluator: Evaluator) -> None:
        self._ev = evaluator
        self._tables: dict[str, dict[str, list[ExportFacts]]] = {}

    def table(self, file: FileIndex) -> dict[str, list[ExportFacts]]:
        """A file's ECMAScript exports by name."""
        found = self._tables.get(file.path)
        if found is None:
            found = self._tables[file.path] = {}
            for item in file.facts.exports:
                found.setdefault(item.name, []).append(item)
        return found

    # --------------------------------------------------------------- importing

    def imported(self, path: str, item: ImportFacts, name: str) -> Values:
        """What an import of ``name`` in file ``path`` gives."""
        if item.specifier is None:
            return ()
        target = self._ev.resolver.resolve(path, item.specifier)
        if item.kind in {"import-equals", "require"} and name in _WHOLE:
            return self.required(target)
        return self.from_target(target, name)

    def from_target(self, target: str, name: str) -> Values:
        """Export ``name`` of a module (``*`` its namespace, ``default`` with CommonJS interop)."""
        file = self._ev.file(target)
        if file is None:
            return self._outside(target, name)
        if name == "*":
            return union((ModuleValue(target),), self._assigned_whole(file))
        if name in {"default", "="}:
            found = self.named(target, "default")
            return found or self.module(target)
        return self.named(target, name)

    def required(self, target: str) -> Values:
        """What ``require`` of a resolved module gives."""
        return self.module(target) if self._ev.file(target) else self._outside(target, "*")

    def _outside(self, target: str, name: str) -> Values:
        if not target.startswith(OUTSIDE):
            return ()
        module = ExternalValue(self._ev.canonical.name(target))
        return (module,) if name in _WHOLE else self._ev.canonical.extend(module, f".{name}")

    # --------------------------------------------------------------- exporting

    def module(self, path: str) -> Values:
        """A module as ``require`` gives it: what ``module.exports`` is, and its namespace."""
        found: Values = self._ev.memo(("x", path), self._module, path)
        return found or (ModuleValue(path),)

    def _module(self, path: str) -> Values:
        file = self._ev.file(path)
        if file is None:
            return ()
        return union(self._assigned_whole(file), (ModuleValue(path),))

    def _assigned_whole(self, file: FileIndex) -> Values:
        """Values of ``module.exports = x`` and TypeScript's ``export = x`` (lowered alike)."""
        parts: list[Values] = []
        for record in file.members.get("exports", ()):
            fn = file.functions[record.function]
            target = record.object
            if isinstance(target, ir.Name) and target.id == "module" and not record.descriptor:
                parts.append(self._ev.values(fn, record.value))
        return union(*parts)

    def named(self, path: str, name: str) -> Values:
        """Export ``name`` of a file of the repo."""
        found: Values = self._ev.memo(("e", path, name), self._named, path, name)
        return found

    def _named(self, path: str, name: str) -> Values:
        file = self._ev.file(path)
        if file is None:
            return self._outside(path, name)
        parts = [self._exported(file, item) for item in self.table(file).get(name, ())]
        own = union(*parts)
        if own or (name in self.table(file)):
            return own
        starred = self._through_stars(file, name)
        return union(starred, self._common(file, name)) if file.commonjs else starred

    def _exported(self, file: FileIndex, item: ExportFacts) -> Values:
        if item.specifier is not None:
            target = self._ev.resolver.resolve(file.path, item.specifier)
            return self.from_target(target, item.source_name or item.name)
        return self._ev.values(file.functions[0], item.value)

    def _through_stars(self, file: FileIndex, name: str) -> Values:
        if name == "default":
            return ()
        parts: list[Values] = []
        for item in self.table(file).get("*", ()):
            if item.specifier is not None:
                target = self._ev.resolver.resolve(file.path, item.specifier)
                below = self._ev.file(target)
                if below is not None:
                    table = self.table(below)
                    if name in table or "*" in table or below.commonjs:
                        parts.append(self.named(target, name))
                elif target:
                    parts.append(self._outside(target, name))
        known = [part for part in parts if any(not _is_outside(v) for v in part)]
        return union(*(known or parts))

    def _common(self, file: FileIndex, name: str) -> Values:
        """CommonJS: ``exports.x = ``, members of ``module.exports = x``, merged objects."""
        own = ModuleValue(file.path)
        parts = [self._ev.mutations.given(own, name)]
        whole = tuple(value for value in self._assigned_whole(file) if value != own)
        found = self._ev.members.of(whole, name)
        if name == "default":  # what is outside has any member: the module itself is meant
            found = tuple(value for value in found if not _is_outside(value))
        parts.append(found)
        parts.extend(self._ev.members.of(values, name) for values in self._merged(file))
        return union(*parts)

    def _merged(self, file: FileIndex) -> Iterator[Values]:
        """Objects merged into the exports: ``Object.assign(exports, x)``, ``__exportStar(x)``."""
        own = ModuleValue(file.path)
        for index, call in file.merges:
            fn = file.functions[index]
            into, sources = call.args[:1], call.args[1:]
            if isinstance(call.callee, ir.Name):
                into, sources = call.args[1:2], call.args[:1]
            if into and own in self._ev.values(fn, into[0]):
                yield from (self._ev.values(fn, source) for source in sources)

    def all(self, path: str) -> Values:
        """Every export of a file."""
        found: Values = self._ev.memo(("xa", path), self._all, path)
        return found

    def names(self, file: FileIndex) -> list[str]:
        """The names of a file's exports, those assigned to ``exports`` and kin included."""
        found = {name: None for name in self.table(file) if name != "*"}
        for name, records in file.members.items() if file.commonjs else ():
            if any(_is_exports(record.object) for record in records):
                found[name] = None
        return list(found)

    def _all(self, path: str) -> Values:
        file = self._ev.file(path)
        if file is None:
            return ()
        parts = [self.named(path, name) for name in self.names(file)]
        parts.extend((v,) for v in self._assigned_whole(file) if v != ModuleValue(path))
        return union(*parts)


def _is_exports(target: ir.Expr) -> bool:
    """Whether an object that something is assigned to is ``exports`` or ``module.exports``."""
    if isinstance(target, ir.Member):
        return target.name == "exports" and isinstance(target.object, ir.Name)
    return isinstance(target, ir.Name) and target.id == "exports"


def _is_outside(value: object) -> bool:
    return type(value) is ExternalValue
