"""The TOML tables of this package, read from their compiled form.

Reading TOML takes longer than all other reading of a run's start, so ``compiled.jsonl`` holds every
table as JSON (see ``compiled``); ``scripts/compile_tables.py`` writes it.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TypeVar

import msgspec

from archlint.knowledge.compiled import compiled

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
    made = compiled(COMPILED, name, text)
    if made is not None:
        return msgspec.json.decode(made, type=kind)
    import tomllib

    return msgspec.convert(tomllib.loads(text.decode()), kind)


def names(folder: str) -> list[str]:
    """The tables of a folder, sorted, as ``table`` wants them."""
    found = sorted(os.listdir(os.path.join(FOLDER, folder)))
    return [f"{folder}/{name}" for name in found if name.endswith(".toml")]
