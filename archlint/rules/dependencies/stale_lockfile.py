"""The lockfile does not fit the manifest any more.

Why it matters: a frozen installation (`npm ci`, `--frozen-lockfile`, `go build` without network)
fails, and any other silently installs versions that nobody reviewed.
What to do: run the package manager's install (or `go mod tidy`) and commit the lockfile with the
manifest.
Guide: dependencies are to stay predictable, as Go modules keep them by tracking versions (L123).
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator

from archlint.discovery.manifests.gosum import parse_go_sum
from archlint.model.finding import Confidence, Related, Report, Severity
from archlint.model.location import Location
from archlint.model.workspace import GoModule, GoRequire, Package
from archlint.program.dependencies import Tree, dependency_place, dependency_tree, line_place
from archlint.program.dependencies.gomodules import go_version, vendored
from archlint.program.program import Program
from archlint.rules.dependencies._manifests import (
    Tone,
    go_modules,
    listing,
    manifest_report,
    node_packages,
)
from archlint.rules.registry import rule

_UNLOCKED = ("link:", "file:", "portal:", "workspace:")


@rule(
    "stale-lockfile",
    severity=Severity.WARNING,
    confidence=Confidence.HIGH,
    languages=("javascript", "typescript", "go"),
    needs="manifests",
)
def stale_lockfile(program: Program) -> Iterator[Report]:
    """One report a manifest, at the first dependency that does not fit."""
    for package, _ in node_packages(program):
        tree = dependency_tree(program, package)
        stale = _stale(tree)
        if stale:
            yield _report(program, tree, stale)
    for module in go_modules(program):
        yield from _go_reports(program, module)


def _stale(tree: Tree) -> dict[str, str]:
    """Direct dependency -> why it does not fit the lockfile."""
    if tree.lockfile is None:
        return {}
    package = tree.package
    importer = tree.lockfile.importers.get(tree.inside(package.root))
    if importer is None and tree.lockfile.format != "yarn-1":
        return {}
    recorded = importer.ranges if importer is not None else None
    forced = _forced(package) | _forced(tree.repo.packages.get(posixpath.dirname(tree.lock_path)))
    forced |= _names(tree.lockfile.overrides)
    local = {member.name for member in tree.repo.packages.values()}
    found: dict[str, str] = {}
    wanted = {
        **package.dev_dependencies,
        **package.optional_dependencies,
        **package.dependencies,
    }
    for name, wish in wanted.items():
        if name in forced or name in local or wish.startswith(_UNLOCKED):
            continue
        if recorded is not None:
            problem = _compared(recorded.get(name), wish)
        elif tree.lockfile.patterns:
            problem = "" if _has_pattern(tree, name, wish) else f"{wish} is not in it"
        else:
            known = importer is not None and name in importer.resolved
            problem = "" if known else "is not in it"
        if problem:
            found[name] = problem
    return found


def _compared(recorded: str | None, wish: str) -> str:
    if recorded is None:
        return "is not in it"
    if recorded.removeprefix("npm:") == wish.removeprefix("npm:"):
        return ""
    return f"is locked for {recorded}, declared as {wish}"


def _has_pattern(tree: Tree, name: str, wish: str) -> bool:
    patterns = tree.lockfile.patterns if tree.lockfile else {}
    return f"{name}@{wish}" in patterns


def _forced(package: Package | None) -> set[str]:
    """Names whose version the repo overrides: their lockfile entry differs on purpose."""
    if package is None:
        return set()
    pnpm = package.raw.get("pnpm")
    tables = [package.raw.get("overrides"), package.raw.get("resolutions")]
    tables.append(pnpm.get("overrides") if isinstance(pnpm, dict) else None)
    keys = [key for table in tables if isinstance(table, dict) for key in table]
    return _names(keys)


def _names(selectors: Iterable[str]) -> set[str]:
    """The packages that the selectors of overrides may mean."""
    return {part for key in selectors for part in (key, key.rpartition("/")[2], _unversioned(key))}


def _unversioned(key: str) -> str:
    at = key.find("@", 1)
    return key[:at] if at > 0 else key


def _report(program: Program, tree: Tree, stale: dict[str, str]) -> Report:
    first = min(stale)
    rest = [name for name in sorted(stale) if name != first]
    message = f"{posixpath.basename(tree.lock_path)} is stale: {first} {stale[first]}"
    if rest:
        message += f"; neither do {listing(rest)} fit" if len(rest) > 1 else f"; {rest[0]} neither"
    return manifest_report(
        program,
        dependency_place(program, tree.package.path, first),
        message,
        "stale",
        Tone(related=(Related(Location(tree.lock_path), "the lockfile"),)),
    )


def _go_reports(program: Program, module: GoModule) -> Iterator[Report]:
    local = {item.module for item in module.replaces}
    if module.has_vendor:
        packed = vendored(program.workspace, module)
        if packed is not None and go_version(module) >= (1, 14):
            have = {(item.module, item.version) for item in packed if item.explicit}
            missing = [r for r in module.requires if (r.module, r.version) not in have]
            missing = [r for r in missing if r.module not in local]
            where = "vendor/modules.txt"
            yield from _go_report(program, module, where, missing)
    path = posixpath.join(module.root, "go.sum")
    text = program.workspace.documents.get(path)
    if text is None or go_version(module) < (1, 17):
        return
    sums = parse_go_sum(text) | parse_go_sum(program.workspace.documents.get("go.work.sum", ""))
    unsummed = [r for r in module.requires if (r.module, r.version) not in sums]
    unsummed = [r for r in unsummed if r.module not in local]
    if module.root not in program.workspace.go_work:
        yield from _go_report(program, module, "go.sum", unsummed)


def _go_report(
    program: Program, module: GoModule, where: str, items: list[GoRequire]
) -> Iterator[Report]:
    if not items:
        return
    names = [f"{item.module} {item.version}" for item in items]
    place = line_place(program, module.path, items[0].line)
    message = f"{where} is stale: it lacks {listing(names, 3)}"
    yield manifest_report(program, place, message, f"stale:{where}")
