"""Nothing fixes the version of the runtime that a service is built with or runs on.

Why it matters: the next build may run on another major version of Node.js or Go, without a commit
that says so; what changed in production cannot be told from the repo.
What to do: name at least the major version in FROM (`node:22-slim`), or better a digest; set
`engines.node` or .nvmrc, and the go directive of go.mod.
Guide: Node.js services ship with their runtime: its version is part of the artefact (L125).
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

import msgspec

from archlint.discovery.docker import Dockerfile, Stage
from archlint.model.finding import Confidence, Report, Severity
from archlint.program.dependencies import json_place, line_place
from archlint.program.program import Program
from archlint.rules.dependencies._manifests import Tone, manifest_report, node_packages
from archlint.rules.deployment._recipes import Recipes, recipes
from archlint.rules.registry import rule
from archlint.rules.reporting import file_report

_PINS = (".nvmrc", ".node-version", ".tool-versions", "mise.toml", ".mise.toml")
_DEPLOYED = frozenset({"service", "worker"})


@rule(
    "unpinned-runtime",
    severity=Severity.WARNING,
    confidence=Confidence.HIGH,
    languages=("javascript", "typescript", "go"),
    needs="manifests",
)
def unpinned_runtime(program: Program) -> Iterator[Report]:
    """A warning a floating FROM; a note a Node.js service that names its runtime nowhere."""
    found = recipes(program)
    for path, recipe in found.shipped.items():
        for stage in recipe.stages:
            label = _floating(found, recipe, stage)
            if label:
                place = line_place(program, path, stage.line)
                message = f"FROM {label} names no version of the runtime"
                report = file_report(program, place, message, label)
                if (recipe, stage) not in found.origin(recipe, found.final(recipe)).stages:
                    report = msgspec.structs.replace(report, severity=Severity.NOTE)
                yield report
    yield from _undeclared(program, found)


def _floating(found: Recipes, recipe: Dockerfile, stage: Stage) -> str:
    """The image of a stage that starts from node or golang without a version, else ""."""
    if stage.parent >= 0 or not stage.base or stage.base in found.built:
        return ""
    image = found.origin(recipe, stage).image
    if not (image.is_node or image.is_golang) or image.digest or image.version is not None:
        return ""
    if image.tag and not re.fullmatch(
        r"(?:latest|lts|current|stable|slim|alpine|[a-z]+)(?:-[a-z][\w.]*)*", image.tag
    ):
        return ""
    if re.match(
        r"(?:iron|hydrogen|jod|krypton|gallium|fermium|erbium|dubnium|carbon|boron|argon)",
        image.tag,
    ):
        return ""
    return stage.base


def _undeclared(program: Program, found: Recipes) -> Iterator[Report]:
    documents = program.workspace.documents
    roots = {package.root: package for package in program.workspace.packages}
    for package, component in node_packages(program, _DEPLOYED):
        folders = [package.root]
        while folders[-1]:
            folders.append(posixpath.dirname(folders[-1]))
        declared = any(roots[f].engines.get("node") for f in folders if f in roots)
        volta = any(isinstance(roots[f].raw.get("volta"), dict) for f in folders if f in roots)
        pinned = any(posixpath.join(f, name) in documents for f in folders for name in _PINS)
        if declared or volta or pinned or component.dockerfile or found.shipped:
            continue
        yield manifest_report(
            program,
            json_place(program, package.path, "name"),
            f"{component.name} names its Node.js version nowhere: no engines.node, .nvmrc or image",
            "engines",
            Tone(severity=Severity.NOTE),
        )
