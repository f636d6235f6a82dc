"""A Dockerfile copies the whole build context and no .dockerignore keeps anything out.

Why it matters: node_modules of the developer's machine, .git and .env travel into the image: it
grows, caches break with every commit, and secrets ship.
What to do: add a .dockerignore with at least node_modules, .git and .env*, or copy only what the
build needs.
Guide: artefacts are to hold the program and what it needs to run (L125, L126).
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from archlint.discovery.docker import Dockerfile, DockerIgnore, Instruction, parse_dockerignore
from archlint.model.finding import Confidence, Report, Severity
from archlint.program.dependencies import line_place
from archlint.program.program import Program
from archlint.rules.deployment._recipes import Recipes, recipes
from archlint.rules.registry import rule
from archlint.rules.reporting import file_report


@rule(
    "missing-dockerignore",
    severity=Severity.WARNING,
    confidence=Confidence.HIGH,
    languages=("javascript", "typescript", "go"),
    needs="manifests",
)
def missing_dockerignore(program: Program) -> Iterator[Report]:
    """One report a Dockerfile, at its first instruction that copies everything."""
    found = recipes(program)
    for path, recipe in found.shipped.items():
        copy = _copies_all(recipe)
        if copy is None:
            continue
        lacking = _lacking(program, found, path)
        if lacking:
            place = line_place(program, path, copy.line)
            yield file_report(
                program, place, f"{copy.keyword} of the whole context {lacking}", "copy"
            )


def _copies_all(recipe: Dockerfile) -> Instruction | None:
    """The first COPY or ADD of ``.`` from the build context."""
    for stage in recipe.stages:
        for item in stage.instructions:
            if item.keyword in {"COPY", "ADD"} and not item.flag("from"):
                words = item.words or tuple(item.text.split())
                if any(word in {".", "./", "./.", "*", "./*", "/"} for word in words[:-1]):
                    return item
    return None


def _lacking(program: Program, found: Recipes, path: str) -> str:
    """What keeps the context from being clean, "" when nothing does."""
    ignores = _ignores(program, path)
    if not ignores:
        return "without a .dockerignore"
    roots = {c.root for c in found.components(path) if c.runtime == "node"}
    folders = {posixpath.join(root, "node_modules") for root in roots} | {"node_modules"}
    if roots and not any(ignore.excludes(folder) for ignore in ignores for folder in folders):
        return f"though {ignores[0].path} does not exclude node_modules"
    return ""


def _ignores(program: Program, path: str) -> list[DockerIgnore]:
    """The ignore files that may apply: the Dockerfile's own, then those of possible contexts."""
    documents = program.workspace.documents
    own = f"{path}.dockerignore"
    folders = [posixpath.dirname(path)]
    while folders[-1]:
        folders.append(posixpath.dirname(folders[-1]))
    names = [own, *(posixpath.join(folder, ".dockerignore") for folder in folders)]
    return [parse_dockerignore(name, documents[name]) for name in names if name in documents]
