"""What every lockfile is read to; what a format does not carry is None."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

_CHUNK = 1_000_000


class LockedPackage(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One installed package; ``key`` names it within its lockfile.

    ``dependencies`` maps the name as required to the key that it resolved to; what did not
    resolve (a skipped optional, an absent peer) is left out. ``local`` is the folder of a workspace
    package, relative to the lockfile (None for others). ``deprecated`` is the notice, "" for none.
    """

    key: str
    name: str
    version: str
    dependencies: dict[str, str] = {}
    local: str | None = None
    install_script: bool | None = None
    deprecated: str | None = None
    bins: tuple[str, ...] | None = None
    peers: tuple[str, ...] | None = None
    node: str | None = None


class Importer(msgspec.Struct, frozen=True, kw_only=True):
    """What a lockfile records about one package.json; ``folder`` is relative to the lockfile.

    ``resolved`` maps each direct dependency to its key, ``ranges`` to the range as it was when the
    file was written (None where the format does not keep it). ``production`` are the names that
    the format itself counts as production, peers that it installs included (None: package.json).
    """

    folder: str
    resolved: dict[str, str] = {}
    ranges: dict[str, str] | None = None
    production: frozenset[str] | None = None


class Lockfile(msgspec.Struct, frozen=True, kw_only=True):
    """A lockfile: ``format`` is npm-1, npm-2, npm-3, yarn-1, berry-N, pnpm-N or bun-N.

    ``patterns`` maps ``name@range`` to a key where the format resolves ranges rather than folders;
    ``overrides`` are the selectors of the versions that were forced, where the format keeps them.
    """

    path: str
    format: str
    packages: dict[str, LockedPackage] = {}
    importers: dict[str, Importer] = {}
    patterns: dict[str, str] = {}
    overrides: tuple[str, ...] = ()

    @property
    def manager(self) -> str:
        """npm, yarn, pnpm or bun."""
        name = self.format.partition("-")[0]
        return "yarn" if name == "berry" else name

    def resolve(self, folder: str, name: str, wanted: str) -> str | None:
        """The key that a package.json in ``folder`` gets for ``name`` at range ``wanted``."""
        importer = self.importers.get(folder)
        if importer is not None and name in importer.resolved:
            return importer.resolved[name]
        return find_pattern(self.patterns, name, wanted)


def lines_of(text: str) -> Iterator[str]:
    """The lines of a text, split piece by piece: all of them at once take twice its memory."""
    at = 0
    while at < len(text):
        end = text.find("\n", at + _CHUNK) + 1 or len(text)
        yield from text[at:end].splitlines()
        at = end


def find_pattern(patterns: dict[str, str], name: str, wanted: str) -> str | None:
    """The key of ``name@wanted``; ``resolutions`` rewrite ranges, so ``name@*`` marks the only one.

    Parsers add ``name@`` (an empty range) for a name with exactly one entry.
    """
    for pattern in (f"{name}@{wanted}", f"{name}@npm:{wanted}", f"{name}@"):
        if pattern in patterns:
            return patterns[pattern]
    return None


def split_pattern(pattern: str) -> tuple[str, str]:
    """``@scope/name@range`` as its two parts."""
    at = pattern.find("@", 1)
    return (pattern, "") if at < 0 else (pattern[:at], pattern[at + 1 :])


def real_name(name: str, wanted: str) -> str:
    """The package that an alias ``x@npm:y@r`` installs, else ``name``."""
    if wanted.startswith("npm:"):
        target, version = split_pattern(wanted[4:])
        if version or target.startswith("@"):
            return target
    return name


def add_sole_patterns(patterns: dict[str, str]) -> None:
    """Add ``name@`` for every name all of whose ranges resolve to one key."""
    sole: dict[str, str | None] = {}
    for pattern, key in patterns.items():
        name = split_pattern(pattern)[0]
        sole[name] = key if sole.get(name, key) == key else None
    patterns.update({f"{name}@": key for name, key in sole.items() if key is not None})
