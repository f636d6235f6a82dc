"""go.sum and vendor/modules.txt."""

from __future__ import annotations

import msgspec


class VendoredModule(msgspec.Struct, frozen=True, order=True):
    """A module of vendor/modules.txt; ``explicit`` says that go.mod requires it by name.

    ``replacement`` is what a replace put in its place ("" for nothing).
    """

    module: str
    version: str
    explicit: bool = False
    replacement: str = ""
    packages: tuple[str, ...] = ()


def parse_go_sum(text: str) -> frozenset[tuple[str, str]]:
    """The (module, version) pairs whose hashes a go.sum holds, ``/go.mod`` hashes included.

    It is no build list: it also names versions that were only looked at.
    """
    pairs: set[tuple[str, str]] = set()
    for line in text.splitlines():
        words = line.split()
        if len(words) == 3:
            pairs.add((words[0], words[1].removesuffix("/go.mod")))
    return frozenset(pairs)


def parse_vendor_modules(text: str) -> tuple[VendoredModule, ...]:
    """The modules of a vendor/modules.txt that have packages there, or are required."""
    found: list[VendoredModule] = []
    head: tuple[str, str, str] = ("", "", "")
    explicit = False
    packages: list[str] = []

    def close() -> None:
        if head[0] and (explicit or packages):
            found.append(VendoredModule(head[0], head[1], explicit, head[2], tuple(packages)))

    for line in text.splitlines():
        if line.startswith("## "):
            explicit = explicit or "explicit" in line[3:].replace(";", " ").split()
        elif line.startswith("# "):
            close()
            old, _, new = line[2:].partition(" => ")
            module, _, version = old.strip().partition(" ")
            head, explicit, packages = (module, version.strip(), new.strip()), False, []
        elif line.strip() and not line.startswith("#"):
            packages.append(line.strip())
    close()
    return tuple(found)
