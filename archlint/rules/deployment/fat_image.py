"""The image that is shipped holds more than the program needs to run.

Why it matters: compilers, build tools and development packages in an image are pulled at every
scale-out and scanned at every release, and an attacker finds them ready for use.
What to do: build in one stage and copy the result to a second one on a slim or distroless base;
install with --omit=dev, or prune before copying node_modules.
Guide: images grow with runtime and packages; a Go binary ships alone in a small one (L126, L129).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from archlint.discovery.docker import Dockerfile, Instruction, Stage
from archlint.model.finding import Confidence, Report, Severity
from archlint.program.dependencies import line_place
from archlint.program.program import Program
from archlint.rules.deployment._recipes import Origin, Recipes, recipes, shell_text
from archlint.rules.registry import rule
from archlint.rules.reporting import file_report

_INSTALL = re.compile(
    r"\b(?:npm\s+(?:--?[\w-]+(?:=\S+)?\s+)*(?:ci|install|i)\b(?!\s+(?:-g|--global|--location))|pnpm\s+(?:--?[\w-]+(?:=\S+)?\s+)*(?:install|i)\b"
    r"|yarn(?:\s+install)?(?=\s*(?:$|&|;|\|\||\n|--))|bun\s+install)([^\n&;|]*)"
)
_WITHOUT_DEV = re.compile(
    r"--omit[= ]dev|--only[= ]prod|--production(?!=false)|--prod\b|-P\b|workspaces\s+focus|--no-dev"
)
_PRUNE = re.compile(
    r"npm\s+prune|pnpm\s+(?:prune|(?:--\S+\s+)*deploy)|yarn\s+workspaces\s+focus|--production"
    r"|--omit[= ]dev|--prod\b|rm\s+-rf?\s[^\n&;]*node_modules|modclean|node-prune"
)


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
    state = _installs_dev(origin)
    for item in origin.instructions:
        if item.keyword == "COPY" and item.flag("from") and "node_modules" in item.text:
            source = recipe.stage(item.flag("from"))
            state = source is not None and _installs_dev(found.origin(recipe, source)) is True
    return state is True


def _mentions_node(origin: Origin) -> bool:
    return any(
        item.keyword in {"CMD", "ENTRYPOINT"} and "node" in item.text
        for item in origin.instructions
    )


def _has_dev(program: Program, found: Recipes, recipe: Dockerfile) -> bool:
    manifests = {c.manifest for c in found.components(recipe.path)}
    packages = [p for p in program.workspace.packages if p.path in manifests or not p.root]
    return any(package.dev_dependencies for package in packages)


def _installs_dev(origin: Origin) -> bool | None:
    """True after a full installation, False after one without dev or a prune, None without any."""
    state: bool | None = None
    production = False
    for item in origin.instructions:
        if item.keyword == "ENV" and re.search(r"NODE_ENV[= ]\"?production", item.text):
            production = True
        if item.keyword != "RUN":
            continue
        state = _after(item, production, state)
    return state


def _after(item: Instruction, production: bool, state: bool | None) -> bool | None:
    text = shell_text(item)
    for match in _INSTALL.finditer(text):
        without = _WITHOUT_DEV.search(match[0]) or production or "NODE_ENV=production" in text
        state = not without
    if state and _PRUNE.search(text):
        return False
    return state
