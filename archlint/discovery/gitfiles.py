"""A commit or the index as a source of files, filtered as the work tree is."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterable

import msgspec

from archlint.discovery.files import (
    BUILT_FOLDERS,
    IGNORED_FOLDERS,
    is_ignored,
    is_kept,
    read_regular,
    too_large,
)
from archlint.discovery.git import Repository, TreeEntry
from archlint.discovery.ignore import IgnoreFile
from archlint.discovery.source import Entry, Listing, Unreadable
from archlint.model.finding import Skip

_FILES = {"100644", "100755", "100664"}
_IGNORE_LIMIT = 256 * 1024
Ignores = tuple[tuple[str, IgnoreFile], ...]


class GitFiles:
    """The files of a commit or of the index (see ``archlint.discovery.source.Source``)."""

    def __init__(self, repository: Repository, entries: Iterable[TreeEntry]) -> None:
        self.root = str(repository.root)
        self.missing: list[str] = []
        """Files whose objects were asked for and are not in this clone."""
        self._repository = repository
        self._entries = {entry.path: entry for entry in entries}
        self._sizes = repository.sizes([e.oid for e in self._entries.values() if e.mode in _FILES])

    def oid(self, path: str) -> str:
        """The object id of a file, "" when there is none."""
        entry = self._entries.get(path)
        return entry.oid if entry is not None and entry.mode in _FILES else ""

    def read(self, path: str, limit: int) -> bytes:
        """The bytes of a file; raises Unreadable."""
        entry = self._entries.get(path)
        if entry is None or entry.mode not in _FILES:
            raise Unreadable("not a regular file")
        size = self._sizes.get(entry.oid, 0)
        if size > limit:
            raise Unreadable(too_large(size, limit))
        data = self._repository.blob(entry.oid)
        if data is None:
            self.missing.append(path)
            raise Unreadable("its git object is missing")
        return data

    def listing(self) -> Listing:
        """Every file that is not ignored, sorted by path."""
        return _Filter(self, _folders(self._entries)).run()

    def entry(self, path: str) -> tuple[str, int]:
        """Mode and size of a listed path."""
        entry = self._entries[path]
        return entry.mode, self._sizes.get(entry.oid, 0)


class _Names(msgspec.Struct):
    """What a folder holds."""

    files: list[str] = msgspec.field(default_factory=list)
    folders: set[str] = msgspec.field(default_factory=set)


def _folders(paths: Iterable[str]) -> dict[str, _Names]:
    """Folder ("" or ending in ``/``) -> the names in it."""
    found: dict[str, _Names] = defaultdict(_Names)
    for path in ("", *paths):
        folder, name = _split(path)
        if name:
            found[folder].files.append(name)
        while folder:
            above, name = _split(folder[:-1])
            if name in found[above].folders:
                break
            found[above].folders.add(name)
            folder = above
    return found


def _split(path: str) -> tuple[str, str]:
    folder, slash, name = path.rpartition("/")
    return folder + slash, name


class _Filter(msgspec.Struct):
    """Walks the folders as the work tree's walk does, so that both sides see the same files."""

    files: GitFiles
    folders: dict[str, _Names]
    entries: list[Entry] = msgspec.field(default_factory=list)
    skipped: list[Skip] = msgspec.field(default_factory=list)

    def run(self) -> Listing:
        stack: list[tuple[str, Ignores]] = [("", self._exclude())]
        while stack:
            prefix, ignores = stack.pop()
            stack.extend(self._folder(prefix, ignores))
        return Listing(tuple(sorted(self.entries)), tuple(sorted(self.skipped)))

    def _exclude(self) -> Ignores:
        try:
            name = os.path.join(self.files.root, ".git/info/exclude")
            found = IgnoreFile(read_regular(name, _IGNORE_LIMIT).decode("utf-8", "replace"))
        except Unreadable:
            return ()
        return (("", found),) if found.patterns else ()

    def _ignore_file(self, prefix: str) -> Ignores:
        try:
            data = self.files.read(prefix + ".gitignore", _IGNORE_LIMIT)
        except Unreadable:
            return ()
        found = IgnoreFile(data.decode("utf-8", "replace"))
        return ((prefix, found),) if found.patterns else ()

    def _folder(self, prefix: str, ignores: Ignores) -> list[tuple[str, Ignores]]:
        names = self.folders[prefix]
        if ".gitignore" in names.files:
            ignores = (*ignores, *self._ignore_file(prefix))
        for name in names.files:
            self._file(prefix, name, ignores)
        package = "package.json" in names.files
        return [
            (f"{prefix}{name}/", ignores)
            for name in names.folders
            if (name not in IGNORED_FOLDERS or is_kept(prefix + name, name, ignores))
            and not (package and name in BUILT_FOLDERS)
            and not (ignores and is_ignored(prefix + name, name, ignores, folder=True))
        ]

    def _file(self, prefix: str, name: str, ignores: Ignores) -> None:
        path = prefix + name
        try:
            path.encode()
        except UnicodeEncodeError:
            return
        if ignores and is_ignored(path, name, ignores, folder=False):
            return
        mode, size = self.files.entry(path)
        if mode in _FILES:
            self.entries.append(Entry(path, size, self.files.oid(path)))
        elif mode == "120000":
            self.skipped.append(Skip(path, "symbolic link, not followed"))
