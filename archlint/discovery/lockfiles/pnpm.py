"""pnpm-lock.yaml, lockfileVersion 5 to 9."""

from __future__ import annotations

import posixpath
import re
from typing import Any

from archlint.discovery.lockfiles.model import Importer, LockedPackage, Lockfile
from archlint.discovery.lockfiles.yaml_subset import load_lock_yaml
from archlint.discovery.manifests.structured import text_map
from archlint.model.errors import ManifestError

_VERSION_5 = re.compile(r"/((?:@[^/]+/)?[^/@]+)/([^_/]+)")
_VERSION_6 = re.compile(r"/?((?:@[^/]+/)?[^/@]+)@([^(]+)")
_GROUPS = ("dependencies", "optionalDependencies", "devDependencies")


def parse_pnpm(path: str, text: str) -> Lockfile:
    """Read pnpm's lockfile; peers are among the resolved dependencies; raises ManifestError.

    ``requiresBuild`` is about building, not about install scripts, so those stay unknown.
    """
    document = load_lock_yaml(path, text)
    version = str(document.get("lockfileVersion") or "")
    if not version:
        raise ManifestError(path, "has no lockfileVersion")
    details = _mapping(document.get("packages"))
    nodes = _mapping(document.get("snapshots")) or details
    imported = _mapping(document.get("importers")) or {".": document}
    importers = {
        _folder(name): _importer(_folder(name), item, nodes)
        for name, item in imported.items()
        if isinstance(item, dict)
    }
    packages = {
        key: _package(key, _mapping(item), _mapping(details.get(_bare(key))), nodes)
        for key, item in nodes.items()
    }
    for folder in importers:
        key = _local_key(folder)
        packages[key] = LockedPackage(key=key, name=folder, version="", local=folder)
    return Lockfile(
        path=path,
        format=f"pnpm-{version.partition('.')[0]}",
        packages=packages,
        importers=importers,
        overrides=tuple(_mapping(document.get("overrides"))),
    )


def _mapping(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _folder(name: str) -> str:
    return "" if name == "." else posixpath.normpath(name)


def _local_key(folder: str) -> str:
    return f"link:{folder}"


def _bare(key: str) -> str:
    """A snapshot's key without its peers (version 9 keeps the details under it)."""
    return key.partition("(")[0] if not key.startswith("/") else key


def _importer(folder: str, item: dict[str, Any], nodes: dict[str, Any]) -> Importer:
    resolved: dict[str, str] = {}
    ranges = text_map(item.get("specifiers"))
    for group in _GROUPS:
        for name, value in _mapping(item.get(group)).items():
            reference = value
            if isinstance(value, dict):
                reference = value.get("version")
                ranges[name] = str(value.get("specifier", ""))
            key = _target(nodes, name, reference, folder)
            if key is not None:
                resolved[name] = key
    production = {name for group in _GROUPS[:2] for name in _mapping(item.get(group))}
    return Importer(
        folder=folder, resolved=resolved, ranges=ranges, production=frozenset(production)
    )


def _target(nodes: dict[str, Any], name: str, reference: Any, folder: str) -> str | None:
    """The key that a resolved version stands for; ``link:`` leads to another importer."""
    if not isinstance(reference, str):
        return None
    if reference.startswith("link:"):
        target = posixpath.normpath(posixpath.join(folder, reference[5:]))
        return _local_key("" if target == "." else target)
    for key in (f"{name}@{reference}", f"/{name}@{reference}", f"/{name}/{reference}", reference):
        if key in nodes:
            return key
    return None


def _package(
    key: str, node: dict[str, Any], details: dict[str, Any], nodes: dict[str, Any]
) -> LockedPackage:
    name, version = _identity(key)
    found: dict[str, str] = {}
    for group in ("dependencies", "optionalDependencies"):
        for dependency, reference in _mapping(node.get(group)).items():
            target = _target(nodes, dependency, reference, "")
            if target is not None:
                found[dependency] = target
    facts = details or node
    return LockedPackage(
        key=key,
        name=str(facts.get("name") or name),
        version=str(facts.get("version") or version),
        dependencies=found,
        deprecated=str(facts.get("deprecated") or ""),
        peers=tuple(sorted(text_map(facts.get("peerDependencies")))),
        node=text_map(facts.get("engines")).get("node", ""),
    )


def _identity(key: str) -> tuple[str, str]:
    """Name and version of ``/n/1.0.0_peers`` (5), ``/n@1.0.0(peers)`` (6) or ``n@1.0.0(peers)``."""
    match = _VERSION_5.match(key) or _VERSION_6.match(key)
    return (match[1], match[2]) if match else (key, "")
