"""A Dockerfile copies the whole build context and no .dockerignore keeps anything out.

Why it matters: node_modules of the developer's machine, .git and .env travel into the image: it
grows, caches break with every commit, and secrets ship.
What to do: add a .dockerignore with at least node_modules, .git and .env*, or copy only what the
build needs. It is a note where only a build stage holds the copy: that stage is not shipped.
Guide: artefacts are to hold the program and what it needs to run (L125, L126).
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

import msgspec

from archlint.discovery.docker import (
    Dockerfile,
    DockerIgnore,
    Instruction,
    Stage,
    parse_dockerignore,
)
from archlint.model.finding import Confidence, Report, Severity
from archlint.program.dependencies import line_place
from archlint.program.program import Program
from archlint.rules.deployment._recipes import Recipes, recipes
from archlint.rules.registry import rule
from archlint.rules.reporting import file_report

_EVERYTHING = frozenset({".", "./", "./.", "*", "./*", "/"})


@rule(
    "missing-dockerignore",
    severity=Severity.WARNING,
    confidence=Confidence.HIGH,
    languages=("javascript", "typescript", "go"),
    needs="manifests",
)
def missing_dockerignore(program: Program) -> Iterator[Report]:
    """One report a Dockerfile of Node.js or Go, at its first instruction that copies everything."""
    found = recipes(program)
    for path, recipe in found.shipped.items():
        if not found.runtimes(recipe):
            continue
        stage, copy = _copies_all(found, recipe)
        lacking = _lacking(program, found, path) if copy is not None else ""
        if copy is None or not lacking:
            continue
        place = line_place(program, path, copy.line)
        message = f"{copy.keyword} of the whole context {lacking}"
        if stage in _shipped_stages(found, recipe):
            yield file_report(program, place, message, "copy")
        else:
            report = file_report(program, place, f"{message}, in a build stage", "copy")
            yield msgspec.structs.replace(report, severity=Severity.NOTE)


def _shipped_stages(found: Recipes, recipe: Dockerfile) -> list[Stage]:
    return [s for file, s in found.origin(recipe, found.final(recipe)).stages if file == recipe]


def _copies_all(found: Recipes, recipe: Dockerfile) -> tuple[Stage | None, Instruction | None]:
    """The first COPY or ADD of ``.`` from the build context, one of a shipped stage before others.

    With the stage that holds it.
    """
    shipped = _shipped_stages(found, recipe)
    for stage in sorted(recipe.stages, key=lambda stage: stage not in shipped):
        for item in stage.instructions:
            if item.keyword in {"COPY", "ADD"} and not item.flag("from"):
                words = item.words or tuple(item.text.split())
                if any(word in _EVERYTHING for word in words[:-1]):
                    return stage, item
    return None, None


def _lacking(program: Program, found: Recipes, path: str) -> str:
    """What keeps the context from being clean, "" when nothing does."""
    contexts = found.contexts(path)
    ignores = _ignores(program, path, contexts)
    if not ignores:
        return "without a .dockerignore"
    roots = {c.root for c in found.components(path) if c.runtime == "node"}
    inside = {posixpath.relpath(root or ".", c or ".") for root in roots for c in contexts or {""}}
    folders = {posixpath.join(folder, "node_modules").removeprefix("./") for folder in inside}
    folders.add("node_modules")
    if roots and not any(ignore.excludes(folder) for ignore in ignores for folder in folders):
        return f"though {ignores[0].path} does not exclude node_modules"
    return ""


def _ignores(program: Program, path: str, contexts: set[str]) -> list[DockerIgnore]:
    """The ignore files that may apply: the Dockerfile's own, then those of possible contexts.

    Where nothing names the context, it may be any folder from the Dockerfile's up to the root.
    """
    documents = program.workspace.documents
    folders = sorted(contexts) or [posixpath.dirname(path)]
    while folders[-1] and not contexts:
        folders.append(posixpath.dirname(folders[-1]))
    names = [f"{path}.dockerignore", *(posixpath.join(f, ".dockerignore") for f in folders)]
    return [parse_dockerignore(name, documents[name]) for name in names if name in documents]
