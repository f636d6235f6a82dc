"""Go components: every ``package main``, and modules that are libraries."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from archlint.discovery.dockerfiles import dockerfile_of
from archlint.discovery.source import Source, Unreadable
from archlint.knowledge.golang.platforms import is_platform, never_built
from archlint.model.pattern import lazy_regex
from archlint.model.workspace import Component, GoModule, SourceFile

_PACKAGE = lazy_regex(rb"^\s*package\s+(\w+)", re.MULTILINE)
_CONDITION = lazy_regex(rb"^//\s*(?:go:build|\+build)[ \t]+(\w+)[ \t]*$", re.MULTILINE)
_SERVES = lazy_regex(
    rb"ListenAndServe|\.Serve\(|grpc\.NewServer|gin\.(?:Default|New)\(|echo\.New\(|fiber\.New\("
    rb"|http\.Server\{|net\.Listen\(|lambda\.Start|chi\.NewRouter|mux\.NewRouter|\.RunTLS?\(\":"
)
_SERVICE_NAME = lazy_regex(
    r"(?:^|[-_])(?:server|api|apiserver|service|svc|gateway|proxy|registry|daemon|http|web)(?:$|[-_])"
    r"|[a-z]{3,}(?:server|manager|gateway|proxy|controller)$"
)
_WORKER_NAME = lazy_regex(r"(?:^|[-_])(?:worker|consumer|scheduler|cron|indexer|agent)(?:$|[-_])")
_LISTENS = lazy_regex(rb"ListenAndServe|\.Serve\(|net\.Listen\(|lambda\.Start|\.RunTLS?\(\":")
_MANAGES = lazy_regex(rb"\bctrl\.NewManager\(|\bmanager\.New\(")
"""Runs the controllers of a Kubernetes operator."""
_GENERATOR_NAME = lazy_regex(r"^(?:gen|generate)(?:[-_]|$)|[-_](?:gen|generator)$")
"""A step of the build, which may set up routes to write down what they are."""
_TOOL_NAME = lazy_regex(r"[-_](?:template|tools?|client|cli|ctl|gen|migrate|dump|lint)$")
_GENERATES = lazy_regex(rb"\bpackage main\b.*generated.{0,120}?do not edit", re.DOTALL | re.I)
"""Writes the heading of generated files: a step of the build."""
_VERSION = lazy_regex(r"^v\d+$")
_SOURCE_LIMIT = 1_000_000
_HEAD = 8_000
"""Bytes in which a build constraint is looked for."""


def go_components(
    source: Source,
    files: tuple[SourceFile, ...],
    modules: tuple[GoModule, ...],
    documents: dict[str, str],
) -> Iterator[Component]:
    """A component per ``package main``; a library per module without one."""
    folders: dict[str, list[SourceFile]] = {}
    for file in files:
        if file.language == "go" and not file.path.endswith("_test.go"):
            folders.setdefault(posixpath.dirname(file.path), []).append(file)
    roots = {module.root: module for module in modules}
    commanded: set[str] = set()
    for folder in sorted(folders):
        module = _module_of(folder, roots)
        if _is_main(source, folders[folder]):
            component = _command(source, folder, folders[folder], module, documents)
            if component.kind not in {"test", "tool"} and module is not None:
                commanded.add(module.root)
            yield component
    for root, module in sorted(roots.items()):
        if root not in commanded and any(
            _module_of(f, roots) is module and any(x.role == "production" for x in folders[f])
            for f in folders
        ):
            name = _base(module.module) or posixpath.basename(root) or "root"
            yield Component(
                name=name, root=root, runtime="go", kind="library", manifest=module.path
            )


def _module_of(folder: str, roots: dict[str, GoModule]) -> GoModule | None:
    while folder and folder not in roots:
        folder = posixpath.dirname(folder)
    return roots.get(folder)


def _base(path: str) -> str:
    """The last element of an import path that is no version."""
    parts = [part for part in path.split("/") if part and not _VERSION.match(part)]
    return parts[-1] if parts else ""


def _is_main(source: Source, files: list[SourceFile]) -> bool:
    """Whether the folder's package is ``main``; files that builds ignore do not count."""
    for file in sorted(files, key=lambda f: (f.size, f.path)):
        try:
            head = source.read(file.path, _SOURCE_LIMIT)[:64_000]
        except Unreadable:
            continue
        condition = _CONDITION.search(head)
        if condition is not None and never_built(condition.group(1).decode()):
            continue
        clause = _PACKAGE.search(head)
        if clause is not None:
            return clause.group(1) == b"main"
    return False


def _command(
    source: Source,
    folder: str,
    files: list[SourceFile],
    module: GoModule | None,
    documents: dict[str, str],
) -> Component:
    name = posixpath.basename(folder)
    if name in {"", "main", "src", "app"} and module is not None:
        name = _base(module.module) or name
    return Component(
        name=name or "root",
        root=folder,
        runtime="go",
        kind=_kind(source, name, files),
        manifest=module.path if module else "",
        mains=tuple(sorted(file.path for file in files)),
        dockerfile=dockerfile_of(folder, (), documents) or _root_recipe(module, documents),
    )


def _root_recipe(module: GoModule | None, documents: dict[str, str]) -> str:
    return dockerfile_of(module.root, (), documents) if module is not None else ""


def _kind(source: Source, name: str, files: list[SourceFile]) -> str:
    roles = {file.role for file in files}
    if "production" not in roles:
        return "test" if "test" in roles else "tool"
    if "/internal/" in f"/{files[0].path}":
        return "tool"
    texts = [_text(source, file.path) for file in files]
    generates = _GENERATOR_NAME.search(name) and not any(map(_LISTENS.search, texts))
    if generates or all(map(_asks_for_a_tag, texts)):
        return "tool"
    if any(_SERVES.search(text) for text in texts):
        return "service"
    if any(_GENERATES.search(text) for text in texts):
        return "tool"
    if any(_MANAGES.search(text) for text in texts):
        return "worker"
    if _SERVICE_NAME.search(name) and not _TOOL_NAME.search(name):
        return "service"
    return "worker" if _WORKER_NAME.search(name) else "cli"


def _asks_for_a_tag(text: bytes) -> bool:
    """Whether the file is built by who names a tag of the repo's own alone (``manpages``)."""
    found = _CONDITION.search(text, 0, _HEAD)
    return found is not None and not is_platform(found.group(1).decode())


def _text(source: Source, path: str) -> bytes:
    """A file's bytes, none where it cannot be read."""
    try:
        return source.read(path, _SOURCE_LIMIT)
    except Unreadable:
        return b""
