"""Does a call of an installed package give a promise? By its declarations, per canonical name.

Answers are kept between runs for as long as the package managers' own records say that the same
versions are installed.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from os.path import isdir, join
from pathlib import Path
from posixpath import dirname
from typing import TYPE_CHECKING

import msgspec

from archlint.discovery.files import read_regular
from archlint.discovery.source import Unreadable
from archlint.extract.cache import FactCache, digest
from archlint.model.version import __version__

if TYPE_CHECKING:
    from archlint.program.ecma_declared.judged import Judge

_RECORDS = (".package-lock.json", ".pnpm/lock.yaml", ".yarn-state.yml", ".yarn-integrity")
"""What npm, pnpm and yarn write into node_modules: every package with its version."""
_LIMIT = 50_000_000
_HERE = Path(__file__).parent
_CODE = (_HERE, _HERE.parents[1] / "extract" / "declared", _HERE.parents[1] / "extract" / "ecma")
_Key = tuple[str, str, int | None]
_decoder = msgspec.msgpack.Decoder(list[tuple[_Key, str]])


class Declarations:
    """Answers by canonical name, memoised; nothing is read before the first question."""

    def __init__(self, root: str, packages: Iterable[str] = ("",)) -> None:
        """``packages``: folders below ``root`` that may have a ``node_modules``."""
        self._root = root
        self._folders = sorted(set(packages), key=lambda folder: (-len(folder), folder))
        self._installed: list[str] | None = None
        self._starts: dict[str, str] = {}
        self._memo: dict[_Key, str] = {}
        self._judge: Judge | None = None
        self._kept: tuple[FactCache, bytes] | None = None
        self._new = False

    def kind(self, name: str, path: str, count: int | None = None) -> str:
        """What calling ``name`` with ``count`` arguments (None: any) in file ``path`` gives.

        promise, hybrid (some overloads give one), lazy (a thenable of another kind), none, or ""
        when the declarations do not tell.
        """
        if not name.startswith("npm:") or not self.places():
            return ""
        key = (name, self._start(dirname(path)), count)
        found = self._memo.get(key)
        if found is None:
            if self._judge is None:
                from archlint.program.ecma_declared.judged import Judge

                self._judge = Judge(self._root)
            found = self._memo[key] = self._judge.kind(*key)
            self._new = True
        return found

    def places(self) -> list[str]:
        """The folders with a ``node_modules``, the deepest first."""
        if self._installed is None:
            self._installed = [
                folder
                for folder in self._folders
                if isdir(join(self._root, folder, "node_modules"))
            ]
        return self._installed

    def _start(self, folder: str) -> str:
        """The nearest folder with a ``node_modules``: files below it see the same packages."""
        found = self._starts.get(folder)
        if found is None:
            inside = (p for p in self.places() if not p or f"{folder}/".startswith(f"{p}/"))
            found = self._starts[folder] = next(inside, "")
        return found

    # ------------------------------------------------------------ between runs

    def remember(self, folder: Path | None) -> None:
        """Take earlier runs' answers from a cache folder, when nothing was installed since."""
        if folder is None or not self.places():
            return
        state = self._state()
        if state is None:
            return
        cache = FactCache(folder, self._root, digest(__version__.encode(), *_our_code()))
        key = cache.key("node_modules", "declarations", state)
        self._kept = (cache, key)
        blob = cache.get(key)
        if blob is not None:
            with suppress(msgspec.DecodeError):
                self._memo.update(_decoder.decode(blob))

    def keep(self) -> None:
        """Write what this run has learnt to the cache."""
        if self._kept is not None and self._new:
            cache, key = self._kept
            cache.put(key, msgspec.msgpack.encode(sorted(self._memo.items(), key=str)))
            cache.commit()
            self._kept = None

    def _state(self) -> bytes | None:
        """What is installed where; None when a folder has no record of it."""
        parts: list[bytes] = []
        for folder in self.places():
            found = self._record(join(self._root, folder, "node_modules"))
            if found is None:
                return None
            parts += (folder.encode(), found)
        return digest(*parts)

    def _record(self, modules: str) -> bytes | None:
        for name in _RECORDS:
            try:
                return digest(read_regular(join(modules, name), _LIMIT))
            except Unreadable:
                continue
        return None


def _our_code() -> list[bytes]:
    """The code that answers: other code may answer otherwise."""
    return [file.read_bytes() for folder in _CODE for file in sorted(folder.glob("*.py"))]
