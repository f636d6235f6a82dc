"""Lockfiles of npm, yarn, pnpm and bun, read to one model."""

from __future__ import annotations

import posixpath
from collections.abc import Callable

from archlint.discovery.lockfiles.berry import is_berry, parse_berry
from archlint.discovery.lockfiles.bun import parse_bun
from archlint.discovery.lockfiles.model import Importer, LockedPackage, Lockfile
from archlint.discovery.lockfiles.npm import parse_npm
from archlint.discovery.lockfiles.pnpm import parse_pnpm
from archlint.discovery.lockfiles.yarn import parse_yarn
from archlint.model.errors import ManifestError

__all__ = [
    "LOCKFILE_NAMES",
    "MANAGERS",
    "Importer",
    "LockedPackage",
    "Lockfile",
    "is_lockfile",
    "parse_lockfile",
]

MANAGERS = {
    "npm-shrinkwrap.json": "npm",
    "package-lock.json": "npm",
    "pnpm-lock.yaml": "pnpm",
    "yarn.lock": "yarn",
    "bun.lock": "bun",
}
"""Lockfile name to manager, in the order in which they win where several lie side by side."""

LOCKFILE_NAMES = tuple(MANAGERS)


def is_lockfile(path: str) -> bool:
    """Whether a file's name is that of a lockfile read here."""
    return posixpath.basename(path) in MANAGERS


def parse_lockfile(path: str, text: str) -> Lockfile:
    """Read a lockfile by its name; raises ManifestError on bad input or an unknown name."""
    name = posixpath.basename(path)
    parser: Callable[[str, str], Lockfile] | None = {
        "npm-shrinkwrap.json": parse_npm,
        "package-lock.json": parse_npm,
        "pnpm-lock.yaml": parse_pnpm,
        "bun.lock": parse_bun,
    }.get(name)
    if name == "yarn.lock":
        parser = parse_berry if is_berry(text) else parse_yarn
    if parser is None:
        raise ManifestError(path, "is no known lockfile")
    return parser(path, text)
