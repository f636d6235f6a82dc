"""Files of compiled entries, a line each: name, checksum of what it was made from, JSON.

An entry whose checksum is not that of its source as it is now is passed over, so that an edited
source counts at once; scripts write the files anew.
"""

from __future__ import annotations

import os
import zlib
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path


def checksum(source: bytes) -> str:
    """What tells an edited source from the one that was compiled."""
    return f"{zlib.crc32(source):08x}"


@cache
def entries(path: Path) -> dict[str, tuple[str, bytes]]:
    """Checksum and JSON by name; empty when the file is not there."""
    try:
        lines = path.read_bytes().splitlines()
    except OSError:
        return {}
    found: dict[str, tuple[str, bytes]] = {}
    for line in lines:
        name, _, rest = line.partition(b" ")
        check, _, compiled = rest.partition(b" ")
        found[name.decode()] = (check.decode(), compiled)
    return found


def compiled(path: Path, name: str, source: bytes) -> bytes | None:
    """An entry's JSON; None when there is none for this source."""
    check, found = entries(path).get(name, ("", b""))
    return found if check == checksum(source) else None


def write(path: Path, made: Iterable[tuple[str, bytes, bytes]]) -> None:
    """Write entries of (name, source, JSON), sorted by name."""
    lines = (f"{name} {checksum(source)} ".encode() + json for name, source, json in sorted(made))
    path.write_bytes(b"".join(line + b"\n" for line in lines))


def beside(module: str, name: str) -> Path:
    """The file of that name in the folder of a module (its ``__file__``)."""
    return Path(module).resolve().parent / name


def sources(folder: Path, ending: str) -> Iterator[tuple[str, bytes]]:
    """The files below a folder of ours: posix path and bytes, sorted by folder, then name."""
    for place, below, names in os.walk(folder):
        below[:] = sorted(name for name in below if name != "__pycache__")
        prefix = os.path.relpath(place, folder).replace(os.sep, "/") + "/"
        for name in sorted(names):
            if name.endswith(ending):
                with open(os.path.join(place, name), "rb") as file:
                    yield prefix.removeprefix("./") + name, file.read()
