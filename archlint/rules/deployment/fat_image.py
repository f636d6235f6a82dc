"""The image that is shipped holds more than the program needs to run.

Why it matters: compilers, build tools and development packages in an image are pulled at every
scale-out and scanned at every release, and an attacker finds them ready for use.
What to do: build in one stage and copy the result to a second one on a slim or distroless base;
install with --omit=dev, or prune before copying node_modules.
Guide: images grow with runtime and packages; a Go binary ships alone in a small one (L126, L129).
"""

from __future__ import annotations

from collections.abc import Iterator

from archlint.discovery.docker import Dockerfile, Stage
from archlint.model.finding import Confidence, Report, Severity
from archlint.program.dependencies import line_place
from archlint.program.program import Program
from archlint.rules.deployment._installs import Installs
from archlint.rules.deployment._recipes import Origin, Recipes, recipes
from archlint.rules.registry import rule
from archlint.rules.reporting import file_report


@rule(
    "fat-image",
    severity=Severity.WARNING,
    confidence=Confidence.HIGH,
    languages=("javascript", "typescript", "go"),
    needs="manifests",
)
def fat_image(program: Program) -> Iterator[Report]:
    """One report a Dockerfile, at the FROM of the stage that is shipped."""
    found = recipes(program)
    for path, recipe in found.shipped.items():
        stage = found.final(recipe)
        reasons = _reasons(program, found, recipe, stage)
        if reasons:
            place = line_place(program, path, stage.line)
            yield file_report(program, place, f"the image holds {' and '.join(reasons)}", "fat")


def _reasons(program: Program, found: Recipes, recipe: Dockerfile, stage: Stage) -> list[str]:
    origin = found.origin(recipe, stage)
    reasons: list[str] = []
    if origin.image.is_golang and "go" in found.runtimes(recipe):
        reasons.append(f"the Go toolchain ({origin.image.name})")
    elif origin.image.is_node and not origin.image.is_slim and origin.image.tag:
        label = f"{origin.image.name}:{origin.image.tag}"
        reasons.append(
            f"a full Debian with compilers ({label}; {origin.image.name}:…-slim has none)"
        )
    if "node" in found.runtimes(recipe) and _ships_dev(program, found, recipe, origin):
        reasons.append("development dependencies")
    return reasons


def _ships_dev(program: Program, found: Recipes, recipe: Dockerfile, origin: Origin) -> bool:
    """Whether node_modules of a full installation ends up in the image."""
    if not _has_dev(program, found, recipe):
        return False
    if not (origin.image.is_node or _mentions_node(origin)):
        return False
    return Installs(found, _is_berry(program)).dev(origin) is True


def _is_berry(program: Program) -> bool:
    """Whether the repo's yarn is of version 2 or later, by its lockfile."""
    text = program.workspace.documents.get("yarn.lock", "")
    return "\n__metadata:" in text[:1_000]


def _mentions_node(origin: Origin) -> bool:
    return any(
        item.keyword in {"CMD", "ENTRYPOINT"} and "node" in item.text
        for item in origin.instructions
    )


def _has_dev(program: Program, found: Recipes, recipe: Dockerfile) -> bool:
    manifests = {c.manifest for c in found.components(recipe.path)}
    packages = [p for p in program.workspace.packages if p.path in manifests or not p.root]
    return any(package.dev_dependencies for package in packages)
