"""Packages read from source outside the repo's own code: ``vendor/`` and the module cache.

Only what is asked for is parsed: ``outline`` tells where a package's declarations lie, and each
is read when its name is first looked up. Nothing is written.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator
from pathlib import Path

from archlint.discovery.languages import vendor_folders
from archlint.model.workspace import GoModule, Workspace
from archlint.program.golang.modules import Modules
from archlint.program.golang.outline import Outline, package_name
from archlint.program.golang.outlined import OutlinedPackage, SourceFile
from archlint.program.golang.package import Package

MAX_FILES = 400
"""Files of one package that are read at most."""
_OPEN = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0)
"""A pipe must not hold up the run."""
MAX_SIZE = 20_000_000
"""Bytes of a file that is read at most."""
_FOREIGN = (
    "_windows", "_darwin", "_plan9", "_js", "_wasm", "_freebsd", "_netbsd", "_openbsd", "_solaris",
    "_aix", "_dragonfly", "_android", "_ios", "_illumos", "_wasip1", "_arm64", "_arm", "_386",
    "_ppc64", "_ppc64le", "_s390x", "_riscv64", "_mips", "_mipsle", "_mips64", "_mips64le",
    "_loong64",
)  # fmt: skip
_LEFT_OUT = tuple(f"{end}.go" for end in ("_test", *_FOREIGN))
Bind = Callable[[OutlinedPackage], None]


class Sources:
    """Finds and reads packages below ``vendor`` folders and in the module cache."""

    def __init__(self, workspace: Workspace, modules: Modules, bind: Bind) -> None:
        self._root = workspace.root
        self._bind = bind
        roots = [f"{m.root}/vendor/".lstrip("/") for m in workspace.go_modules if m.has_vendor]
        self._vendors = sorted({*roots, *vendor_folders(workspace.tree)})
        cache = module_cache()
        self._cache = str(cache) if cache is not None else ""
        self._versions = _versions(workspace.go_modules) if self._cache else {}

    def package(self, path: str) -> Package | None:
        """The package of that import path, or None when its source is not at hand."""
        for files in self._folders(path):
            found = self._read(path, files)
            if found is not None:
                return found
        return None

    def name(self, path: str) -> str:
        """The name in the package's clause, "" when its source is not at hand."""
        for files in self._folders(path):
            for file in files:
                found = package_name(read_source(file))
                if found:
                    return found
        return ""

    def imports(self, path: str) -> tuple[str, ...]:
        """The import paths that the package's source names, sorted; () without its source."""
        for files in self._folders(path):
            texts = [data for file in files if package_name(data := read_source(file))]
            if texts:
                imports = (item.specifier for data in texts for item in Outline(data).imports)
                return tuple(sorted({name for name in imports if name}))
        return ()

    def _folders(self, path: str) -> Iterator[list[str]]:
        """The files of each folder that may hold the package."""
        for root in self._vendors:
            yield _files(os.path.join(self._root, root, path))
        module = path
        while self._cache and module:
            for place in self._versions.get(module, ()):
                yield _files(os.path.join(self._cache, place, path[len(module) :].strip("/")))
            module = module.rpartition("/")[0]

    def _read(self, path: str, files: list[str]) -> OutlinedPackage | None:
        found: OutlinedPackage | None = None
        for file in files:
            data = read_source(file)
            name = package_name(data)
            if found is None and name:
                found = OutlinedPackage(path, name)
            if found is not None and name == found.name:
                found.files.append(SourceFile(f"{path}/{os.path.basename(file)}", data))
        if found is not None:
            self._bind(found)
        return found


def _files(folder: str) -> list[str]:
    """The Go files of a folder that a build on a common system takes in."""
    try:
        names = sorted(name for name in os.listdir(folder) if name.endswith(".go"))[:MAX_FILES]
    except OSError:
        return []
    return [os.path.join(folder, name) for name in names if not name.endswith(_LEFT_OUT)]


def read_source(file: str) -> bytes:
    """A file's content; nothing for what cannot be read or is larger than any source."""
    try:
        handle = os.open(file, _OPEN)
    except OSError:
        return b""
    try:
        info = os.fstat(handle)
        fits = stat.S_ISREG(info.st_mode) and info.st_size <= MAX_SIZE
        return os.read(handle, info.st_size) if fits else b""
    except OSError:
        return b""
    finally:
        os.close(handle)


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
            place = f"{escaped(target)}@{escaped(version)}"
            known = found.get(require.module, ())
            if place not in known:
                found[require.module] = (*known, place)
    return found


def escaped(path: str) -> str:
    """The module cache's spelling of capitals: ``!`` and the small letter."""
    return "".join(f"!{c.lower()}" if c.isupper() else c for c in path)
