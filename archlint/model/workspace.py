"""What discovery finds before any source is parsed: files, manifests, components."""

from __future__ import annotations

from typing import Any

import msgspec

from archlint.model.finding import Skip


class SourceFile(msgspec.Struct, frozen=True, order=True):
    """A file to parse: posix path relative to the root, language, size in bytes.

    ``role``: production, test, build (scripts, configuration, tooling), example, vendored
    (in-tree third-party code), generated or declaration (``.d.ts``).
    """

    path: str
    language: str
    size: int
    role: str = "production"


class Package(msgspec.Struct, frozen=True, kw_only=True):
    """A ``package.json``; ``root`` is its folder ("" for the repo root), ``raw`` the whole file.

    Dependency tables map a name to its range as written.
    """

    path: str
    root: str
    name: str = ""
    version: str = ""
    private: bool = False
    type: str = "commonjs"
    main: str = ""
    dependencies: dict[str, str] = {}
    dev_dependencies: dict[str, str] = {}
    optional_dependencies: dict[str, str] = {}
    peer_dependencies: dict[str, str] = {}
    scripts: dict[str, str] = {}
    bin: dict[str, str] = {}
    engines: dict[str, str] = {}
    workspaces: tuple[str, ...] = ()
    raw: dict[str, Any] = {}


class GoRequire(msgspec.Struct, frozen=True, order=True):
    """One ``require`` of a go.mod."""

    module: str
    version: str
    indirect: bool = False
    line: int = 1


class GoReplace(msgspec.Struct, frozen=True, order=True):
    """One ``replace``: ``target`` is a module path or a folder (``local``)."""

    module: str
    version: str
    target: str
    target_version: str
    local: bool
    line: int = 1


class GoModule(msgspec.Struct, frozen=True, kw_only=True):
    """A ``go.mod``; ``root`` is its folder ("" for the repo root)."""

    path: str
    root: str
    module: str
    go_version: str = ""
    toolchain: str = ""
    requires: tuple[GoRequire, ...] = ()
    replaces: tuple[GoReplace, ...] = ()
    excludes: tuple[tuple[str, str], ...] = ()
    tools: tuple[str, ...] = ()
    has_sum: bool = False
    has_vendor: bool = False


class TsConfig(msgspec.Struct, frozen=True, kw_only=True):
    """A tsconfig or jsconfig with its ``extends`` chain already merged.

    ``base_url`` is a folder relative to the repo root (None when unset); ``paths`` maps a pattern
    to folders relative to the repo root.
    """

    path: str
    root: str
    base_url: str | None = None
    paths: dict[str, tuple[str, ...]] = {}
    strict: bool = False
    root_dirs: tuple[str, ...] = ()
    out_dir: str = ""
    root_dir: str = ""


class Component(msgspec.Struct, frozen=True, kw_only=True):
    """One deployable unit, or a library: ``runtime`` is node or go.

    ``kind``: service, worker, cli, library, frontend, tool or test. ``root`` is its folder;
    ``manifest`` the package.json or go.mod it belongs to; ``mains`` its entry files. A Node.js
    component owns the files below its root that no deeper component owns; a Go command owns its
    main package and shares the module's packages with the module's other commands.
    """

    name: str
    root: str
    runtime: str
    kind: str
    manifest: str = ""
    mains: tuple[str, ...] = ()
    frameworks: tuple[str, ...] = ()
    dockerfile: str = ""


class Workspace(msgspec.Struct, frozen=True, kw_only=True):
    """The repo before parsing; paths are posix, relative to ``root`` (absolute, never shown).

    ``documents`` holds the text of files that are no source but that rules read: manifests,
    configuration, CI, Docker, compose, serverless and lockfile-less formats, each at most 5 MB;
    lockfiles are in it too. ``tree`` lists every file of the repo that is not ignored.
    """

    root: str
    files: tuple[SourceFile, ...] = ()
    packages: tuple[Package, ...] = ()
    go_modules: tuple[GoModule, ...] = ()
    go_work: tuple[str, ...] = ()
    tsconfigs: tuple[TsConfig, ...] = ()
    components: tuple[Component, ...] = ()
    documents: dict[str, str] = {}
    tree: frozenset[str] = frozenset()
    skipped: tuple[Skip, ...] = ()
