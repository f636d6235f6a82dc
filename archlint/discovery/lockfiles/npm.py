"""package-lock.json and npm-shrinkwrap.json, lockfileVersion 1 to 3."""

from __future__ import annotations

import posixpath
from typing import Any

import msgspec

from archlint.discovery.lockfiles.model import Importer, LockedPackage, Lockfile
from archlint.discovery.manifests.structured import decode_json_as, text_map
from archlint.model.errors import ManifestError

_MODULES = "node_modules/"


class _Entry(msgspec.Struct, gc=False):
    """The fields of a ``packages`` entry that are read; their types are checked on use."""

    name: Any = None
    version: Any = None
    resolved: Any = None
    link: Any = False
    dev: Any = False
    hasInstallScript: Any = False  # noqa: N815 - the format's own name
    deprecated: Any = None
    engines: Any = None
    bin: Any = None
    dependencies: Any = None
    devDependencies: Any = None  # noqa: N815 - the same
    optionalDependencies: Any = None  # noqa: N815 - the same
    peerDependencies: Any = None  # noqa: N815 - the same
    peerDependenciesMeta: Any = None  # noqa: N815 - the same


class _File(msgspec.Struct):
    lockfileVersion: Any = None  # noqa: N815 - the same
    packages: dict[str, _Entry] | None = None
    dependencies: msgspec.Raw = msgspec.Raw(b"null")


def parse_npm(path: str, text: str) -> Lockfile:
    """Read npm's lockfile, without version 2's legacy block; raises ManifestError."""
    file: _File = decode_json_as(path, text, _File)
    version = file.lockfileVersion
    if file.packages is not None:
        return _from_packages(path, f"npm-{version if version in (2, 3) else 3}", file.packages)
    if version not in (None, 1):
        raise ManifestError(path, f"has lockfileVersion {str(version)[:20]} but no packages")
    tree: Any = decode_json_as(path, bytes(file.dependencies).decode(), Any)
    return _from_tree(path, tree if isinstance(tree, dict) else {})


def _from_packages(path: str, form: str, entries: dict[str, _Entry]) -> Lockfile:
    packages: dict[str, LockedPackage] = {}
    importers: dict[str, Importer] = {}
    for location, entry in entries.items():
        if entry.link is True:
            _name_member(entries, location, entry)
            continue
        inside = _is_installed(location)
        wanted = _wanted(entry)
        if not inside:
            wanted.update(text_map(entry.devDependencies))
            importers[location] = _importer(entries, location, entry, wanted)
        if location or not inside:
            packages[location] = _package(entries, location, entry, wanted)
    return Lockfile(path=path, format=form, packages=packages, importers=importers)


def _name_member(entries: dict[str, _Entry], location: str, link: _Entry) -> None:
    """A workspace's entry may leave its name to the link in node_modules (which comes first)."""
    member = entries.get(link.resolved) if isinstance(link.resolved, str) else None
    if member is not None and member.name is None:
        member.name = _name_at(location)


def _is_installed(location: str) -> bool:
    return location.startswith(_MODULES) or "/node_modules/" in location


def _wanted(entry: _Entry) -> dict[str, str]:
    """What a package pulls in: dependencies, optional ones and peers that are not optional."""
    wanted = {**text_map(entry.optionalDependencies), **text_map(entry.dependencies)}
    optional = _optional_peers(entry)
    for name, wish in text_map(entry.peerDependencies).items():
        if name not in optional:
            wanted.setdefault(name, wish)
    return wanted


def _optional_peers(entry: _Entry) -> set[str]:
    meta = entry.peerDependenciesMeta
    if not isinstance(meta, dict):
        return set()
    return {n for n, m in meta.items() if isinstance(m, dict) and m.get("optional") is True}


def _installed_peers(entries: dict[str, _Entry], location: str, entry: _Entry) -> dict[str, str]:
    """Optional peers that npm installs for production: locked, and not for development only."""
    found: dict[str, str] = {}
    for name in _optional_peers(entry):
        key = _lookup(entries, location, name)
        if key is not None and entries[key].dev is not True:
            found[name] = key
    return found


