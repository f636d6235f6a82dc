"""A component installs more packages for production than its budget allows.

Why it matters: every installed package is code that has to be kept free of known vulnerabilities
and can break a build; start-up, image and audit grow with their count.
What to do: see what each direct dependency brings (`archlint deps`), drop or replace the widest
ones, or set `max_transitive_prod` under `[dependencies]` to a budget that the team stands by.
Guide: memory and artefacts of a Node.js service grow with its dependency tree (L100, L126).
"""

from __future__ import annotations

from collections.abc import Iterator

from archlint.model.finding import Confidence, Report, Severity
from archlint.model.workspace import Package
from archlint.program.dependencies import (
    Tree,
    dependency_tree,
    go_figures,
    json_place,
    line_place,
    node_figures,
)
from archlint.program.program import Program
from archlint.rules.dependencies._manifests import (
    DEPLOYED,
    Tone,
    go_modules,
    listing,
    manifest_report,
    node_packages,
)
from archlint.rules.registry import rule

BUDGET = 600
"""Packages, when the configuration says nothing: the ninth decile of the back ends measured."""


@rule(
    "dependency-tree-size",
    severity=Severity.WARNING,
    confidence=Confidence.HIGH,
    languages=("javascript", "typescript", "go"),
    needs="manifests",
)
def dependency_tree_size(program: Program) -> Iterator[Report]:
    """One report a manifest that is over one of its budgets."""
    limits = program.config.dependencies
    budget = BUDGET if limits.max_transitive_prod is None else limits.max_transitive_prod
    for package, _ in node_packages(program, DEPLOYED):
        tree = dependency_tree(program, package)
        figures = node_figures(tree)
        over = _over(figures.transitive, budget, "packages for production")
        over += _over(figures.direct, limits.max_direct_prod, "direct dependencies")
        over += _over(figures.depth, limits.max_depth, "levels of dependencies")
        if over:
            yield _report(program, package, tree, over)
    for module in go_modules(program):
        over = _over(go_figures(program.workspace, module).transitive, budget, "modules")
        if over:
            place = line_place(program, module.path, 1)
            yield manifest_report(program, place, f"builds with {over[0]}", "tree-size")


def _over(count: int | None, limit: int | None, what: str) -> list[str]:
    if count is None or limit is None or count <= limit:
        return []
    return [f"{count} {what} (budget {limit})"]


def _report(program: Program, package: Package, tree: Tree, over: list[str]) -> Report:
    shares = _shares(tree)
    widest = [f"{name} brings {count}" for name, count in shares[:3]]
    message = f"installs {' and '.join(over)}; {listing(widest)}"
    return manifest_report(
        program,
        json_place(program, package.path, "dependencies"),
        message,
        "tree-size",
        Tone(
            advice=f"run `archlint deps` to see what each of the {len(tree.direct)} brings",
            evidence={"direct": len(tree.direct), "transitive": len(tree.installed)},
        ),
    )


def _shares(tree: Tree) -> list[tuple[str, int]]:
    """Direct dependencies with how many packages hang below each, the most first."""
    counts = [(name, _size(tree, key)) for name, key in tree.direct.items() if key]
    return sorted(counts, key=lambda pair: (-pair[1], pair[0]))


def _size(tree: Tree, key: str) -> int:
    """The packages at and below a key, counted as the total is: workspace packages are none."""
    found = (tree.installed[below] for below in tree.reach([key]) if below in tree.installed)
    return len({(package.name, package.version) for package in found})
