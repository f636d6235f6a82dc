"""A production dependency runs a script when it is installed.

Why it matters: the script runs with the rights of whoever installs, in CI and in image builds; it
is how most npm malware spreads, and it breaks installs with --ignore-scripts or offline.
What to do: install with --ignore-scripts and allow the few packages that need theirs, or use
packages that ship prebuilt platform packages instead.
Guide: many external packages make dependency management a part of maintenance (L120).
"""

from __future__ import annotations

from collections.abc import Iterator

from archlint.model.finding import Confidence, Report, Severity
from archlint.program.dependencies import Tree, dependency_place, dependency_tree, json_place
from archlint.program.program import Program
from archlint.rules.dependencies._manifests import (
    DEPLOYED,
    MAC_ONLY,
    allowed,
    listing,
    manifest_report,
    node_packages,
)
from archlint.rules.registry import rule


@rule(
    "install-script",
    severity=Severity.NOTE,
    confidence=Confidence.HIGH,
    languages=("javascript", "typescript"),
    needs="manifests",
)
def install_script(program: Program) -> Iterator[Report]:
    """One report a package whose lockfile entry says so; npm's is the only format that does."""
    for package, _ in node_packages(program, DEPLOYED):
        tree = dependency_tree(program, package)
        found = {p.name: k for k, p in tree.installed.items() if p.install_script}
        for name, key in sorted(found.items()):
            if name not in MAC_ONLY and not allowed(program, name):
                yield _report(program, tree, name, key)


def _report(program: Program, tree: Tree, name: str, key: str) -> Report:
    path = tree.package.path
    if name in tree.production:
        return manifest_report(
            program,
            dependency_place(program, path, name),
            f"{tree.label(key)} runs an install script",
            name,
        )
    parents = [tree.label(above) for above in tree.parents.get(key, ())]
    return manifest_report(
        program,
        json_place(program, path, "dependencies"),
        f"{tree.label(key)} (through {listing(parents, 2)}) runs an install script",
        name,
    )
