"""Production code imports a package that its package.json does not declare.

Why it matters: it works only as long as some other package happens to bring it to the right place;
an update, a stricter package manager or `--omit=dev` ends that at run time.
What to do: declare it in `dependencies` with the version that is installed now.
Guide: compatibility between packages is part of a Node.js project's long-term maintenance (L120).
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from archlint.knowledge.dependencies import implicit
from archlint.model.finding import Confidence, Related, Report, Severity
from archlint.model.location import Location, locate
from archlint.model.workspace import Package
from archlint.program.dependencies import dependency_tree
from archlint.program.dependencies.uses import Use, is_erased, uses
from archlint.program.ecma.patterns import PathPatterns
from archlint.program.program import Program
from archlint.rules.dependencies._manifests import (
    Tone,
    allowed,
    listing,
    manifest_report,
    node_packages,
)
from archlint.rules.registry import rule


@rule(
    "undeclared-dependency",
    severity=Severity.WARNING,
    confidence=Confidence.HIGH,
    languages=("javascript", "typescript"),
    needs="modules",
)
def undeclared_dependency(program: Program) -> Iterator[Report]:
    """One report a package and manifest, at the first run-time import in production code."""
    found = uses(program)
    members = {package.name: package for package in program.workspace.packages if package.name}
    for package, component in node_packages(program):
        declared = _declared(program, package)
        folders = _folders(program, package)
        for name, items in sorted(found.imports.get(package.path, {}).items()):
            if name in declared or name in members or allowed(program, name):
                continue
            if name in implicit().runtime_modules:
                continue
            if any(host in declared for host in implicit().provided_by.get(name, ())):
                continue
            if name.partition("/")[0] in folders:  # src/x through a base path of the compiler
                continue
            needed = [u for u in items if _needed(program, u) and not _aliased(program, package, u)]
            needed = [use for use in needed if not _below(program, package, folders, use)]
            if needed and f"@types/{name.removeprefix('@').replace('/', '__')}" not in declared:
                host = _host(package, members, name)
                yield _report(program, package, needed, component.kind == "frontend", (name, host))


def _needed(program: Program, use: Use) -> bool:
    external = use.edge.target.startswith("npm:") and use.edge.kind != "computed"
    runs = use.role == "production" and use.at_run_time and external
    runs = runs and ".template." not in use.edge.source  # text of files that a generator writes
    return runs and not is_erased(program, use.edge, metadata=False)


def _below(program: Program, package: Package, folders: set[str], use: Use) -> bool:
    """``models/user.js``, which stands in a folder that ``NODE_PATH`` names at run time."""
    asked = use.edge.specifier
    if "/" not in asked and not asked.endswith((".js", ".cjs", ".mjs")):
        return False
    tree, prefix = program.workspace.tree, f"{package.root}/" if package.root else ""
    endings = ("", ".js", ".ts", "/index.js", "/index.ts")
    return any(
        f"{prefix}{folder}/{asked}{ending}" in tree for folder in folders for ending in endings
    )


def _aliased(program: Program, package: Package, use: Use) -> bool:
    """Whether a compiler's ``paths`` lead the name to a folder of the repo, found there or not.

    What is not found there is written by a build.
    """
    for config in program.workspace.tsconfigs:
        above = f"{config.root}/" if config.root else ""
        if f"{package.root}/".startswith(above):
            for pattern in PathPatterns(config.paths).matching(use.edge.specifier):
                if pattern != "*" and "node_modules" not in "".join(config.paths[pattern]):
                    return True
    return False


def _declared(program: Program, package: Package) -> set[str]:
    """Everything that this package.json or one above it in the repo installs or expects."""
    found = {package.name}
    for other in program.workspace.packages:
        if (
            not other.root
            or package.root == other.root
            or package.root.startswith(f"{other.root}/")
        ):
            found.update(other.dependencies, other.dev_dependencies)
            found.update(other.optional_dependencies, other.peer_dependencies)
    return found


def _host(package: Package, members: dict[str, Package], name: str) -> str:
    """The package of the workspace that a plugin runs in and that installs ``name``, "" for none.

    A plugin does not install its host: it is a peer, or there to develop only.
    """
    for host in sorted((package.peer_dependencies | package.dev_dependencies).keys()):
        if host in package.dependencies or host not in members:
            continue
        brought = members[host]
        if name in brought.dependencies or name in brought.peer_dependencies:
            return host
    return ""


def _folders(program: Program, package: Package) -> set[str]:
    """The names of the folders in a package's folder and in the base folders of its compilers."""
    below = program.once(_subfolders)
    roots = {package.root, *(c.base_url for c in program.workspace.tsconfigs if c.base_url)}
    return set().union(*(below.get(root, ()) for root in roots))


def _subfolders(program: Program) -> dict[str, set[str]]:
    """The names of the folders in each folder; the root is ""."""
    found: dict[str, set[str]] = {}
    for folder in {posixpath.dirname(path) for path in program.workspace.tree}:
        below = folder
        while below:
            above, _, name = below.rpartition("/")
            names = found.setdefault(above, set())
            if name in names:
                break
            names.add(name)
            below = above
    return found


def _report(
    program: Program, package: Package, needed: list[Use], frontend: bool, what: tuple[str, str]
) -> Report:
    name, host = what
    edge = needed[0].edge
    path = edge.path or edge.source
    facts = program.files[path]
    tree = dependency_tree(program, package)
    keys = [key for keys in tree.versions.get(name, {}).values() for key in keys]
    parents = sorted({tree.label(above) for key in keys for above in tree.parents.get(key, ())})
    parents = [label for label in parents if label != tree.label("")]
    through = f"; it is there only through {listing(parents, 2)}" if parents else ""
    through = f"; its host {host} brings it" if host else through
    where = Related(Location(package.path), "the manifest that lacks it")
    unsure = frontend or (not parents and tree.lockfile is not None)
    return manifest_report(
        program,
        locate(facts, edge.at),
        f"{name} is not declared in {package.path}{through}",
        name,
        Tone(
            confidence=Confidence.LOW if host or (unsure and frontend) else None,
            related=(where,),
            evidence={"imports": len(needed)},
        ),
    )
