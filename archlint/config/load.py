"""Finding the configuration of a folder: its reader is imported for those that have one."""

from __future__ import annotations

import posixpath
from pathlib import Path
from typing import TYPE_CHECKING

from archlint.config.model import Config
from archlint.model.errors import ArchlintError

if TYPE_CHECKING:
    from archlint.config.reading import Raw

OWN_FILES = ("archlint.toml", ".archlint.toml")
FILE_NAMES = (*OWN_FILES, "pyproject.toml", "package.json")
"""Where configuration may stand in a folder; the first that has any wins."""
_SHARED = {"pyproject.toml": b"archlint", "package.json": b'"archlint"'}
"""Files of others, and what they hold when they configure us."""
_MAX_BYTES = 5_000_000


def load_config(root: Path, file: Path | None = None) -> Config:
    """The configuration of ``root``, or of ``file``; raises ArchlintError when it cannot be used.

    Nested files and what only the tree can tell are left to ``complete``.
    """
    if file is not None:
        return _config(read_config(file.name, _bytes(file, file.name), explicit=True)) or Config()
    for name in FILE_NAMES:
        path = root / name
        if path.is_file() and not path.is_symlink():
            found = _config(read_config(name, _bytes(path, name)))
            if found is not None:
                return found
    return Config()


def _config(raw: Raw | None) -> Config | None:
    if raw is None:
        return None
    from archlint.config.reading import root_config

    return root_config(raw)


def read_config(name: str, data: bytes, *, explicit: bool = False) -> Raw | None:
    """The configuration in a file; None when a shared file has no section of ours."""
    if _SHARED.get(posixpath.basename(name), b"") not in data:
        return None
    from archlint.config.reading import read_raw

    return read_raw(name, data, explicit=explicit)


def _bytes(path: Path, name: str) -> bytes:
    try:
        with path.open("rb") as stream:
            return stream.read(_MAX_BYTES)
    except OSError as error:
        raise ArchlintError(f"{name}: cannot be read: {error.strerror}") from None
