"""The files of a work tree: walked without following a link, read without trusting a name."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import msgspec

from archlint.discovery.ignore import IgnoreFile
from archlint.discovery.source import Entry, Listing, Unreadable
from archlint.model.finding import Skip

IGNORED_FOLDERS = frozenset(
    {".git", ".hg", ".svn", ".bzr", "node_modules", "bower_components", "jspm_packages", ".yarn"}
    | {".pnpm-store", ".next", ".nuxt", ".svelte-kit", ".output", ".turbo", ".cache", "coverage"}
    | {".parcel-cache", ".nyc_output", "__pycache__", ".venv", ".tox", ".terraform", ".idea"}
    | {".serverless", ".vercel", ".angular", ".archlint_cache", ".archlint-cache", ".gradle"}
)
"""Folders that hold no source of the repo: installed, built or cached."""
BUILT_FOLDERS = frozenset({"dist"})
"""Ignored where a package.json lies beside them."""
MAX_FILES = 200_000
_IGNORE_LIMIT = 256 * 1024
_OPEN_FLAGS = os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK


def read_regular(path: str, limit: int) -> bytes:
    """The bytes of a regular file; raises Unreadable, also for links, devices and FIFOs."""
    try:
        handle = os.open(path, _OPEN_FLAGS)
    except (OSError, ValueError) as error:
        raise Unreadable(reason_of(error)) from None
    try:
        info = os.fstat(handle)
        if not stat.S_ISREG(info.st_mode):
            raise Unreadable("not a regular file")
        if info.st_size > limit:
            raise Unreadable(too_large(info.st_size, limit))
        return _read_all(handle, limit)
    except OSError as error:
        raise Unreadable(reason_of(error)) from None
    finally:
        os.close(handle)


def _read_all(handle: int, limit: int) -> bytes:
    """Everything up to ``limit`` bytes; a file that grows beyond is refused."""
    data = os.read(handle, limit + 1)
    chunk = data
    while chunk and len(data) <= limit:
        chunk = os.read(handle, limit + 1 - len(data))
        data += chunk
    if len(data) > limit:
        raise Unreadable(too_large(len(data), limit))
    return data


def too_large(size: int, limit: int) -> str:
    """The reason of a skip for size."""
    return f"larger than {limit // 1_000_000} MB ({size / 1_000_000:.1f} MB)"


def reason_of(error: Exception) -> str:
    """Why a file could not be read, without its path."""
    text = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return f"cannot be read: {text}"


class WorkTree:
    """A folder on disk as a source of files (see ``archlint.discovery.source.Source``)."""

    def __init__(self, root: Path, max_files: int = MAX_FILES) -> None:
        self.root = str(root)
        self._max_files = max_files

    def read(self, path: str, limit: int) -> bytes:
        """The bytes of a file of the tree; raises Unreadable."""
        parts = path.split("/")
        if path.startswith("/") or ".." in parts:
            raise Unreadable("outside the scanned folder")
        return read_regular(os.path.join(self.root, path), limit)

    def listing(self) -> Listing:
        """Every file that is not ignored, sorted by path."""
        return _Walk(self.root, self._max_files).run()


class _Folder(msgspec.Struct):
    """A folder still to be read: ``ignores`` are (its prefix, ignore file), the outermost first."""

    prefix: str
    ignores: tuple[tuple[str, IgnoreFile], ...] = ()


class _Walk(msgspec.Struct):
    root: str
    max_files: int
    entries: list[Entry] = msgspec.field(default_factory=list)
    skipped: list[Skip] = msgspec.field(default_factory=list)
    seen: int = 0

    def run(self) -> Listing:
        stack = [_Folder("", self._git_exclude())]
        while stack:
            if self.seen > self.max_files:
                self._skip(".", f"more than {self.max_files} files: not all were read")
                break
            stack.extend(self._folder(stack.pop()))
        self.entries.sort()
        return Listing(tuple(self.entries), tuple(sorted(self.skipped)))

    def _git_exclude(self) -> tuple[tuple[str, IgnoreFile], ...]:
        """The repository's own exclude file, which is not committed."""
        found = self._ignore_file("", ".git/info/exclude", report=False)
        return (("", found),) if found else ()

    def _ignore_file(self, prefix: str, name: str, *, report: bool) -> IgnoreFile | None:
        try:
            data = read_regular(os.path.join(self.root, prefix + name), _IGNORE_LIMIT)
        except Unreadable as error:
            if report:
                self._skip(prefix + name, error.reason)
            return None
        ignore = IgnoreFile(data.decode("utf-8", "replace"))
        if ignore.truncated:
            self.skipped.append(Skip(prefix + name, "too many patterns", partial=True))
        return ignore if ignore.patterns else None

    def _folder(self, folder: _Folder) -> list[_Folder]:
        """Read one folder; returns the folders below that are worth reading."""
        try:
            with os.scandir(os.path.join(self.root, folder.prefix)) as found:
                entries = list(found)
        except OSError as error:
            self._skip(folder.prefix.rstrip("/") or ".", reason_of(error))
            return []
        names = {entry.name for entry in entries}
        ignores = folder.ignores
        if ".gitignore" in names:
            own = self._ignore_file(folder.prefix, ".gitignore", report=True)
            ignores = (*ignores, (folder.prefix, own)) if own else ignores
        below: list[_Folder] = []
        for entry in entries:
            self.seen += 1
            if self._wanted(entry, folder.prefix, names, ignores):
                below.append(_Folder(f"{folder.prefix}{entry.name}/", ignores))
        return below

    def _wanted(
        self,
        entry: os.DirEntry[str],
        prefix: str,
        names: set[str],
        ignores: tuple[tuple[str, IgnoreFile], ...],
    ) -> bool:
        """Record a file; returns whether the entry is a folder to enter."""
        name, path = entry.name, prefix + entry.name
        folder = entry.is_dir(follow_symlinks=False)
        if folder and (
            (name in IGNORED_FOLDERS and not is_kept(path, name, ignores))
            or (name in BUILT_FOLDERS and "package.json" in names)
        ):
            return False
        if not (name.isascii() or _is_unicode(name)):
            self._skip(path, "its name is not valid UTF-8")
            return False
        kept = name.endswith(".dockerignore")  # docker heeds it, git's opinion notwithstanding
        if ignores and not kept and is_ignored(path, name, ignores, folder=folder):
            return False
        if folder:
            return True
        if entry.is_symlink():
            self._skip(path, "symbolic link, not followed")
        elif not entry.is_file(follow_symlinks=False):
            self._skip(path, "not a regular file")
        else:
            self._add(entry, path)
        return False

    def _add(self, entry: os.DirEntry[str], path: str) -> None:
        try:
            size = entry.stat(follow_symlinks=False).st_size
        except OSError as error:
            self._skip(path, reason_of(error))
        else:
            self.entries.append(Entry(path, size))

    def _skip(self, path: str, reason: str) -> None:
        shown = path if path.isascii() or _is_unicode(path) else _escaped(path)
        self.skipped.append(Skip(shown, reason))


def _is_unicode(name: str) -> bool:
    """Whether a name from the file system is valid UTF-8 (no surrogate escapes)."""
    return not any("\ud800" <= char <= "\udfff" for char in name)


def _escaped(path: str) -> str:
    return os.fsencode(path).decode("utf-8", "backslashreplace")


def is_kept(path: str, name: str, ignores: tuple[tuple[str, IgnoreFile], ...]) -> bool:
    """Whether an ignore file takes a ``node_modules`` back in: it holds packages of the repo."""
    return name == "node_modules" and _verdict(path, name, ignores, folder=True) is False


def is_ignored(
    path: str, name: str, ignores: tuple[tuple[str, IgnoreFile], ...], *, folder: bool
) -> bool:
    """What the nearest ignore file that speaks of the entry says."""
    return _verdict(path, name, ignores, folder=folder) or False


def _verdict(
    path: str, name: str, ignores: tuple[tuple[str, IgnoreFile], ...], *, folder: bool
) -> bool | None:
    for prefix, ignore in reversed(ignores):
        verdict = ignore.decide(path[len(prefix) :], name, folder=folder)
        if verdict is not None:
            return verdict
    return None
