"""yarn.lock of yarn 2 and later: YAML whose keys are lists of descriptors."""

from __future__ import annotations

from typing import Any

from archlint.discovery.lockfiles.model import (
    Importer,
    LockedPackage,
    Lockfile,
    add_sole_patterns,
    find_pattern,
    split_pattern,
)
from archlint.discovery.lockfiles.yaml_subset import load_lock_yaml
from archlint.discovery.manifests.structured import text_map
from archlint.model.errors import ManifestError


def parse_berry(path: str, text: str) -> Lockfile:
    """Read berry's lockfile; raises ManifestError.

    The entry of a workspace merges its dependencies and devDependencies: the split is in its
    package.json. Peers are not resolved by the format.
    """
    document = load_lock_yaml(path, text)
    entries = {k: v for k, v in document.items() if isinstance(v, dict) and k != "__metadata"}
    version = text_map(document.get("__metadata")).get("version", "")
    patterns: dict[str, str] = {}
    for header, entry in entries.items():
        key = str(entry.get("resolution") or header)
        patterns.update(dict.fromkeys(header.split(", "), key))
    for pattern in list(patterns):
        _add_patched(patterns, pattern)
    add_sole_patterns(patterns)
    packages: dict[str, LockedPackage] = {}
    importers: dict[str, Importer] = {}
    for header, entry in entries.items():
        package = _package(patterns, str(entry.get("resolution") or header), entry)
        packages[package.key] = package
        if package.local is not None:
            ranges = {**text_map(entry.get("peerDependencies")), **_wanted(entry)}
            importers[package.local] = Importer(
                folder=package.local, resolved=_resolve(patterns, entry), ranges=ranges
            )
    if not packages:
        raise ManifestError(path, "holds no package")
    return Lockfile(
        path=path,
        format=f"berry-{version}",
        packages=packages,
        importers=importers,
        patterns=patterns,
    )


def _add_patched(patterns: dict[str, str], pattern: str) -> None:
    """``x@patch:x@npm%3A^1#...`` is what a plain ``x@^1`` gets from yarn's own patches."""
    name, wanted = split_pattern(pattern)
    if not wanted.startswith("patch:") or "builtin<" not in wanted:
        return
    source = split_pattern(wanted[6:].partition("#")[0])[1].replace("%3A", ":").replace("%3a", ":")
    patterns[f"{name}@{source}"] = patterns[pattern]
    patterns[f"{name}@npm:{source.removeprefix('npm:')}"] = patterns[pattern]


def _wanted(entry: dict[str, Any]) -> dict[str, str]:
    return {
        **text_map(entry.get("optionalDependencies")),
        **text_map(entry.get("dependencies")),
    }


def _resolve(patterns: dict[str, str], entry: dict[str, Any]) -> dict[str, str]:
    found = ((name, find_pattern(patterns, name, want)) for name, want in _wanted(entry).items())
    return {name: key for name, key in found if key is not None}


def _package(patterns: dict[str, str], key: str, entry: dict[str, Any]) -> LockedPackage:
    name, reference = split_pattern(key)
    local = None
    if reference.startswith("workspace:"):
        local = reference.removeprefix("workspace:")
        local = "" if local == "." else local
    dependencies = {} if local is not None else _resolve(patterns, entry)
    if reference.startswith("patch:"):
        source = split_pattern(reference[6:].partition("#")[0])[1].replace("%3A", ":")
        original = f"{name}@{source}"
        if original in patterns.values():
            dependencies = {**dependencies, f"{name} (unpatched)": original}
    return LockedPackage(
        key=key,
        name=name,
        version=str(entry.get("version") or ""),
        dependencies=dependencies,
        local=local,
        bins=tuple(sorted(text_map(entry.get("bin")))),
        peers=tuple(sorted(text_map(entry.get("peerDependencies")))),
    )