def _importer(
    entries: dict[str, _Entry], location: str, entry: _Entry, wanted: dict[str, str]
) -> Importer:
    return Importer(
        folder=location,
        resolved=_resolve_all(entries, location, wanted),
        ranges={
            **text_map(entry.peerDependencies),
            **text_map(entry.devDependencies),
            **text_map(entry.optionalDependencies),
            **text_map(entry.dependencies),
        },
    )


def _package(
    entries: dict[str, _Entry], location: str, entry: _Entry, wanted: dict[str, str]
) -> LockedPackage:
    installed = _is_installed(location)
    return LockedPackage(
        key=location,
        name=entry.name if isinstance(entry.name, str) else _name_at(location),
        version=entry.version if isinstance(entry.version, str) else "",
        dependencies={
            **_installed_peers(entries, location, entry),
            **_resolve_all(entries, location, wanted),
        }
        if installed
        else {},
        local=None if installed else location,
        install_script=entry.hasInstallScript is True,
        deprecated=_notice(entry.deprecated),
        bins=_bins(entry.bin),
        peers=tuple(sorted(text_map(entry.peerDependencies))),
        node=text_map(entry.engines).get("node", ""),
    )


def _notice(value: Any) -> str:
    return value if isinstance(value, str) else "deprecated" if value is True else ""


def _bins(value: Any) -> tuple[str, ...]:
    return tuple(sorted(text_map(value)))


def _name_at(location: str) -> str:
    """``node_modules/a/node_modules/@b/c`` installs ``@b/c``."""
    return location.rpartition(_MODULES)[2] or location


def _resolve_all(
    entries: dict[str, _Entry], location: str, wanted: dict[str, str]
) -> dict[str, str]:
    found = ((name, _lookup(entries, location, name)) for name in wanted)
    return {name: key for name, key in found if key is not None}


def _lookup(entries: dict[str, _Entry], location: str, name: str) -> str | None:
    """Node's search: the folder's own node_modules, then every parent's; links are followed."""
    while True:
        candidate = f"{location}/{_MODULES}{name}" if location else _MODULES + name
        entry = entries.get(candidate)
        if entry is not None:
            if entry.link is True:
                target = entry.resolved if isinstance(entry.resolved, str) else ""
                target = posixpath.normpath(target) if target else ""
                return target if target in entries else None
            return candidate
        if not location:
            return None
        location = _parent(location)


def _parent(location: str) -> str:
    head, found, tail = location.rpartition(_MODULES)
    if found and tail.count("/") <= int(tail.startswith("@")):
        return head.rstrip("/")
    return posixpath.dirname(location)


def _from_tree(path: str, tree: dict[str, Any]) -> Lockfile:
    """Version 1: nested ``dependencies``, each with ``requires``; flattened to version 3's keys."""
    entries: dict[str, _Entry] = {"": _Entry()}
    aliases: dict[str, tuple[str, str]] = {}
    stack: list[tuple[str, dict[str, Any]]] = [("", tree)]
    while stack:
        parent, children = stack.pop()
        for name, item in children.items():
            if not isinstance(item, dict):
                continue
            location = f"{parent}/{_MODULES}{name}" if parent else _MODULES + name
            requires = text_map(item.get("requires"))
            entries[location] = _Entry(version=item.get("version"), dependencies=requires)
            aliases[location] = _alias(name, item.get("version"))
            nested = item.get("dependencies")
            if isinstance(nested, dict):
                stack.append((location, nested))
    packages = {
        key: LockedPackage(
            key=key,
            name=aliases[key][0],
            version=aliases[key][1],
            dependencies=_resolve_all(entries, key, entry.dependencies),
        )
        for key, entry in entries.items()
        if key
    }
    top = {name: _MODULES + name for name in tree if _MODULES + name in packages}
    importer = Importer(folder="", resolved=top, ranges=None)
    return Lockfile(path=path, format="npm-1", packages=packages, importers={"": importer})


def _alias(name: str, version: Any) -> tuple[str, str]:
    """Real name and version: version 1 writes an alias as ``npm:real@1.2.3``."""
    text = version if isinstance(version, str) else ""
    if text.startswith("npm:"):
        real, _, number = text[4:].rpartition("@")
        return (real or name), number
    return name, text
