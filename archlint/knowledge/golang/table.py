"""Reading the packed signature tables (README.md beside this file has the format)."""

from __future__ import annotations

import mmap
import re
import zlib
from functools import cache
from pathlib import Path
from typing import BinaryIO

import msgspec

from archlint.knowledge.tables import FOLDER


class Header(msgspec.Struct, frozen=True):
    """The first line of a table: source, versions, date and where each package lies."""

    source: str
    go: str
    date: str
    systems: tuple[str, ...]
    packages: dict[str, tuple[int, int]]
    modules: dict[str, str] = {}


class Chunk(msgspec.Struct):
    """One package's lines, each after a line break; they are searched, not split."""

    path: str
    name: str
    imports: tuple[str, ...]
    lines: str

    def find(self, kind: str, name: str) -> str | None:
        """What is said of a name of that kind: F, V or A; of a type see ``type``."""
        return self._rest(f"\n{kind} {name} ")

    def type(self, name: str) -> str | None:
        """A type's parameters (``<K:any> `` or nothing) and its underlying type."""
        found = self._rest(f"\nT {name} ")
        if found is None:
            found = self._rest(f"\nT {name}<")
            return None if found is None else f"<{found}"
        return found

    def methods(self, name: str) -> list[tuple[str, bool, str]]:
        """(name, pointer receiver, signature) of the methods of a type."""
        start = max(self.lines.find(f"\nT {name} "), self.lines.find(f"\nT {name}<"))
        methods: list[tuple[str, bool, str]] = []
        at = self.lines.find("\n", start + 1) + 1 if start >= 0 else 0
        while at and self.lines[at : at + 2] in {"m ", "M "}:
            end = self.lines.index("\n", at)
            method, _, signature = self.lines[at + 2 : end].partition(" ")
            methods.append((method, self.lines[at] == "M", signature))
            at = end + 1
        return methods

    def constant(self, name: str) -> str | None:
        """The type of a constant."""
        written = f" {name}"
        at = self.lines.find(written)
        while at >= 0:
            start = self.lines.rfind("\n", 0, at) + 1
            if (
                self.lines[at + len(written)] in " \n"
                and self.lines.startswith("C ", start)
                and at > start + 1
            ):
                return self.lines[start + 2 : at].partition(" ")[0]
            at = self.lines.find(written, at + 1)
        return None

    def names(self, kind: str) -> list[str]:
        """Every name of a kind: F, V, A or T."""
        return re.findall(rf"(?m)^{kind} (\w+)", self.lines)

    def _rest(self, start: str) -> str | None:
        at = self.lines.find(start)
        if at < 0:
            return None
        at += len(start)
        return self.lines[at : self.lines.index("\n", at)]


class SignatureTable:
    """A table on disk; a package is unpacked when it is first asked for."""

    def __init__(self, path: Path) -> None:
        with path.open("rb") as file:
            self.header = _read_header(file)
            self._start = file.tell()
            self._data = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)

    def __contains__(self, package: str) -> bool:
        return package in self.header.packages

    def packages(self) -> tuple[str, ...]:
        """Import paths of every package, sorted."""
        return tuple(sorted(self.header.packages))

    def chunk(self, package: str) -> Chunk | None:
        """A package's lines, or None when the table does not have it."""
        place = self.header.packages.get(package)
        if place is None:
            return None
        at, size = place
        at += self._start
        name, imports, lines = zlib.decompress(self._data[at : at + size]).decode().split("\n", 2)
        return Chunk(package, name, tuple(imports.split()), f"\n{lines}\n")


def _read_header(file: BinaryIO) -> Header:
    return msgspec.json.decode(file.readline(), type=Header)


def _packaged(name: str) -> SignatureTable:
    return SignatureTable(FOLDER / "golang" / name)


@cache
def standard_library() -> SignatureTable:
    """The standard library's table."""
    return _packaged("std.gosig")


@cache
def third_party() -> SignatureTable:
    """The table of popular third-party modules."""
    return _packaged("third_party.gosig")
