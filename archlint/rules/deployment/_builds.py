"""How a repo builds its images: compose files, ``docker build`` commands, workflow steps."""

from __future__ import annotations

import posixpath
import shlex
from collections.abc import Container, Iterator, Mapping
from typing import Any

import msgspec

from archlint.discovery.docker import parse_compose
from archlint.discovery.manifests.structured import load_yaml
from archlint.model.errors import ManifestError
from archlint.model.pattern import lazy_regex

_COMMAND = lazy_regex(r"docker\s+(?:buildx\s+)?build\s((?:[^\n\\&;|]|\\\n|\\.){0,800})")
_CONTEXT = lazy_regex(r"[\w.-]+(?:/[\w.-]+)*/?$")
_STEP = "docker/build-push-action"
_MAX_TEXT = 300_000
_WITHOUT_VALUE = frozenset(
    {"--pull", "--push", "--load", "--no-cache", "--quiet", "-q", "--rm", "--squash", "--compress"}
)


class Build(msgspec.Struct, frozen=True):
    """One build: ``context`` is a repo folder ("" for the root), None when it is not known."""

    dockerfile: str
    context: str | None
    target: str = ""
    tags: tuple[str, ...] = ()


def builds(documents: Mapping[str, str], files: Container[str]) -> list[Build]:
    """Every build of one of the Dockerfiles ``files`` that the documents tell of."""
    found: list[Build] = []
    for path, text in sorted(documents.items()):
        if "compose" in posixpath.basename(path) and path.endswith((".yml", ".yaml")):
            found.extend(_of_compose(path, text))
        elif len(text) < _MAX_TEXT and "docker" in text:
            found.extend(_of_commands(text))
            if _STEP in text:
                found.extend(_of_steps(path, text))
    return [item for item in found if item.dockerfile in files]


def _of_compose(path: str, text: str) -> Iterator[Build]:
    if "build" not in text:
        return
    try:
        services = parse_compose(path, text)
    except ManifestError:
        return
    for service in services:
        if service.dockerfile:
            tags = (service.image,) if service.image else ()
            yield Build(service.dockerfile, service.context, service.target, tags)


def _of_commands(text: str) -> Iterator[Build]:
    for match in _COMMAND.finditer(text):
        text = match[1].replace("\\\n", " ")
        try:
            words = shlex.split(text)
        except ValueError:  # a quote that began before the command ends after it
            words = [word.strip("\"'`,") for word in text.split()]
        yield _command([word for word in words if word])


def _command(words: list[str]) -> Build:
    """What ``docker build`` is told; paths are taken to start at the repo's root."""
    options: dict[str, list[str]] = {}
    context: str | None = None
    at = 0
    while at < len(words):
        name, sign, value = words[at].partition("=")
        at += 1
        if not name.startswith("-"):
            context = words[at - 1]
        elif name not in _WITHOUT_VALUE:
            if not sign and at < len(words):
                value, at = words[at], at + 1
            options.setdefault(name, []).append(value)
    file = (options.get("-f") or options.get("--file") or [""])[-1]
    target = (options.get("--target") or [""])[-1]
    tags = (*options.get("-t", ()), *options.get("--tag", ()))
    return _build(file, context, target, tags)


def _of_steps(path: str, text: str) -> Iterator[Build]:
    """The steps of a workflow that build and push an image."""
    try:
        loaded = load_yaml(path, text)
    except ManifestError:
        return
    for step in _mappings(loaded):
        given = step.get("with")
        if str(step.get("uses", "")).startswith(_STEP) and isinstance(given, dict):
            context, file, target = (str(given.get(k) or "") for k in ("context", "file", "target"))
            yield _build(file, context or None, target, ())


def _mappings(tree: Any) -> Iterator[dict[str, Any]]:
    stack = [tree]
    while stack:
        item = stack.pop()
        if isinstance(item, dict):
            yield item
            stack.extend(item.values())
        elif isinstance(item, (list, tuple)):
            stack.extend(item)


def _build(file: str, context: str | None, target: str, tags: tuple[str, ...]) -> Build:
    known = context is not None and _CONTEXT.match(context) is not None
    folder = posixpath.normpath(context) if context is not None and known else None
    folder = "" if folder == "." else folder
    path = posixpath.normpath(file) if file else posixpath.join(folder or "", "Dockerfile")
    return Build(path, folder, target if "$" not in target else "", tags)
