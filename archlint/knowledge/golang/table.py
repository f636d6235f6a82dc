"""Reading the packed signature tables (README.md beside this file has the format)."""

from __future__ import annotations

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
    """One package's lines, split but with types still encoded.

    ``types`` maps a type's name to its type parameters and underlying type, ``methods`` a
    type's name to (method name, pointer receiver, signature); ``constants`` a constant to its type.
    """

    path: str
    name: str
    imports: tuple[str, ...]
    functions: dict[str, str] = msgspec.field(default_factory=dict)
    variables: dict[str, str] = msgspec.field(default_factory=dict)
    constants: dict[str, str] = msgspec.field(default_factory=dict)
    aliases: dict[str, str] = msgspec.field(default_factory=dict)
    types: dict[str, str] = msgspec.field(default_factory=dict)
    methods: dict[str, list[tuple[str, bool, str]]] = msgspec.field(default_factory=dict)


class SignatureTable:
    """A table on disk; a package is unpacked when it is first asked for."""

    def __init__(self, path: Path) -> None:
        self._path = path
        with path.open("rb") as file:
            self.header = _read_header(file)
            self._start = file.tell()

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
        with self._path.open("rb") as file:
            file.seek(self._start + at)
            text = zlib.decompress(file.read(size)).decode()
        return _split(package, text)


def _read_header(file: BinaryIO) -> Header:
    return msgspec.json.decode(file.readline(), type=Header)


def _split(path: str, text: str) -> Chunk:
    lines = text.split("\n")
    chunk = Chunk(path, lines[0], tuple(lines[1].split()))
    plain = {"F": chunk.functions, "V": chunk.variables, "A": chunk.aliases}
    methods: list[tuple[str, bool, str]] = []
    for line in lines[2:]:
        kind, _, rest = line.partition(" ")
        if kind in {"m", "M"}:
            name, _, signature = rest.partition(" ")
            methods.append((name, kind == "M", signature))
        elif kind == "T":
            name, _, underlying = rest.partition(" ")
            name, bracket, params = name.partition("<")
            chunk.types[name] = f"{bracket}{params} {underlying}"
            methods = chunk.methods[name] = []
        elif kind == "C":
            constant, *names = rest.split(" ")
            chunk.constants.update(dict.fromkeys(names, constant))
        else:
            name, _, encoded = rest.partition(" ")
            plain[kind][name] = encoded
    return chunk


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
