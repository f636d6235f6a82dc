"""compose files: which services are built from which Dockerfile, with which context."""

from __future__ import annotations

import posixpath
from typing import Any

import msgspec

from archlint.discovery.manifests.structured import load_yaml


class ComposeService(msgspec.Struct, frozen=True, kw_only=True):
    """A service: ``dockerfile`` and ``context`` are repo paths, "" when it only uses an image."""

    name: str
    image: str = ""
    context: str = ""
    dockerfile: str = ""
    target: str = ""
    command: str = ""


def parse_compose(path: str, text: str) -> tuple[ComposeService, ...]:
    """The services of a compose file, sorted by name; raises ManifestError."""
    services: dict[str, Any] = {}
    for document in load_yaml(path, text):
        if isinstance(document, dict) and isinstance(document.get("services"), dict):
            services.update(document["services"])
    folder = posixpath.dirname(path)
    return tuple(
        _service(folder, str(name), item)
        for name, item in sorted(services.items())
        if isinstance(item, dict)
    )


def _service(folder: str, name: str, item: dict[str, Any]) -> ComposeService:
    build = item.get("build")
    if isinstance(build, str):
        build = {"context": build}
    command = item.get("command")
    words = command if isinstance(command, list) else [command or ""]
    service = ComposeService(
        name=name,
        image=str(item.get("image") or ""),
        command=" ".join(str(word) for word in words),
    )
    if not isinstance(build, dict):
        return service
    context = _inside(folder, str(build.get("context") or "."))
    return msgspec.structs.replace(
        service,
        context=context,
        dockerfile=_inside(context, str(build.get("dockerfile") or "Dockerfile")),
        target=str(build.get("target") or ""),
    )


def _inside(folder: str, target: str) -> str:
    path = posixpath.normpath(posixpath.join(folder, target))
    return "" if path == "." else path
