"""Serverless and platform files: what they run, and on which runtime version."""

from __future__ import annotations

import posixpath
import re
from typing import Any

import msgspec

from archlint.discovery.manifests.structured import decode_jsonc, load_yaml
from archlint.model.errors import ManifestError
from archlint.model.pattern import lazy_regex

_PROCFILE = lazy_regex(r"^([\w-]+):\s*(.+)$", re.MULTILINE)


class PlatformProcess(msgspec.Struct, frozen=True, kw_only=True, order=True):
    """A process or function that a platform starts.

    ``platform`` is heroku, serverless, sam, app-engine or vercel; ``runtime`` as the file names it
    (``nodejs20.x``, ``go122``), "" when it does not.
    """

    platform: str
    name: str
    command: str = ""
    runtime: str = ""
    path: str = ""


def parse_platform(path: str, text: str) -> tuple[PlatformProcess, ...]:
    """The processes of a Procfile, serverless, SAM, App Engine or Vercel file, sorted.

    Empty for any other file; raises ManifestError on one that cannot be read.
    """
    name = posixpath.basename(path)
    if name.startswith("Procfile"):
        found = [
            PlatformProcess(platform="heroku", name=key, command=command.strip(), path=path)
            for key, command in _PROCFILE.findall(text)
        ]
    elif name.startswith("serverless"):
        found = _serverless(path, _mapping(path, text))
    elif name in {"template.yaml", "template.yml"}:
        found = _sam(path, _mapping(path, text))
    elif name in {"app.yaml", "app.yml"}:
        found = _app_engine(path, _mapping(path, text))
    elif name in {"vercel.json", "now.json"}:
        found = _vercel(path, _mapping(path, text))
    else:
        found = []
    return tuple(sorted(found))


def _mapping(path: str, text: str) -> dict[str, Any]:
    if path.endswith(".json"):
        data = decode_jsonc(path, text)
    else:
        documents = load_yaml(path, text)
        data = documents[0] if documents else {}
    if not isinstance(data, dict):
        raise ManifestError(path, "is not a mapping")
    return data


def _dict(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _serverless(path: str, data: dict[str, Any]) -> list[PlatformProcess]:
    default = _text(_dict(data.get("provider")).get("runtime"))
    return [
        PlatformProcess(
            platform="serverless",
            name=name,
            command=_text(_dict(item).get("handler")),
            runtime=_text(_dict(item).get("runtime")) or default,
            path=path,
        )
        for name, item in _dict(data.get("functions")).items()
    ]


def _sam(path: str, data: dict[str, Any]) -> list[PlatformProcess]:
    default = _text(_dict(_dict(data.get("Globals")).get("Function")).get("Runtime"))
    found: list[PlatformProcess] = []
    for name, item in _dict(data.get("Resources")).items():
        facts = _dict(item)
        if facts.get("Type") not in {"AWS::Serverless::Function", "AWS::Lambda::Function"}:
            continue
        properties = _dict(facts.get("Properties"))
        found.append(
            PlatformProcess(
                platform="sam",
                name=name,
                command=_text(properties.get("Handler")),
                runtime=_text(properties.get("Runtime")) or default,
                path=path,
            )
        )
    return found


def _app_engine(path: str, data: dict[str, Any]) -> list[PlatformProcess]:
    runtime = _text(data.get("runtime"))
    if not runtime.startswith(("nodejs", "go")):
        return []
    name = _text(data.get("service")) or "default"
    command = _text(data.get("entrypoint"))
    return [
        PlatformProcess(
            platform="app-engine", name=name, command=command, runtime=runtime, path=path
        )
    ]


def _vercel(path: str, data: dict[str, Any]) -> list[PlatformProcess]:
    return [
        PlatformProcess(
            platform="vercel", name=name, runtime=_text(_dict(item).get("runtime")), path=path
        )
        for name, item in _dict(data.get("functions")).items()
    ]
