"""Packages read from source outside the repo's own code: ``vendor/`` and the module cache.

Only declarations matter: function bodies are cut out before parsing, which makes a package cost a
fraction of its size. Files are read when an import is first asked for a name, never written.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path

from archlint.extract.engine import extract_file
from archlint.extract.options import ExtractOptions
from archlint.model.facts import FileFacts
from archlint.model.workspace import GoModule, Workspace
from archlint.program.golang.modules import Modules
from archlint.program.golang.package import Package
from archlint.program.golang.source import SourcePackage, Unit

MAX_FILES = 400
"""Files of one package that are read at most."""
_FOREIGN = (
    "_windows", "_darwin", "_plan9", "_js", "_wasm", "_freebsd", "_netbsd", "_openbsd", "_solaris",
    "_aix", "_dragonfly", "_android", "_ios", "_illumos", "_wasip1", "_arm64", "_arm", "_386",
    "_ppc64", "_ppc64le", "_s390x", "_riscv64", "_mips", "_mipsle", "_mips64", "_mips64le",
    "_loong64",
)  # fmt: skip
_CLAUSE = re.compile(rb"(?m)^package\s+(\w+)")
Bind = Callable[[SourcePackage], None]


class Sources:
    """Finds and reads packages below ``vendor`` folders and in the module cache."""

    def __init__(self, workspace: Workspace, modules: Modules, bind: Bind) -> None:
        self._root = Path(workspace.root)
        self._modules = modules
        self._bind = bind
        self._vendors = [m.root for m in workspace.go_modules if m.has_vendor]
        if not workspace.go_modules and (self._root / "vendor").is_dir():
            self._vendors.append("")
        self._cache = module_cache()
        self._versions = _versions(workspace.go_modules) if self._cache is not None else {}

    def package(self, path: str) -> Package | None:
        """The package of that import path, or None when its source is not at hand."""
        for folder in self._folders(path):
            if folder.is_dir():
                found = self._read(path, folder)
                if found is not None:
                    return found
        return None

    def name(self, path: str) -> str:
        """The name in the package's clause, "" when its source is not at hand."""
        for folder in self._folders(path):
            for file in self._files(folder):
                try:
                    found = _CLAUSE.search(file.read_bytes())
                except OSError:
                    continue
                if found:
                    return found.group(1).decode()
        return ""

    def _files(self, folder: Path) -> list[Path]:
        try:
            found = sorted(folder.glob("*.go"))[:MAX_FILES]
        except OSError:
            return []
        return [file for file in found if not file.stem.endswith(("_test", *_FOREIGN))]

    def _folders(self, path: str) -> Iterator[Path]:
        for root in self._vendors:
            yield self._root / root / "vendor" / path
        module = path
        while self._cache is not None and module:
            for place in self._versions.get(module, ()):
                yield self._cache / place / path[len(module) :].strip("/")
            module = module.rpartition("/")[0]

    def _read(self, path: str, folder: Path) -> SourcePackage | None:
        found: SourcePackage | None = None
        options = ExtractOptions(cache=False, jobs=1)
        for file in self._files(folder):
            facts = _facts(file, f"{path}/{file.name}", options)
            if facts is None or facts.constraint == "ignore" or not facts.package:
                continue
            if found is None:
                found = SourcePackage(path, facts.package, "")
                found.local = False
            if facts.package == found.name:
                found.units.append(Unit(facts, found))
        if found is not None:
            self._bind(found)
        return found


def _facts(file: Path, shown: str, options: ExtractOptions) -> FileFacts | None:
    try:
        data = file.read_bytes()
    except OSError:
        return None
    facts = extract_file(shown, "go", without_bodies(data), options)
    return facts if isinstance(facts, FileFacts) else None


def without_bodies(data: bytes) -> bytes:
    """The source with the bodies of top-level functions cut out.

    It relies on gofmt's layout (a body ends with ``}`` in the first column) and keeps other text.
    """
    kept: list[bytes] = []
    lines = iter(data.split(b"\n"))
    for first in lines:
        kept.append(first)
        if not first.startswith(b"func "):
            continue
        line = first
        while not line.rstrip().endswith((b"{", b"}")):
            following = next(lines, None)
            if following is None or following[:1] not in {b"\t", b" ", b")"}:
                kept.append(following or b"")
                break
            line = following
            kept.append(line)
        if line.rstrip().endswith(b"{"):
            for skipped in lines:
                if skipped[:1] == b"}":
                    kept.append(b"}")
                    break
    return b"\n".join(kept)


def module_cache() -> Path | None:
    """The module cache's folder, when there is one."""
    named = os.environ.get("GOMODCACHE")
    paths = [Path(named)] if named else []
    gopath = os.environ.get("GOPATH")
    paths.append(Path(gopath.split(os.pathsep)[0]) / "pkg" / "mod" if gopath else _home())
    return next((path for path in paths if path.is_dir()), None)


def _home() -> Path:
    return Path(os.path.expanduser("~")) / "go" / "pkg" / "mod"


def _versions(modules: tuple[GoModule, ...]) -> dict[str, tuple[str, ...]]:
    """Module path to its folders in the module cache, by what the go.mod files require."""
    found: dict[str, tuple[str, ...]] = {}
    for module in modules:
        replaced = {r.module: (r.target, r.target_version) for r in module.replaces if not r.local}
        for require in module.requires:
            target, version = replaced.get(require.module, (require.module, require.version))
            place = f"{_escape(target)}@{_escape(version)}"
            known = found.get(require.module, ())
            if place not in known:
                found[require.module] = (*known, place)
    return found


def _escape(path: str) -> str:
    """The module cache's spelling of capitals: ``!`` and the small letter."""
    return "".join(f"!{c.lower()}" if c.isupper() else c for c in path)
