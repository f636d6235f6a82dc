"""A production dependency's author has marked it as deprecated.

Why it matters: nobody fixes its defects and vulnerabilities any more; the notice mostly says where
users went.
What to do: follow the notice. For packages that come through others, update the parent.
Guide: teams watch updates and security patches of their packages as applications grow (L120).
"""

from __future__ import annotations

from collections.abc import Iterator

from archlint.model.finding import Confidence, Report, Severity
from archlint.program.dependencies import Tree, dependency_place, dependency_tree, json_place
from archlint.program.dependencies.figures import Deprecated, deprecated_packages
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
    "deprecated-dependency",
    severity=Severity.WARNING,
    confidence=Confidence.HIGH,
    languages=("javascript", "typescript"),
    needs="manifests",
)
def deprecated_dependency(program: Program) -> Iterator[Report]:
    """One warning a direct dependency, one note for all that come through others."""
    for package, _ in node_packages(program):
        tree = dependency_tree(program, package)
        found = [d for d in deprecated_packages(tree) if not allowed(program, d.name)]
        for item in found:
            if item.direct:
                yield _direct(program, tree, item)
        indirect = [item for item in found if not item.direct]
        if indirect:
            yield _indirect(program, tree, indirect)


def _direct(program: Program, tree: Tree, item: Deprecated) -> Report:
    names = [name for name, key in tree.direct.items() if key and _is(tree, key, item)]
    notice = " ".join(item.notice.split())[:200]
    return manifest_report(
        program,
        dependency_place(program, tree.package.path, names[0] if names else item.name),
        f"{item.name}@{item.version} is deprecated: {notice}",
        item.name,
    )


def _is(tree: Tree, key: str, item: Deprecated) -> bool:
    package = tree.installed.get(key)
    return package is not None and (package.name, package.version) == (item.name, item.version)


def _indirect(program: Program, tree: Tree, items: list[Deprecated]) -> Report:
    labels = [f"{item.name}@{item.version}" for item in items]
    return manifest_report(
        program,
        json_place(program, tree.package.path, "dependencies"),
        f"{len(labels)} deprecated packages come through other dependencies: {listing(labels)}",
        "indirect",
        Tone(severity=Severity.NOTE, evidence={"count": len(labels)}),
    )
