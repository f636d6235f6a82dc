"""A manifest points to a folder instead of a released version.

Why it matters: the build depends on what happens to lie beside the checkout; outside the repo it
fails everywhere else, and inside it `go install module@version` refuses the module.
What to do: use a workspace (go.work, npm workspaces) for development, and a released version or a
fork's module path in the manifest.
Guide: dependencies are to stay predictable, as Go modules keep them by tracking versions (L123).
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from archlint.model.finding import Confidence, Report, Severity
from archlint.program.dependencies import dependency_place, line_place
from archlint.program.program import Program
from archlint.rules.dependencies._manifests import (
    Tone,
    go_modules,
    manifest_report,
    node_packages,
)
from archlint.rules.registry import rule

_FOLDER = ("file:", "link:", "portal:")


@rule(
    "local-replace",
    severity=Severity.WARNING,
    confidence=Confidence.HIGH,
    languages=("javascript", "typescript", "go"),
    needs="manifests",
)
def local_replace(program: Program) -> Iterator[Report]:
    """A warning for a folder outside the repo, a note for one inside."""
    for module in go_modules(program):
        for item in module.replaces:
            if item.local:
                outside = _outside(module.root, item.target)
                where = "outside the repo" if outside else "in the repo"
                yield manifest_report(
                    program,
                    line_place(program, module.path, item.line),
                    f"{item.module} is replaced by the folder {item.target} {where}",
                    item.module,
                    Tone(severity=Severity.WARNING if outside else Severity.NOTE),
                )
    for package, _ in node_packages(program):
        wanted = {**package.optional_dependencies, **package.dependencies}
        for name, wish in sorted(wanted.items()):
            kind, _, target = wish.partition(":")
            if wish.startswith(_FOLDER) and _outside(package.root, target):
                yield manifest_report(
                    program,
                    dependency_place(program, package.path, name),
                    f"{name} is a {kind} dependency outside the repo: {target}",
                    name,
                )


def _outside(folder: str, target: str) -> bool:
    if target.startswith(("/", "~")) or target[1:2] == ":":
        return True
    path = posixpath.normpath(posixpath.join(folder, target.replace("\\", "/")))
    return path == ".." or path.startswith("../")
