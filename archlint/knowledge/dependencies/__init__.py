"""What is known about packages: replacements, native addons, implicit use, tools, singletons.

Every table is a data file beside this module that says where its facts come from.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

import msgspec

from archlint.knowledge.tables import data, table
from archlint.model.pattern import lazy_regex

_PLATFORM = lazy_regex(r"[-.](?:linux|darwin|win32)[-.](?:x64|arm64)(?:[-.](?:gnu|musl|msvc))?$")


class _Table(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Base of the tables: where the facts come from."""

    source: str
    version: str
    date: str


class Replacement(msgspec.Struct, frozen=True, kw_only=True):
    """What to use in place of a package; ``node`` is the first version that has it ("" unknown)."""

    use: str
    node: str = ""
    url: str = ""


class Replacements(_Table, frozen=True, kw_only=True):
    """The npm package module-replacements: what the platform has by now, and lighter packages."""

    license: str
    native: dict[str, Replacement]
    micro: dict[str, Replacement]
    preferred: dict[str, Replacement]


class _Gaps(_Table, frozen=True, kw_only=True):
    packages: dict[str, str]


class GoReplacement(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A Go module that the standard library replaces since ``go``; ``note`` says what it lacks."""

    module: str
    use: str
    go: str
    note: str = ""


class _GoReplacements(_Table, frozen=True, kw_only=True):
    modules: tuple[GoReplacement, ...]


class _Native(_Table, frozen=True, kw_only=True):
    loaders: frozenset[str]
    addons: frozenset[str]
    programs: frozenset[str]
    cgo: dict[str, str]


class Implicit(_Table, frozen=True, kw_only=True):
    """Uses that no import shows.

    ``loaded_by``: package -> packages that load it by name when it is installed;
    ``loaded_by_prefix``: the same for all names that begin so; ``provided_by``: module -> packages
    that answer imports of it themselves. ``always``: what
    a runtime, compiler or bundler needs without any mention. ``shorthands``: prefixes (suffixes
    with a leading hyphen) that configuration files leave out.
    ``binaries``: package -> commands that it installs. ``tools``: packages that only develop,
    build or test. ``view_engines``: engines that Express and its like load by a setting.
    ``runtime_modules``: what other runtimes than Node.js answer themselves.
    ``hosts``: packages that what imports them runs inside of. ``system_commands``: what scripts
    call that no package installs.
    """

    loaded_by: dict[str, tuple[str, ...]]
    loaded_by_prefix: dict[str, tuple[str, ...]]
    provided_by: dict[str, tuple[str, ...]]
    always: frozenset[str]
    shorthands: tuple[str, ...]
    binaries: dict[str, tuple[str, ...]]
    tools: frozenset[str]
    tool_prefixes: tuple[str, ...]
    view_engines: frozenset[str]
    hosts: frozenset[str]
    runtime_modules: frozenset[str]
    system_commands: frozenset[str]

    def hosts_of(self, name: str) -> tuple[str, ...]:
        """The packages that load ``name`` when it is installed."""
        prefixes = (p for p in self.loaded_by_prefix if name.startswith(p))
        by_prefix = (host for prefix in prefixes for host in self.loaded_by_prefix[prefix])
        return (*self.loaded_by.get(name, ()), *by_prefix)


class _Singletons(_Table, frozen=True, kw_only=True):
    packages: dict[str, str]


@cache
def replacements() -> Replacements:
    """The snapshot of module-replacements."""
    return msgspec.json.decode(data("dependencies/replacements.json"), type=Replacements)


@cache
def replacement_gaps() -> dict[str, str]:
    """Packages whose replacement does only a part of what they do -> what it lacks."""
    return table("dependencies/replacement_gaps.toml", _Gaps).packages


@cache
def go_replacements() -> dict[str, GoReplacement]:
    """Go modules that the standard library replaces, by module path."""
    modules = table("dependencies/go_replacements.toml", _GoReplacements).modules
    return {item.module: item for item in modules}


@cache
def _native() -> _Native:
    return table("dependencies/native.toml", _Native)


@cache
def implicit() -> Implicit:
    """Packages that are used without being imported."""
    return table("dependencies/implicit.toml", Implicit)


@cache
def singletons() -> dict[str, str]:
    """Packages that break when two versions are loaded -> what breaks."""
    return table("dependencies/singletons.toml", _Singletons).packages


def is_native_addon(name: str, dependencies: Iterable[str]) -> bool:
    """Whether an npm package loads compiled code into the process.

    By name, by what it depends on (the loaders of addons), or by packages per platform; a package
    that only ships a program, or says that it is WebAssembly, is none.
    """
    known = _native()
    if name in known.programs or "wasm" in name:
        return False
    if name in known.addons:
        return True
    names = list(dependencies)
    if any(dependency in known.loaders for dependency in names):
        return name not in known.loaders
    return sum(1 for dependency in names if _PLATFORM.search(dependency)) >= 2


def cgo_modules() -> dict[str, str]:
    """Go modules that need cgo -> what for."""
    return _native().cgo


def package_of(specifier: str) -> str:
    """The package that an import specifier names: ``@a/b/c`` -> ``@a/b``; "" for none."""
    bare = specifier.partition("?")[0].partition("!")[0]
    parts = bare.split("/")
    if bare.startswith("@"):
        return "/".join(parts[:2]) if len(parts) > 1 and parts[1] and len(parts[0]) > 1 else ""
    first = parts[0]
    return "" if first in {"", ".", "..", "~"} or first[0] in "#/.\\" or ":" in first else first
