"""What a dropped error means, by canonical name: errors.toml, checked and compiled."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache

import msgspec

from archlint.knowledge.tables import table


class ErrorTable(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The lists of errors.toml; names are canonical, ``*`` stands for any text."""

    source: str
    version: str
    date: str
    excluded: tuple[str, ...]
    print_functions: frozenset[str]
    print_buffers: frozenset[str]
    hidden: tuple[str, ...]
    note: tuple[str, ...]
    commits: tuple[str, ...]
    finishers: frozenset[str]
    writers: frozenset[str]
    creators: frozenset[str]
    openers: frozenset[str]
    write_flags: frozenset[str]
    devices: tuple[str, ...]
    responses: frozenset[str]
    transient: frozenset[str]


@cache
def error_table() -> ErrorTable:
    """The packaged table."""
    return table("golang/errors.toml", ErrorTable)


def matcher(patterns: tuple[str, ...]) -> Callable[[str], bool]:
    """A predicate: whether a canonical name matches one of the patterns."""
    exact = frozenset(pattern for pattern in patterns if "*" not in pattern)
    parts = [re.escape(p).replace(r"\*", ".*") for p in patterns if p not in exact]
    compiled = re.compile("|".join(parts) or r"(?!)")
    return lambda name: name in exact or compiled.fullmatch(name) is not None
