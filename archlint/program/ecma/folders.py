"""Folders whose modules a framework hangs on its objects: ``app.controller.userNotes``."""

from __future__ import annotations

import re
from posixpath import dirname, join
from typing import TYPE_CHECKING

from archlint.knowledge.frameworks import FolderEntry
from archlint.program.ecma.values import (
    ClassValue,
    ExternalValue,
    FolderValue,
    FunctionValue,
    Value,
    Values,
    union,
)

if TYPE_CHECKING:
    from archlint.program.ecma.evaluate import Evaluator


class Folders:
    """What the tables' folders hold (see ``FolderEntry``)."""

    def __init__(self, evaluator: Evaluator) -> None:
        self._ev = evaluator
        self._machines: set[Value] = set()

    def of(self, values: Values) -> Values:
        """The folders that outside values stand for."""
        found: list[FolderValue] = []
        for value in values:
            if isinstance(value, ExternalValue) and value.name in self._ev.canonical.folders:
                entry = self._ev.canonical.folders[value.name]
                root = self._root(value, entry)
                if root is not None:
                    path = join(root, entry.folder)
                    found.append(FolderValue(path, entry.instances, entry.member))
        return tuple(found)

    def _root(self, value: ExternalValue, entry: FolderEntry) -> str | None:
        if value.made is not None:
            package = self._ev.resolver.package(dirname(value.made[0]))
            return package.root if package is not None else ""
        roots = self._ev.resolver.depending(entry.requires)
        return roots[0] if len(roots) == 1 else None

    def placed(self, values: Values, path: str) -> Values:
        """Instances of a framework's base classes, with the file that extends them."""
        if not self._ev.canonical.placed:
            return values
        return tuple(
            ExternalValue(v.name, (path, 0))
            if isinstance(v, ExternalValue) and v.name in self._ev.canonical.placed
            else v
            for v in values
        )

    def meant(self, folder: FolderValue, module: Values) -> Values:
        """What a folder's module stands for."""
        if folder.instances:
            functions = tuple(v for v in module if isinstance(v, FunctionValue))
            module = union(module, self._ev.results.returned_by(functions))
            classes = tuple(v for v in module if isinstance(v, ClassValue))
            others = tuple(v for v in module if not isinstance(v, ClassValue))
            module = union(self._ev.members.instances(classes, exact=True), others)
        if not folder.member:
            return module
        found = self._ev.members.of(module, folder.member)
        self._machines.update(found)
        return found

    def machine(self, value: FunctionValue, name: str) -> Values:
        """A machine of a folder under the name by which it is given its inputs."""
        return (value,) if name == "with" and value in self._machines else ()


def spellings(name: str) -> list[str]:
    """How the file of a member may be called: as it is, with ``_`` and with ``-``."""
    parts = re.sub(r"(?<=[a-z0-9])([A-Z])", r" \1", name).lower().split(" ")
    capital = name[:1].upper() + name[1:]
    return list(dict.fromkeys((name, "_".join(parts), "-".join(parts), capital)))
