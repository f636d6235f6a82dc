"""Where errors of Node.js programs start, end and get lost: the tables of errors.toml."""

from __future__ import annotations

from functools import cache

import msgspec

from archlint.knowledge.node import plain_name
from archlint.knowledge.patterns import Groups, Names
from archlint.knowledge.tables import table


class Drop(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Calls that take handlers and drop the promises they return.

    ``below`` is the first major version of ``package`` that no longer does (0: all do);
    ``patches`` are packages that mend it when they are loaded.
    """

    callee: tuple[str, ...]
    what: str
    remedy: str
    package: str = ""
    below: int = 0
    first: int = 0
    patches: tuple[str, ...] = ()


class _Tables(msgspec.Struct, forbid_unknown_fields=True):
    source: str
    version: str
    date: str
    throws: tuple[str, ...]
    harmless_methods: frozenset[str]
    callbacks: frozenset[str]
    emitters: dict[str, tuple[str, ...]]
    drops: tuple[Drop, ...]


@cache
def _tables() -> _Tables:
    return table("node/errors.toml", _Tables)


@cache
def _throws() -> Names:
    return Names(_tables().throws)


def throws(name: str) -> bool:
    """Whether a call of the canonical ``name`` is known to throw on bad input or state."""
    return name in _throws() or plain_name(name) in _throws()


def is_harmless_method(name: str) -> bool:
    """Whether a method of this name (a logger's, a response's) does not throw, whatever has it."""
    return name in _tables().harmless_methods


def reports_errors(name: str) -> bool:
    """Whether a parameter of this name is a callback that is told of errors."""
    return name in _tables().callbacks


@cache
def _emitters() -> Groups[str]:
    return Groups((kind, Names(names)) for kind, names in _tables().emitters.items())


def emitter_modules() -> frozenset[str]:
    """The modules that make what ``emitter`` knows."""
    return _emitters().heads()


def emitter(name: str) -> str:
    """What a call of ``name`` makes that dies of an unheard 'error' event ("" for nothing)."""
    return _emitters().find(name) or ""


@cache
def _drops() -> Groups[Drop]:
    return Groups((drop, Names(drop.callee)) for drop in _tables().drops)


def drop_modules() -> frozenset[str]:
    """The modules that ``drop`` knows."""
    return _drops().heads()


def drop(name: str) -> Drop | None:
    """Who drops the promises of the handlers that a call of ``name`` takes."""
    return _drops().find(name)
