"""A Go binary that needs a C library is put into an image that has none, or another one.

Why it matters: the container dies at start with "no such file or directory", because the dynamic
loader of the build image is missing; often only on the platform that CI did not run.
What to do: build with CGO_ENABLED=0 (net and os/user then use their Go versions), link
statically, or ship an image with the C library of the build image.
Guide: Go compiles into a standalone binary that runs without a separate runtime (L32, L128).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from archlint.discovery.docker import Dockerfile, Image, Instruction, Stage
from archlint.model.finding import Confidence, Report, Severity
from archlint.model.pattern import lazy_regex
from archlint.program.dependencies import line_place
from archlint.program.program import Program
from archlint.rules.deployment._recipes import Origin, Recipes, recipes, shell_text
from archlint.rules.registry import rule
from archlint.rules.reporting import file_report

_BUILD = lazy_regex(r"\bgo\s+(?:build|install)\b")
_OFF = lazy_regex(r"CGO_ENABLED=[\"']?0")
_STATIC = lazy_regex(r"-extldflags[ =][^\n]*-static|-tags[ =][^\n]*(?:netgo|static_build)|osusergo")
_COMPILER = lazy_regex(r"apk\s+add[^\n]*\b(?:gcc|build-base|clang|alpine-sdk|musl-dev)\b")
_COPIED = lazy_regex(r"\.so\b|/lib(?:64)?/|ld-linux|ld-musl|libc6-compat|gcompat")


@rule(
    "dynamic-binary",
    severity=Severity.WARNING,
    confidence=Confidence.HIGH,
    languages=("go",),
    needs="manifests",
)
def dynamic_binary(program: Program) -> Iterator[Report]:
    """One report a Dockerfile, at the instruction that builds the binary."""
    found = recipes(program)
    for path, recipe in found.shipped.items():
        stage = found.final(recipe)
        target = found.origin(recipe, stage)
        if not (target.image.is_static or _musl(target.image)):
            continue
        if _COPIED.search(" ".join(item.text for item in target.instructions)):
            continue
        for source in _sources(recipe, stage):
            build = _dynamic_build(found.origin(recipe, source), target.image)
            if build is not None and build in source.instructions:
                place = line_place(program, path, build.line)
                yield file_report(program, place, _message(found, recipe, source, target), "cgo")
                break


def _musl(image: Image) -> bool:
    return image.name == "alpine" or "alpine" in image.tag


def _sources(recipe: Dockerfile, stage: Stage) -> Iterator[Stage]:
    """The stages from which the shipped one copies."""
    for item in stage.instructions:
        if item.keyword == "COPY" and item.flag("from"):
            source = recipe.stage(item.flag("from"))
            if source is not None and source.index < stage.index:
                yield source


def _dynamic_build(origin: Origin, target: Image) -> Instruction | None:
    """The go build whose result needs a C library that the target lacks."""
    if not origin.image.is_golang:
        return None
    off = origin.environment.get("CGO_ENABLED", "") == "0"
    compiler = not _musl(origin.image)
    for item in origin.instructions:
        if item.keyword == "ENV" and _OFF.search(item.text):
            off = True
        if item.keyword != "RUN":
            continue
        text = shell_text(item)
        compiler = compiler or _COMPILER.search(text) is not None
        static = off or _OFF.search(text) or _STATIC.search(text) or not compiler
        same = _musl(origin.image) and _musl(target)
        if _BUILD.search(text) and not static and not same and not _crossed(text, origin):
            return item
    return None


def _crossed(text: str, origin: Origin) -> bool:
    """Whether GOOS or GOARCH is set to a fixed other platform: cgo is then off by default."""
    return re.search(r"\bGOOS=(?!linux\b|\"?\$)\w+", f"{text} {origin.environment}") is not None


def _message(found: Recipes, recipe: Dockerfile, source: Stage, target: Origin) -> str:
    image = found.origin(recipe, source).image
    has = "musl" if _musl(target.image) else "no C library"
    where = target.image.name + (f":{target.image.tag}" if target.image.tag else "")
    return (
        f"go build in {image.name}:{image.tag or 'latest'} without CGO_ENABLED=0, "
        f"shipped on {where} that has {has}"
    )
