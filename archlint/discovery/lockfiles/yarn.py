"""yarn.lock of yarn 1: a small line grammar of its own."""

from __future__ import annotations

import msgspec

from archlint.discovery.lockfiles.model import (
    LockedPackage,
    Lockfile,
    add_sole_patterns,
    find_pattern,
    lines_of,
    real_name,
    split_pattern,
)
from archlint.model.errors import ManifestError
from archlint.model.pattern import lazy_regex

_WORD = lazy_regex(r'"((?:[^"\\]|\\.)*)"|([^\s",:][^\s,]*)')
_DEPENDENCY_BLOCKS = frozenset({"dependencies", "optionalDependencies"})


class _Entry(msgspec.Struct):
    patterns: list[str]
    version: str = ""
    wanted: dict[str, str] = msgspec.field(default_factory=dict)


def parse_yarn(path: str, text: str) -> Lockfile:
    """Read yarn 1's lockfile; raises ManifestError when a line fits nowhere."""
    patterns: dict[str, str] = {}
    keys: list[tuple[str, _Entry]] = []
    taken: set[str] = set()
    for entry in _entries(path, text):
        name = real_name(*split_pattern(entry.patterns[0]))
        key = f"{name}@{entry.version}"
        while key in taken:
            key += "'"
        taken.add(key)
        keys.append((key, entry))
        patterns.update(dict.fromkeys(entry.patterns, key))
    add_sole_patterns(patterns)
    packages: dict[str, LockedPackage] = {}
    keys.reverse()
    while keys:  # what an entry wants is not needed when it is resolved
        key, entry = keys.pop()
        found = {name: find_pattern(patterns, name, want) for name, want in entry.wanted.items()}
        packages[key] = LockedPackage(
            key=key,
            name=real_name(*split_pattern(entry.patterns[0])),
            version=entry.version,
            dependencies={name: target for name, target in found.items() if target is not None},
        )
    return Lockfile(path=path, format="yarn-1", packages=packages, patterns=patterns)


def _entries(path: str, text: str) -> list[_Entry]:
    entries: list[_Entry] = []
    block = ""
    known: dict[str, str] = {}
    for number, line in enumerate(lines_of(text), 1):
        body = line.lstrip(" ")
        if not body or body[0] == "#":
            continue
        indent = len(line) - len(body)
        if indent == 0:
            entries.append(_Entry(_header(path, number, body)))
            block = ""
        elif not entries:
            raise ManifestError(path, f"is no yarn lockfile: line {number} stands outside an entry")
        elif indent == 2:
            block = body.rstrip()[:-1] if body.rstrip().endswith(":") else ""
            if not block and body.startswith("version "):
                entries[-1].version = _words(body)[-1]
        elif block in _DEPENDENCY_BLOCKS:
            words = _words(body)
            if len(words) == 2:
                name, wish = (known.setdefault(word, word) for word in words)
                entries[-1].wanted[name] = wish
    return entries


def _header(path: str, number: int, body: str) -> list[str]:
    if not body.rstrip().endswith(":"):
        raise ManifestError(path, f"is no yarn lockfile: line {number} is no entry")
    found = [part.strip().strip('"') for part in body.rstrip()[:-1].split(", ")]
    if not all(found):
        raise ManifestError(path, f"is no yarn lockfile: line {number} names no package")
    return found


def _words(body: str) -> list[str]:
    return [quoted or plain for quoted, plain in _WORD.findall(body)]
