"""The figures of a component's dependencies; what a lockfile's format does not say is None."""

from __future__ import annotations

import msgspec

from archlint.knowledge.dependencies import is_native_addon
from archlint.model.workspace import Component
from archlint.program.dependencies.gomodules import Duplicate, Figures, go_figures
from archlint.program.dependencies.tree import Tree, dependency_tree
from archlint.program.program import Program

__all__ = ["Deprecated", "Duplicate", "Figures", "component_figures", "node_figures"]


class Deprecated(msgspec.Struct, frozen=True, order=True):
    """A deprecated package with its author's notice; ``direct`` if the manifest names it."""

    name: str
    version: str
    notice: str
    direct: bool


def node_figures(tree: Tree) -> Figures:
    """The figures of one package.json."""
    package = tree.package
    base = Figures(
        manifest=package.path,
        runtime="node",
        lockfile=tree.lock_path,
        format=tree.lockfile.format if tree.lockfile else "",
        direct=len(tree.production),
        direct_dev=len(package.dev_dependencies),
    )
    if tree.lockfile is None:
        return base
    distinct = sum(len(versions) for versions in tree.versions.values())
    return msgspec.structs.replace(
        base,
        transitive=distinct,
        depth=max((tree.depths[key] for key in tree.installed), default=0),
        duplicates=_duplicates(tree),
        install_scripts=_install_scripts(tree),
        native_addons=native_addons(tree),
        deprecated=_deprecated(tree),
    )


def _duplicates(tree: Tree) -> tuple[Duplicate, ...]:
    """Names installed in several versions, each version with the packages that ask for it."""
    found: list[Duplicate] = []
    for name, versions in tree.versions.items():
        if len(versions) > 1:
            asked = tuple((v, _parent_labels(tree, keys)) for v, keys in versions.items())
            found.append(Duplicate(name=name, versions=asked))
    return tuple(found)


def _parent_labels(tree: Tree, keys: list[str]) -> tuple[str, ...]:
    return tuple(sorted({tree.label(above) for key in keys for above in tree.parents.get(key, ())}))


def _install_scripts(tree: Tree) -> tuple[str, ...] | None:
    if any(package.install_script is None for package in tree.installed.values()):
        return None
    return tuple(sorted({tree.label(k) for k, p in tree.installed.items() if p.install_script}))


def native_addons(tree: Tree) -> tuple[str, ...]:
    """Installed packages that load compiled code, as ``name@version``."""
    return tuple(
        sorted(
            tree.label(key)
            for key, package in tree.installed.items()
            if is_native_addon(package.name, package.dependencies)
        )
    )


def _deprecated(tree: Tree) -> tuple[tuple[str, str], ...] | None:
    if any(package.deprecated is None for package in tree.installed.values()):
        return None
    return tuple(
        sorted(
            {(tree.label(k), p.deprecated or "") for k, p in tree.installed.items() if p.deprecated}
        )
    )


def deprecated_packages(tree: Tree) -> tuple[Deprecated, ...]:
    """The deprecated packages of production, direct ones first; empty where unknown."""
    direct = set(tree.direct.values())
    found = {
        Deprecated(package.name, package.version, package.deprecated, key in direct)
        for key, package in tree.installed.items()
        if package.deprecated
    }
    return tuple(sorted(found, key=lambda item: (not item.direct, item)))


def component_figures(program: Program, component: Component) -> Figures | None:
    """The figures of a component's manifest; None when it has none."""
    for package in program.workspace.packages:
        if component.runtime == "node" and package.path == component.manifest:
            return node_figures(dependency_tree(program, package))
    for module in program.workspace.go_modules:
        if component.runtime == "go" and module.path == component.manifest:
            return go_figures(program.workspace, module)
    return None
