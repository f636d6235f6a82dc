"""Lockfiles of npm, yarn, pnpm and bun, read to one model."""

from __future__ import annotations

import importlib
import posixpath
from collections.abc import Callable

from archlint.discovery.lockfiles.model import Importer, LockedPackage, Lockfile
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
    name = MANAGERS.get(posixpath.basename(path))
    if name is None:
        raise ManifestError(path, "is no known lockfile")
    if name == "yarn" and f"\n{text}".find("\n__metadata:") >= 0:
        name = "berry"  # yarn 2 and later
    module = importlib.import_module(f"archlint.discovery.lockfiles.{name}")
    parse: Callable[[str, str], Lockfile] = getattr(module, f"parse_{name}")
    return parse(path, text)
