"""The TOML tables of this package, read from their compiled form.

Reading TOML takes longer than all other reading of a run's start, so ``compiled.jsonl`` holds every
table as JSON, a line each: name, checksum of the TOML, table. A line whose checksum is not that of
the TOML as it is now is passed over: an edited table counts at once. ``scripts/compile_tables.py``
writes the file.
"""

from __future__ import annotations

import os
import zlib
from functools import cache
from pathlib import Path
from typing import TypeVar

import msgspec

T = TypeVar("T")
FOLDER = Path(__file__).resolve().parent
COMPILED = FOLDER / "compiled.jsonl"


def data(name: str) -> bytes:
    """A data file's bytes; ``name`` is its posix path below this package."""
    with open(os.path.join(FOLDER, name), "rb") as file:
        return file.read()


def table(name: str, kind: type[T]) -> T:
    """A TOML table as ``kind``; raises msgspec.ValidationError when it does not fit."""
    text = data(name)
    check, compiled = _compiled().get(name, ("", b""))
    if check == checksum(text):
        return msgspec.json.decode(compiled, type=kind)
    import tomllib

    return msgspec.convert(tomllib.loads(text.decode()), kind)


def names(folder: str) -> list[str]:
    """The tables of a folder, sorted, as ``table`` wants them."""
    found = sorted(os.listdir(os.path.join(FOLDER, folder)))
    return [f"{folder}/{name}" for name in found if name.endswith(".toml")]


def checksum(text: bytes) -> str:
    """What tells an edited table from the one that was compiled."""
    return f"{zlib.crc32(text):08x}"


@cache
def _compiled() -> dict[str, tuple[str, bytes]]:
    """Checksum and JSON by name; empty when the file is not there."""
    try:
        lines = COMPILED.read_bytes().splitlines()
    except OSError:
        return {}
    found: dict[str, tuple[str, bytes]] = {}
    for line in lines:
        name, _, rest = line.partition(b" ")
        check, _, compiled = rest.partition(b" ")
        found[name.decode()] = (check.decode(), compiled)
    return found
