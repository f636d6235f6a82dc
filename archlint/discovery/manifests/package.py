"""package.json."""

from __future__ import annotations

import posixpath
from typing import Any

from archlint.discovery.manifests.structured import decode_json, text_list, text_map
from archlint.model.errors import ManifestError
from archlint.model.workspace import Package


def parse_package(path: str, text: str) -> Package:
    """Read a package.json at ``path``; wrong types count as absent; raises ManifestError."""
    raw = decode_json(path, text)
    if not isinstance(raw, dict):
        raise ManifestError(path, "is not a JSON object")
    return Package(
        path=path,
        root=posixpath.dirname(path),
        name=_text(raw, "name"),
        version=_text(raw, "version"),
        private=raw.get("private") is True,
        type="module" if raw.get("type") == "module" else "commonjs",
        main=_text(raw, "main"),
        dependencies=text_map(raw.get("dependencies")),
        dev_dependencies=text_map(raw.get("devDependencies")),
        optional_dependencies=text_map(raw.get("optionalDependencies")),
        peer_dependencies=text_map(raw.get("peerDependencies")),
        scripts=text_map(raw.get("scripts")),
        bin=_bin(raw),
        engines=text_map(raw.get("engines")),
        workspaces=_workspaces(raw.get("workspaces")),
        raw=raw,
    )


def _text(raw: dict[str, Any], key: str) -> str:
    value = raw.get(key)
    return value if isinstance(value, str) else ""


def _bin(raw: dict[str, Any]) -> dict[str, str]:
    """``bin`` as a map; the short form takes the package's name without its scope."""
    value = raw.get("bin")
    if isinstance(value, str):
        name = _text(raw, "name").rpartition("/")[2]
        return {name: value} if name else {}
    return text_map(value)


def _workspaces(value: Any) -> tuple[str, ...]:
    """npm's and yarn's list, or yarn 1's ``{"packages": [...]}``."""
    if isinstance(value, dict):
        value = value.get("packages")
    return text_list(value)
