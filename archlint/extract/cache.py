"""The cache of facts: keyed by content, checked on reading, never an obstacle.

A project's facts lie in segments, immutable files that are written whole and renamed into place:

    magic | entries: facts after facts | index: key, offset, length, digest per entry
          | digest of the index | number of entries

Any doubt about a segment or an entry is a miss; any error in writing means no cache. Nothing
in it is ever executed: facts are MessagePack, decoded to fixed types.
"""

from __future__ import annotations

import contextlib
import os
import stat
import struct
import tempfile
from collections.abc import Iterable
from hashlib import blake2b
from pathlib import Path

MAGIC = b"archlint facts 1\n"
_ENTRY = struct.Struct("<16sQI16s")
_TAIL = struct.Struct("<16sQ")
_MAX_SEGMENTS = 6
_SUFFIX = ".facts"
_KEEP = 2.0
"""Entries of earlier runs are kept up to this multiple of what the last run used."""
_FLAGS = ("O_CLOEXEC", "O_NOFOLLOW", "O_NONBLOCK")  # the last: a pipe in a segment's place
_OPEN = os.O_RDONLY | sum(getattr(os, name, 0) for name in _FLAGS)


def default_folder() -> Path | None:
    """The user's cache folder for archlint; None when the system names none."""
    named = os.environ.get("ARCHLINT_CACHE_DIR")
    if named:
        return Path(named)
    base = os.environ.get("XDG_CACHE_HOME")
    if base and os.path.isabs(base):
        return Path(base) / "archlint"
    with contextlib.suppress(RuntimeError):
        return Path.home() / ".cache" / "archlint"
    return None


def digest(*parts: bytes) -> bytes:
    """16 bytes that stand for the parts and their lengths."""
    state = blake2b(digest_size=16)
    for part in parts:
        state.update(len(part).to_bytes(8, "little"))
        state.update(part)
    return state.digest()


class FactCache:
    """The cached facts of one project (``root``) for one ``version`` of everything that made them.

    Opening, reading and writing never raise; without a usable folder everything is a miss.
    """

    def __init__(self, folder: Path | None, root: str, version: bytes) -> None:
        self._version = version
        self._index: dict[bytes, tuple[int, int, int, bytes]] = {}
        self._handles: list[int] = []
        self._segments: list[str] = []
        self._used: dict[bytes, bytes | None] = {}
        self._new = 0
        self._home = ""
        if folder is not None:
            project = digest(os.fsencode(root)).hex()[:16]
            home = folder / "facts" / version.hex()[:12] / project
            if _private_folder(folder, home):
                self._home = str(home)
                self._open_segments()

    def key(self, path: str, language: str, data: bytes) -> bytes:
        """The key of a file's facts."""
        return digest(self._version, path.encode(), language.encode(), data)

    def get(self, key: bytes) -> bytes | None:
        """The encoded facts under ``key``, None unless they are there and whole."""
        place = self._index.get(key)
        if place is None:
            return None
        blob = self._load(place)
        if blob is None or digest(key, blob) != place[3]:
            return None
        self._used[key] = None
        return blob

    def put(self, key: bytes, blob: bytes) -> None:
        """Keep encoded facts for ``commit``."""
        if self._home:
            self._used[key] = blob
            self._new += len(blob)

    def commit(self) -> None:
        """Write what is new; when there are many segments, merge them into one."""
        if self._home and self._new:
            with contextlib.suppress(OSError):
                self._write()
        self.close()

    def close(self) -> None:
        """Let go of the segments."""
        for handle in self._handles:
            with contextlib.suppress(OSError):
                os.close(handle)
        self._handles.clear()
        self._index.clear()
        self._home = ""

    def _open_segments(self) -> None:
        try:
            names = sorted(n for n in os.listdir(self._home) if n.endswith(_SUFFIX))
        except OSError:
            return
        for name in names:
            self._segments.append(name)
            with contextlib.suppress(OSError, struct.error):
                self._open_segment(os.path.join(self._home, name))

    def _open_segment(self, path: str) -> None:
        handle = os.open(path, _OPEN)
        info = os.fstat(handle)
        entries = _read_index(handle, info.st_size) if _is_ours(info) else None
        if entries is None:
            os.close(handle)
            return
        self._handles.append(handle)
        number = len(self._handles) - 1
        for key, offset, length, check in entries:
            self._index[key] = (number, offset, length, check)

    def _load(self, place: tuple[int, int, int, bytes]) -> bytes | None:
        number, offset, length, _ = place
        try:
            blob = os.pread(self._handles[number], length, offset)
        except (OSError, OverflowError):
            return None
        return blob if len(blob) == length else None

    def _write(self) -> None:
        merge = len(self._segments) >= _MAX_SEGMENTS
        entries = {key: blob for key, blob in self._used.items() if blob is not None}
        if merge:
            entries |= self._survivors()
        os.makedirs(self._home, mode=0o700, exist_ok=True)
        _remove_leftovers(self._home)
        _write_segment(self._home, entries.items())
        if merge:
            for name in self._segments:
                with contextlib.suppress(OSError):
                    os.unlink(os.path.join(self._home, name))

    def _survivors(self) -> dict[bytes, bytes]:
        """Earlier entries worth keeping: all that this run used, others as far as there is room."""
        kept: dict[bytes, bytes] = {}
        room = _KEEP * sum(self._index[key][2] for key in self._used if key in self._index)
        order = sorted(self._index, key=lambda key: (key not in self._used, -self._index[key][0]))
        for key in order:
            place = self._index[key]
            if self._used.get(key) is not None or room < place[2]:
                continue
            blob = self._load(place)
            if blob is not None and digest(key, blob) == place[3]:
                kept[key] = blob
                room -= place[2]
        return kept


