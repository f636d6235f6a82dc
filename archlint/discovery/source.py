"""Where files come from: the work tree, a commit or the index, all listed and read the same way."""

from __future__ import annotations

from typing import Protocol

import msgspec

from archlint.model.finding import Skip


class Unreadable(Exception):  # noqa: N818 (told and handled, no mistake)
    """A file that cannot be read: ``reason`` is one line for the list of skipped files."""

    def __init__(self, reason: str) -> None:
        """Keep the reason; the path is known to the caller."""
        super().__init__(reason)
        self.reason = reason


class Entry(msgspec.Struct, frozen=True, order=True):
    """A regular file: posix path relative to the root, size in bytes.

    ``blob`` is the git object id where the source knows it unread ("" in the work tree).
    """

    path: str
    size: int
    blob: str = ""


class Listing(msgspec.Struct, frozen=True):
    """Every file that is not ignored, sorted by path, and what was left out with its reason."""

    entries: tuple[Entry, ...] = ()
    skipped: tuple[Skip, ...] = ()


class Source(Protocol):
    """A tree of files; the analysis sees nothing else of the outside.

    ``root`` is the absolute folder that the paths are relative to (never shown).
    """

    root: str

    def listing(self) -> Listing:
        """Every file that is not ignored; links, submodules and devices are among the skipped."""

    def read(self, path: str, limit: int) -> bytes:
        """The bytes of a listed file, at most ``limit``; raises Unreadable."""
