"""The modules and globals that come with Node.js (and the globals of browsers)."""

from __future__ import annotations

from functools import cache

import msgspec

from archlint.knowledge.tables import table


class _Builtins(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    source: str
    version: str
    date: str
    prefix_only: frozenset[str]
    modules: frozenset[str]
    globals: frozenset[str]
    browser_globals: frozenset[str]
    other_globals: frozenset[str]
    collection_members: frozenset[str]


@cache
def _builtins() -> _Builtins:
    return table("node/builtin_modules.toml", _Builtins)


def builtin_module(specifier: str) -> str:
    """Canonical name of a built-in module (``fs`` -> ``node:fs``); "" for anything else.

    A slash at the end (``punycode/``) asks for the package of that name.
    """
    if specifier.startswith("node:"):
        return specifier
    table = _builtins()
    known = specifier in table.modules and specifier not in table.prefix_only
    return f"node:{specifier}" if known else ""


def is_global(name: str) -> bool:
    """Whether Node.js, a browser, another runtime or Meteor defines this global name."""
    table = _builtins()
    groups = (table.globals, table.browser_globals, table.other_globals)
    return any(name in group for group in groups)


def is_collection_member(name: str) -> bool:
    """Whether arrays, sets, maps and iterators have a member of this name of their own."""
    return name in _builtins().collection_members
