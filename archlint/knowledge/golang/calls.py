"""Calls that Go's rules ask about: names with a common property, and what to use instead."""

from __future__ import annotations

from functools import cache
from typing import Any

from archlint.knowledge.tables import table


@cache
def _tables() -> dict[str, Any]:
    return table("golang/calls.toml", dict[str, Any])


@cache
def names(group: str) -> frozenset[str]:
    """The canonical names of a group (``waits``, ``fatal``, ...)."""
    return frozenset(_tables()[group]["names"])


@cache
def mapping(group: str) -> dict[str, str]:
    """A group that says something of each name (``contextless``, ``carries_context``)."""
    found: dict[str, str] = dict(_tables()[group])
    return found


@cache
def last_parts(group: str) -> tuple[str, ...]:
    """What the group's names end in, sorted: how call sites are found before they are resolved."""
    members = _tables()[group]
    found = members.get("names") or list(members)
    return tuple(sorted({name.rpartition(".")[2] for name in found}))
