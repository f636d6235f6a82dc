"""A package is installed in several versions that should be one.

Why it matters: two copies double the code that is loaded, and packages that keep state (registries,
context, classes compared by instanceof) fail in ways that no stack trace explains.
What to do: move the parents that hold the old version back to one range, or pin one version
with `overrides` (npm), `resolutions` (yarn) or `pnpm.overrides`.
Guide: compatibility between packages is part of a Node.js project's long-term maintenance (L120).
"""

from __future__ import annotations

from collections.abc import Iterator

from archlint.knowledge.dependencies import singletons
from archlint.model.finding import Confidence, Report, Severity
from archlint.program.dependencies import (
    Duplicate,
    Tree,
    dependency_place,
    dependency_tree,
    json_place,
    node_figures,
)
from archlint.program.program import Program
from archlint.rules.dependencies._manifests import (
    DEPLOYED,
    Tone,
    allowed,
    listing,
    manifest_report,
    node_packages,
)
from archlint.rules.registry import rule

MANY = 4
"""Versions of one package from which on it is worth a word, whatever it is."""


@rule(
    "duplicate-dependency",
    severity=Severity.NOTE,
    confidence=Confidence.HIGH,
    languages=("javascript", "typescript"),
    needs="manifests",
)
def duplicate_dependency(program: Program) -> Iterator[Report]:
    """A warning where copies break, a note for direct dependencies and for many versions."""
    for package, _ in node_packages(program, DEPLOYED):
        tree = dependency_tree(program, package)
        for duplicate in node_figures(tree).duplicates or ():
            if not allowed(program, duplicate.name) and _worth(tree, duplicate):
                yield _report(program, tree, duplicate)


def _worth(tree: Tree, duplicate: Duplicate) -> bool:
    majors = {_major(version) for version, _ in duplicate.versions}
    if duplicate.name in singletons():
        return len(majors) > 1 or duplicate.name in tree.production
    if len(majors) < 2:
        return False
    return duplicate.name in tree.production or len(duplicate.versions) >= MANY


def _major(version: str) -> str:
    """What semantic versioning calls incompatible: the first number that is not 0."""
    parts = version.split(".")
    return parts[0] if parts[0] != "0" else ".".join(parts[:2])


def _report(program: Program, tree: Tree, duplicate: Duplicate) -> Report:
    held = [f"{version} (by {listing(list(by), 3)})" for version, by in duplicate.versions]
    harm = singletons().get(duplicate.name, "")
    message = f"{duplicate.name} is installed in {len(held)} versions: {listing(held)}"
    if duplicate.name in tree.production:
        place = dependency_place(program, tree.package.path, duplicate.name)
    else:
        place = json_place(program, tree.package.path, "dependencies")
    return manifest_report(
        program,
        place,
        f"{message}; {harm}" if harm else message,
        duplicate.name,
        Tone(
            severity=Severity.WARNING if harm else None,
            evidence={"versions": len(duplicate.versions)},
        ),
    )
