"""Installed packages: where their declaration files lie below ``node_modules``, and reading them.

Links are followed only to places inside the scanned folder's own ``node_modules`` (pnpm's store);
nothing above the scanned folder is read. Paths are absolute and never shown.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from os.path import dirname, isdir, isfile, join, normpath, realpath
from typing import Any

import msgspec

from archlint.discovery.files import read_regular
from archlint.discovery.source import Unreadable
from archlint.extract.declared import DeclarationFile
from archlint.model.pattern import lazy_regex
from archlint.program.ecma.packages import exported

MAX_FILES = 600
"""Declaration files that one run reads."""
MAX_BYTES = 8_000_000
"""Bytes of declaration files that one run parses."""
MAX_FILE = 2_000_000
_MANIFEST_LIMIT = 1_000_000
_MODULES = "node_modules"
_DECLARED = (".d.ts", ".d.mts", ".d.cts")
_TYPED = (*_DECLARED, ".ts", ".mts", ".cts")
_BUILT = lazy_regex(r"\.([cm]?)jsx?$")


class Installed:
    """The packages below a scanned folder."""

    def __init__(self, root: str) -> None:
        self._root = realpath(root)
        self._folders: dict[tuple[str, str], str] = {}
        self._entries: dict[tuple[str, str], str] = {}
        self._manifests: dict[str, dict[str, Any]] = {}
        self._files: dict[str, DeclarationFile | None] = {}
        self._data: dict[str, bytes] = {}
        self._bytes = 0

    # ---------------------------------------------------------------- folders

    def folder(self, start: str, package: str) -> str:
        """The folder of a package as seen from the folder ``start``; "" when it is not there."""
        key = (start, package)
        found = self._folders.get(key)
        if found is None:
            found = self._folders[key] = self._find(start, package)
        return found

    def _find(self, start: str, package: str) -> str:
        if start != self._root and not start.startswith(self._root + os.sep):
            return ""
        if os.path.basename(start) != _MODULES:
            place = join(start, _MODULES, package)
            if isdir(place):
                return self._inside(place)
        return "" if start == self._root else self.folder(dirname(start), package)

    def _inside(self, place: str) -> str:
        """Where a folder really is; "" when a link leads out of the installed packages."""
        real = realpath(place)
        inner = real.removeprefix(self._root + os.sep)
        return real if inner != real and _MODULES in inner.split(os.sep) else ""

    def manifest(self, folder: str) -> dict[str, Any]:
        """A package's package.json; empty when it cannot be read."""
        found = self._manifests.get(folder)
        if found is None:
            found = {}
            with suppress(Unreadable, msgspec.DecodeError, UnicodeDecodeError, RecursionError):
                data = read_regular(join(folder, "package.json"), _MANIFEST_LIMIT)
                raw = msgspec.json.decode(data)
                found = raw if isinstance(raw, dict) else {}
            self._manifests[folder] = found
        return found

    # ------------------------------------------------------------- resolution

    def at(self, path: str) -> str:
        """The absolute folder of a path relative to the scanned folder."""
        return normpath(join(self._root, path))

    def declaration(self, start: str, specifier: str) -> str:
        """The declaration file that a module specifier means in a folder; "" for none."""
        key = (start, specifier)
        found = self._entries.get(key)
        if found is None:
            found = self._entries[key] = self._declaration(start, specifier)
        return found

    def _declaration(self, start: str, specifier: str) -> str:
        if specifier.startswith("."):
            return self._complete(normpath(join(start, specifier)))
        if specifier.startswith(("/", "node:", "#")) or ".." in specifier.split("/"):
            return ""
        count = 2 if specifier.startswith("@") else 1
        parts = specifier.split("/")
        package, inner = "/".join(parts[:count]), "/".join(parts[count:])
        own = self.folder(start, package)
        if own:
            found = next(self._candidates(own, inner), "")
            if found:
                return found
        mangled = package.removeprefix("@").replace("/", "__")
        typed = self.folder(start, f"@types/{mangled}")
        return next(self._candidates(typed, inner), "") if typed else ""

    def _candidates(self, folder: str, inner: str) -> Iterator[str]:
        """The declaration files that an inner path of a package may mean, the likeliest first."""
        manifest = self.manifest(folder)
        places: list[str] = []
        if manifest.get("exports") is not None:
            places.extend(exported(manifest["exports"], inner))
        if inner:
            places.extend((*_versioned(manifest, inner), inner))
        else:
            for key in ("types", "typings"):
                if isinstance(manifest.get(key), str):
                    places.extend((*_versioned(manifest, manifest[key]), manifest[key]))
            places.extend(_versioned(manifest, "index"))
            if isinstance(manifest.get("main"), str):
                places.append(manifest["main"])
            places.append("index")
        for place in places:
            path = normpath(join(folder, place))
            if path.startswith(folder + os.sep) and "*" not in place:
                found = self._complete(path)
                if found:
                    yield found

    def _complete(self, path: str) -> str:
        """The declarations beside a path: itself, its twin, with an ending, or an index."""
        if not path.startswith(self._root + os.sep):
            return ""
        if path.endswith(_TYPED) and isfile(path):
            return path
        twin = _BUILT.sub(r".d.\1ts", path)
        if twin != path and isfile(twin):
            return twin
        for ending in _TYPED[:4]:
            if isfile(path + ending):
                return path + ending
        if isdir(path):
            for ending in _TYPED[:4]:
                index = join(path, "index" + ending)
                if isfile(index):
                    return index
            inner = self.manifest(path) if isfile(join(path, "package.json")) else {}
            types = inner.get("types") or inner.get("typings")
            if isinstance(types, str):
                found = normpath(join(path, types))
                return found if found.startswith(path + os.sep) and isfile(found) else ""
        return ""

    # ---------------------------------------------------------------- reading

    def mentions(self, path: str, name: str) -> bool:
        """Whether a file holds a name, or exports what other files hold."""
        if path in self._files:
            return self._files[path] is not None
        data = self._read(path)
        return name.encode() in data or b"*" in data

    def file(self, path: str) -> DeclarationFile | None:
        """A declaration file; None when it cannot be read or the run has read enough."""
        if path not in self._files:
            data = self._read(path)
            self._bytes += len(data)
            enough = self._bytes > MAX_BYTES or len(self._files) >= MAX_FILES
            self._files[path] = None if enough or not data else DeclarationFile(path, data)
            self._data.pop(path, None)
        return self._files[path]

    def _read(self, path: str) -> bytes:
        data = self._data.get(path)
        if data is None:
            data = b""
            if len(self._data) < MAX_FILES:
                with suppress(Unreadable):
                    data = read_regular(path, MAX_FILE)
            self._data[path] = data
        return data


def _versioned(manifest: dict[str, Any], inner: str) -> Iterator[str]:
    """What ``typesVersions`` makes of an inner path, for the first range it names."""
    table = manifest.get("typesVersions")
    ranges = list(table.values()) if isinstance(table, dict) else []
    for key, targets in ranges[0].items() if ranges and isinstance(ranges[0], dict) else ():
        head, star, tail = str(key).partition("*")
        matches = inner.startswith(head) and inner.endswith(tail) if star else inner == key
        for target in targets if matches and isinstance(targets, list) else ():
            if isinstance(target, str):
                yield target.replace("*", inner[len(head) : len(inner) - len(tail)])
