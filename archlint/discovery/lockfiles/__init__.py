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
    "knows_manifests",
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
_HEAD = 10_000
"""Characters of a yarn.lock of which one names its version: comments stand before it."""


def is_lockfile(path: str) -> bool:
    """Whether a file's name is that of a lockfile read here."""
    return posixpath.basename(path) in MANAGERS


def knows_manifests(path: str, text: str) -> bool:
    """Whether a lockfile keeps what packages say of themselves (peers, commands): not yarn 1's."""
    return posixpath.basename(path) != "yarn.lock" or _is_berry(text)


def _is_berry(text: str) -> bool:
    """Whether a yarn.lock is of yarn 2 or later."""
    return f"\n{text[:_HEAD]}".find("\n__metadata:") >= 0


def parse_lockfile(path: str, text: str) -> Lockfile:
    """Read a lockfile by its name; raises ManifestError on bad input or an unknown name."""
    name = MANAGERS.get(posixpath.basename(path))
    if name is None:
        raise ManifestError(path, "is no known lockfile")
    if name == "yarn" and _is_berry(text):
        name = "berry"
    module = importlib.import_module(f"archlint.discovery.lockfiles.{name}")
    parse: Callable[[str, str], Lockfile] = getattr(module, f"parse_{name}")
    return parse(path, text)
