"""pnpm-lock.yaml, lockfileVersion 5 to 9."""

from __future__ import annotations

import posixpath
from typing import Any

import msgspec

from archlint.discovery.lockfiles.model import Importer, LockedPackage, Lockfile
from archlint.discovery.lockfiles.yaml_subset import load_lock_yaml
from archlint.discovery.manifests.structured import text_map
from archlint.model.errors import ManifestError
from archlint.model.pattern import lazy_regex

_VERSION_5 = lazy_regex(r"/((?:@[^/]+/)?[^/@]+)/([^_/]+)")
_VERSION_6 = lazy_regex(r"/?((?:@[^/]+/)?[^/@]+)@([^(]+)")
_NEEDS = ("dependencies", "optionalDependencies")
_GROUPS = ("dependencies", "optionalDependencies", "devDependencies")


class _Node(msgspec.Struct, frozen=True, gc=False):
    """What is kept of an entry of ``packages`` or ``snapshots``; ``needs`` is name -> reference."""

    needs: dict[str, str] = {}
    name: str = ""
    version: str = ""
    deprecated: str = ""
    peers: tuple[str, ...] = ()
    node: str = ""


_NOTHING = _Node()
Nodes = dict[str, _Node]


class _Keeper(dict[str, str]):
    """Makes nodes of entries; every name and version is one string, however often it is written."""

    def __call__(self, key: str, item: dict[str, Any]) -> _Node:
        if not item:
            return _NOTHING
        needs = {
            self.setdefault(name, name): self.setdefault(reference, reference)
            for group in _NEEDS
            for name, reference in _mapping(item.get(group)).items()
            if isinstance(reference, str)
        }
        if needs and len(item) == 1:
            return _Node(needs)
        node = _Node(
            needs,
            str(item.get("name") or ""),
            str(item.get("version") or ""),
            str(item.get("deprecated") or ""),
            tuple(sorted(text_map(item.get("peerDependencies")))),
            text_map(item.get("engines")).get("node", ""),
        )
        return node if node != _NOTHING else _NOTHING


def parse_pnpm(path: str, text: str) -> Lockfile:
    """Read pnpm's lockfile; peers are among the resolved dependencies; raises ManifestError.

    ``requiresBuild`` is about building, not about install scripts, so those stay unknown.
    """
    keeper = _Keeper()
    document = load_lock_yaml(path, text, {"packages": keeper, "snapshots": keeper})
    version = str(document.get("lockfileVersion") or "")
    if not version:
        raise ManifestError(path, "has no lockfileVersion")
    details = _nodes(keeper, document.get("packages"))
    nodes = _nodes(keeper, document.get("snapshots")) or details
    keeper.clear()
    keys = {key: key for key in nodes}
    imported = _mapping(document.get("importers")) or {".": document}
    importers = {
        _folder(name): _importer(_folder(name), item, keys)
        for name, item in imported.items()
        if isinstance(item, dict)
    }
    packages = {
        key: _package(key, node, details.get(_bare(key)) or node, keys)
        for key, node in nodes.items()
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


def _nodes(keeper: _Keeper, section: Any) -> Nodes:
    return {
        key: item if isinstance(item, _Node) else keeper(key, _mapping(item))
        for key, item in _mapping(section).items()
    }


def _mapping(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _folder(name: str) -> str:
    return "" if name == "." else posixpath.normpath(name)


def _local_key(folder: str) -> str:
    return f"link:{folder}"


def _bare(key: str) -> str:
    """A snapshot's key without its peers (version 9 keeps the details under it)."""
    return key.partition("(")[0] if not key.startswith("/") else key


def _importer(folder: str, item: dict[str, Any], keys: dict[str, str]) -> Importer:
    resolved: dict[str, str] = {}
    ranges = text_map(item.get("specifiers"))
    for group in _GROUPS:
        for name, value in _mapping(item.get(group)).items():
            reference = value
            if isinstance(value, dict):
                reference = value.get("version")
                ranges[name] = str(value.get("specifier", ""))
            key = _target(keys, name, reference, folder)
            if key is not None:
                resolved[name] = key
    production = {name for group in _GROUPS[:2] for name in _mapping(item.get(group))}
    return Importer(
        folder=folder, resolved=resolved, ranges=ranges, production=frozenset(production)
    )


def _target(keys: dict[str, str], name: str, reference: Any, folder: str) -> str | None:
    """The key that a resolved version stands for; ``link:`` leads to another importer."""
    if not isinstance(reference, str):
        return None
    if reference.startswith("link:"):
        target = posixpath.normpath(posixpath.join(folder, reference[5:]))
        return _local_key("" if target == "." else target)
    for key in (f"{name}@{reference}", f"/{name}@{reference}", f"/{name}/{reference}", reference):
        if key in keys:
            return keys[key]
    return None


def _package(key: str, node: _Node, facts: _Node, keys: dict[str, str]) -> LockedPackage:
    name, version = _identity(key)
    found: dict[str, str] = {}
    for dependency, reference in node.needs.items():
        target = _target(keys, dependency, reference, "")
        if target is not None:
            found[dependency] = target
    return LockedPackage(
        key=key,
        name=facts.name or name,
        version=facts.version or version,
        dependencies=found,
        deprecated=facts.deprecated,
        peers=facts.peers,
        node=facts.node,
    )


def _identity(key: str) -> tuple[str, str]:
    """Name and version of ``/n/1.0.0_peers`` (5), ``/n@1.0.0(peers)`` (6) or ``n@1.0.0(peers)``."""
    match = _VERSION_5.match(key) or _VERSION_6.match(key)
    return (match[1], match[2]) if match else (key, "")