def _is_ours(info: os.stat_result) -> bool:
    return stat.S_ISREG(info.st_mode) and info.st_uid == os.geteuid()


def _private_folder(base: Path, home: Path) -> bool:
    """Make the folder, for the user alone; False where it cannot be, or others may write to it."""
    try:
        for folder in (base, base / home.relative_to(base).parts[0], home.parent, home):
            os.makedirs(folder, mode=0o700, exist_ok=True)
            info = os.stat(folder)
            if info.st_uid != os.geteuid() or info.st_mode & 0o022:
                return False
    except (OSError, ValueError):
        return False
    return True


def _read_index(handle: int, size: int) -> list[tuple[bytes, int, int, bytes]] | None:
    """A segment's entries (key, offset, length, digest); None when anything about it is wrong."""
    if size < len(MAGIC) + _TAIL.size or os.pread(handle, len(MAGIC), 0) != MAGIC:
        return None
    check, count = _TAIL.unpack(os.pread(handle, _TAIL.size, size - _TAIL.size))
    start = size - _TAIL.size - count * _ENTRY.size
    if start < len(MAGIC):
        return None
    index = os.pread(handle, count * _ENTRY.size, start)
    if digest(index) != check:
        return None
    return list(_ENTRY.iter_unpack(index))


def _write_segment(home: str, entries: Iterable[tuple[bytes, bytes]]) -> None:
    """Write a segment under a temporary name, then give it its own; raises OSError."""
    handle, temporary = tempfile.mkstemp(prefix=f"tmp-{os.getpid()}-", dir=home)
    try:
        with os.fdopen(handle, "wb") as out:
            index = bytearray()
            at = out.write(MAGIC)
            for key, blob in entries:
                index += _ENTRY.pack(key, at, len(blob), digest(key, blob))
                at += out.write(blob)
            out.write(index)
            out.write(_TAIL.pack(digest(bytes(index)), len(index) // _ENTRY.size))
        name = digest(bytes(index)).hex()[:24] + _SUFFIX
        os.rename(temporary, os.path.join(home, name))
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(temporary)
        raise


def _remove_leftovers(home: str) -> None:
    """Remove the temporary files of processes that are no more."""
    for name in os.listdir(home):
        parts = name.split("-")
        if (
            parts[0] == "tmp"
            and len(parts) >= 3
            and parts[1].isdigit()
            and not _runs(int(parts[1]))
        ):
            with contextlib.suppress(OSError):
                os.unlink(os.path.join(home, name))


def _runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True
