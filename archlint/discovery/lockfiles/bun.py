"""bun.lock: JSON with comments whose package keys are paths of names."""

from __future__ import annotations

from typing import Any

from archlint.discovery.lockfiles.model import Importer, LockedPackage, Lockfile, split_pattern
from archlint.discovery.manifests.structured import decode_jsonc, text_list, text_map
from archlint.model.errors import ManifestError

_GROUPS = ("peerDependencies", "devDependencies", "optionalDependencies", "dependencies")


def parse_bun(path: str, text: str) -> Lockfile:
    """Read bun's text lockfile, lockfileVersion 0 and later; raises ManifestError."""
    document = decode_jsonc(path, text)
    if not isinstance(document, dict) or not isinstance(document.get("packages"), dict):
        raise ManifestError(path, "holds no packages")
    entries: dict[str, list[Any]] = {
        key: value
        for key, value in document.pop("packages").items()
        if isinstance(value, list) and value and isinstance(value[0], str)
    }
    keys = {key: key for key in entries}
    packages = {key: _package(keys, key, entries.pop(key)) for key in keys}
    workspaces = document.get("workspaces")
    importers: dict[str, Importer] = {}
    for folder, item in workspaces.items() if isinstance(workspaces, dict) else ():
        if isinstance(item, dict):
            importers[folder] = _importer(keys, folder, item)
    version = document.get("lockfileVersion")
    number = version if isinstance(version, int) else 0
    return Lockfile(path=path, format=f"bun-{number}", packages=packages, importers=importers)


def _importer(keys: dict[str, str], folder: str, item: dict[str, Any]) -> Importer:
    ranges: dict[str, str] = {}
    for group in _GROUPS:
        ranges.update(text_map(item.get(group)))
    own = item.get("name") if folder and isinstance(item.get("name"), str) else ""
    found = ((name, _lookup(keys, str(own), name)) for name in ranges)
    resolved = {name: key for name, key in found if key is not None}
    return Importer(folder=folder, resolved=resolved, ranges=ranges)


def _package(keys: dict[str, str], key: str, value: list[Any]) -> LockedPackage:
    name, version = split_pattern(value[0])
    facts: dict[str, Any] = next((item for item in value[1:] if isinstance(item, dict)), {})
    optional = set(text_list(facts.get("optionalPeers")))
    peers = text_map(facts.get("peerDependencies"))
    wanted = {
        **{peer: wish for peer, wish in peers.items() if peer not in optional},
        **text_map(facts.get("optionalDependencies")),
        **text_map(facts.get("dependencies")),
    }
    local = None
    if version.startswith("workspace:"):
        local = version.removeprefix("workspace:")
    found = ((dependency, _lookup(keys, key, dependency)) for dependency in wanted)
    return LockedPackage(
        key=key,
        name=name,
        version="" if local is not None else version.removeprefix("npm:"),
        dependencies={} if local is not None else {n: k for n, k in found if k is not None},
        local=local,
        bins=tuple(sorted(text_map(facts.get("bin")))),
        peers=tuple(sorted(peers)),
    )


def _lookup(keys: dict[str, str], key: str, name: str) -> str | None:
    """From the most deeply nested place outwards; a scoped name takes two segments."""
    while key:
        found = keys.get(f"{key}/{name}")
        if found is not None:
            return found
        key = _parent(key)
    return keys.get(name)


def _parent(key: str) -> str:
    head, _, last = key.rpartition("/")
    above, _, scope = head.rpartition("/")
    return above if scope.startswith("@") and last else head
