"""What calls into Node.js and its packages do: block the event loop, return promises.

Names are canonical: ``node:fs.readFileSync``, ``npm:ioredis().get``. The tables lie beside this
module: ``core.json`` (generated from Node's type definitions), ``costs.toml``, ``packages.toml``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache, lru_cache
from typing import Any

import msgspec

from archlint.knowledge.frameworks import expand
from archlint.knowledge.patterns import ONE_STEP, Names, head
from archlint.knowledge.tables import data, table
from archlint.model.pattern import lazy_regex

_PROMISED_MODULES = lazy_regex(r"^(node:(?:fs|dns|timers|stream|readline))\.promises(?=\.|$)")
HARMLESS = "harmless"


class Blocking(msgspec.Struct, frozen=True):
    """A call that holds the event loop: its cost class, and what to call in its place.

    ``cost``: cheap-stat, file-read, file-write, process-spawn, key-derivation, compression,
    computation, database or wait. ``twin`` is "" when there is no asynchronous form (structural
    blocking: the work belongs in a worker).
    """

    name: str
    cost: str
    twin: str


class _Core(msgspec.Struct):
    source: str
    version: str
    date: str
    promises: frozenset[str]
    sync: dict[str, str]


class Package(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """What one package's calls do; see the head of packages.toml."""

    name: str
    version: str
    source: str
    promises: tuple[str, ...] = ()
    plain: tuple[str, ...] = ()
    lazy: tuple[str, ...] = ()
    chain: tuple[str, ...] = ()
    cannot_reject: tuple[str, ...] = ()
    bounds: tuple[str, ...] = ()
    hybrid: bool = False
    alias: dict[str, tuple[str, ...]] = {}
    blocking: dict[str, dict[str, str]] = {}


class _Packages(msgspec.Struct, forbid_unknown_fields=True):
    date: str
    package: tuple[Package, ...]


@cache
def core() -> _Core:
    """Node's own API as its type definitions have it."""
    return msgspec.json.decode(data("node/core.json"), type=_Core)


@cache
def packages() -> tuple[Package, ...]:
    """The table of packages."""
    return table("node/packages.toml", _Packages).package


def _names(patterns: Iterable[str]) -> Names:
    """A set of canonical names in which ``*`` stands for one member."""
    return Names(patterns, ONE_STEP)


@cache
def _aliases() -> dict[str, list[tuple[str, str]]]:
    """Module -> the spellings of its names, the longest first, and the names they stand for."""
    found: dict[str, list[tuple[str, str]]] = {}
    for package in packages():
        for name, spellings in package.alias.items():
            for spelling in (s for pattern in spellings for s in expand(pattern)):
                found.setdefault(head(spelling), []).append((spelling, name))
    for pairs in found.values():
        pairs.sort(key=lambda pair: -len(pair[0]))
    return found


@lru_cache(maxsize=20_000)
def plain_name(name: str) -> str:
    """The name by which the tables know a canonical name: aliases and interop resolved."""
    if name.startswith("node:"):
        name = _PROMISED_MODULES.sub(r"\1/promises", name)
    for _ in range(3):
        for spelling, known in _aliases().get(head(name), ()):
            if name.startswith(spelling) and _is_whole(name, spelling):
                name = known + name[len(spelling) :]
                break
        else:
            break
    return name


def _is_whole(name: str, prefix: str) -> bool:
    """Whether a name's beginning ends where one of its steps does."""
    return name[len(prefix) :][:1] in {"", "."} or prefix.endswith(("()", "~"))


@cache
def _blocking() -> dict[str, Blocking]:
    known: dict[str, Blocking] = {}
    for cost, patterns in table("node/costs.toml", dict[str, Any]).items():
        for pattern in patterns if isinstance(patterns, list) else ():
            for name in expand(pattern):
                known[name] = Blocking(name, cost, core().sync.get(name, ""))
    for package in packages():
        for cost, calls in package.blocking.items():
            for pattern, twin in calls.items():
                for name in expand(pattern):
                    known[name] = Blocking(name, cost, twin)
    return known


@cache
def blocking_modules() -> frozenset[str]:
    """The modules of which ``blocking`` knows calls."""
    return frozenset(map(head, _blocking())) | frozenset(_aliases())


@lru_cache(maxsize=65_536)
def blocking(name: str) -> Blocking | None:
    """What a call of ``name`` costs the event loop; None when it costs nothing worth saying."""
    found = _blocking().get(name) or _blocking().get(plain_name(name))
    return found if found is not None and found.cost != HARMLESS else None


@cache
def _promises() -> Names:
    return _names([*core().promises, *(p for package in packages() for p in package.promises)])


@cache
def _plain() -> Names:
    return _names(p for package in packages() for p in package.plain)


@cache
def _lazy() -> Names:
    return _names(p for package in packages() for p in package.lazy)


@cache
def _settled() -> Names:
    return _names(
        [*(p for package in packages() for p in package.cannot_reject), "node:timers/promises.*"]
    )


@cache
def _bounds() -> Names:
    return _names(p for package in packages() for p in package.bounds)


@lru_cache(maxsize=20_000)
def returns_promise(name: str) -> bool:
    """Whether a call of ``name`` returns a promise."""
    plain = plain_name(name)
    return plain in _promises() and plain not in _plain()


@lru_cache(maxsize=20_000)
def is_lazy(name: str) -> bool:
    """Whether the value ``name`` (a call's result, ending in ``()``) starts only when awaited."""
    return plain_name(name) in _lazy()


@cache
def _hybrids() -> frozenset[str]:
    return frozenset(f"npm:{package.name}" for package in packages() if package.hybrid)


def is_hybrid(name: str) -> bool:
    """Whether calls of the package return a promise only when they are given no callback."""
    plain = plain_name(name)
    match = re.match(r"npm:(?:@[^/]+/)?[^/.()~]+", plain)
    return match is not None and match.group() in _hybrids()


def cannot_reject(name: str) -> bool:
    """Whether the promise that a call of ``name`` returns never rejects."""
    return plain_name(name) in _settled()


def bounds_concurrency(name: str) -> bool:
    """Whether ``name`` runs what it is given only so many at a time."""
    return plain_name(name) in _bounds()
