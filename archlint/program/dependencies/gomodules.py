"""Go modules: what go.mod, go.sum and vendor/modules.txt say without a toolchain."""

from __future__ import annotations

import posixpath
import re

import msgspec

from archlint.discovery.manifests.gosum import VendoredModule, parse_vendor_modules
from archlint.model.pattern import lazy_regex
from archlint.model.workspace import GoModule, Workspace

_MAJOR = lazy_regex(r"(?:/v|\.v)(\d+)$")


class Duplicate(msgspec.Struct, frozen=True, order=True):
    """A package in several versions: (version, who asks for it) in version order."""

    name: str
    versions: tuple[tuple[str, tuple[str, ...]], ...]


class Figures(msgspec.Struct, frozen=True, kw_only=True):
    """A manifest's dependencies in numbers; None is unknown, never zero.

    ``transitive`` counts distinct name and version, direct ones included, that production
    installs; ``depth`` is the longest of the shortest chains to them. ``deprecated`` pairs
    ``name@version`` with its notice. Go has no install scripts and cannot say depth.
    """

    manifest: str
    runtime: str
    lockfile: str = ""
    format: str = ""
    direct: int = 0
    direct_dev: int | None = None
    transitive: int | None = None
    depth: int | None = None
    duplicates: tuple[Duplicate, ...] | None = None
    install_scripts: tuple[str, ...] | None = None
    native_addons: tuple[str, ...] | None = None
    deprecated: tuple[tuple[str, str], ...] | None = None


def vendored(workspace: Workspace, module: GoModule) -> tuple[VendoredModule, ...] | None:
    """The modules in the module's vendor folder; None without vendor/modules.txt."""
    path = posixpath.join(module.root, "vendor/modules.txt")
    text = workspace.documents.get(path)
    return None if text is None else parse_vendor_modules(text)


def go_version(module: GoModule) -> tuple[int, int]:
    """The language version of a go.mod: (1, 22); a go.mod without one means 1.16."""
    match = re.match(r"(\d+)\.(\d+)", module.go_version)
    return (int(match[1]), int(match[2])) if match else (1, 16)


def go_figures(workspace: Workspace, module: GoModule) -> Figures:
    """The figures of one go.mod.

    From Go 1.17 on go.mod lists every module that the build needs; before that only vendor/ knows.
    """
    packed = vendored(workspace, module)
    names: list[tuple[str, str]] | None = None
    if packed is not None:
        names = [(item.module, item.version) for item in packed if item.packages]
    elif go_version(module) >= (1, 17):
        names = [(item.module, item.version) for item in module.requires]
    sums = posixpath.join(module.root, "go.sum")
    return Figures(
        manifest=module.path,
        runtime="go",
        lockfile=sums if sums in workspace.tree else "",
        format="vendor" if packed is not None else "go.mod",
        direct=sum(not item.indirect for item in module.requires),
        transitive=None if names is None else len(set(names)),
        duplicates=None if names is None else _majors(names),
    )


def _majors(names: list[tuple[str, str]]) -> tuple[Duplicate, ...]:
    """Modules in several major versions: Go allows no other duplicate."""
    groups: dict[str, list[tuple[str, tuple[str, ...]]]] = {}
    for module, version in sorted(set(names)):
        groups.setdefault(_MAJOR.sub("", module), []).append((version, (module,)))
    return tuple(
        Duplicate(name=name, versions=tuple(found))
        for name, found in sorted(groups.items())
        if len(found) > 1
    )
