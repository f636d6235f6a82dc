"""A production dependency loads compiled code into the process.

Why it matters: it must be built or exist prebuilt for the platform, C library and Node.js version
of the image (Alpine's musl is the usual trap), and its crash takes the whole process down.
What to do: check that the image's base fits, or choose one in plain JavaScript or WebAssembly.
Guide: a Node.js service ships with its runtime and installed packages, not as one binary (L125).
"""

from __future__ import annotations

from collections.abc import Iterator

from archlint.knowledge.dependencies import is_native_addon
from archlint.model.finding import Confidence, Report, Severity
from archlint.program.dependencies import dependency_place, dependency_tree, json_place
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
    "native-addon",
    severity=Severity.NOTE,
    confidence=Confidence.HIGH,
    languages=("javascript", "typescript"),
    needs="manifests",
)
def native_addon(program: Program) -> Iterator[Report]:
    """One report an installed addon, at the direct dependency where it is one."""
    for package, _ in node_packages(program, DEPLOYED):
        tree = dependency_tree(program, package)
        found: dict[str, str] = {}
        for key, locked in tree.installed.items():
            if locked.name not in MAC_ONLY and is_native_addon(locked.name, locked.dependencies):
                found.setdefault(locked.name, key)
        for name, key in sorted(found.items()):
            if allowed(program, name):
                continue
            if name in tree.production:
                place, through = dependency_place(program, package.path, name), ""
            else:
                place = json_place(program, package.path, "dependencies")
                parents = [tree.label(above) for above in tree.parents.get(key, ())]
                through = f" (through {listing(parents, 2)})"
            message = f"{tree.label(key)}{through} loads compiled code"
            yield manifest_report(program, place, message, name)
