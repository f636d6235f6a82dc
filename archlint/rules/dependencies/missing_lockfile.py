"""A deployed component's dependencies are not locked.

Why it matters: every installation may fetch other versions than the ones that were tested; a build
from last month cannot be repeated, and a compromised release arrives by itself.
What to do: commit the lockfile of the package manager (or go.sum), and install with its frozen
mode (`npm ci`, `--frozen-lockfile`, `--immutable`).
Guide: dependencies are to stay predictable, as Go modules keep them by tracking versions (L123).
"""

from __future__ import annotations

from collections.abc import Iterator

from archlint.model.finding import Confidence, Report, Severity
from archlint.model.workspace import GoReplace
from archlint.program.dependencies import dependency_tree, json_place, line_place
from archlint.program.program import Program
from archlint.rules.dependencies._manifests import (
    go_modules,
    manifest_report,
    node_packages,
)
from archlint.rules.registry import rule

_DEPLOYED = frozenset({"service", "worker"})


@rule(
    "missing-lockfile",
    severity=Severity.WARNING,
    confidence=Confidence.HIGH,
    languages=("javascript", "typescript", "go"),
    needs="manifests",
)
def missing_lockfile(program: Program) -> Iterator[Report]:
    """Services and workers only: libraries and tools are installed by others."""
    tree_files = program.workspace.tree
    for package, _ in node_packages(program, _DEPLOYED):
        tree = dependency_tree(program, package)
        if tree.lock_path or not tree.production or _binary_lock(tree_files, package.root):
            continue
        place = json_place(program, package.path, "dependencies")
        message = f"{len(tree.production)} production dependencies and no lockfile that covers them"
        yield manifest_report(program, place, message, "missing")
    for module in go_modules(program):
        remote = [r for r in module.requires if not _replaced_locally(module.replaces, r.module)]
        if remote and not module.has_sum and not module.has_vendor:
            place = line_place(program, module.path, 1)
            message = f"{len(remote)} required modules and no go.sum"
            yield manifest_report(program, place, message, "missing")


def _replaced_locally(replaces: tuple[GoReplace, ...], name: str) -> bool:
    return any(item.local and item.module == name for item in replaces)


def _binary_lock(tree: frozenset[str], folder: str) -> bool:
    """bun.lockb and deno.lock lock too, though they are not read."""
    while True:
        prefix = f"{folder}/" if folder else ""
        if f"{prefix}bun.lockb" in tree or f"{prefix}deno.lock" in tree:
            return True
        if not folder:
            return False
        folder = folder.rpartition("/")[0]
