"""The tree of a regular expression."""

from __future__ import annotations

from typing import TypeAlias

import msgspec

from archlint.regex.charset import Ranges


class Char(msgspec.Struct, frozen=True):
    """One character of a set."""

    chars: Ranges


class Seq(msgspec.Struct, frozen=True):
    """Items one after the other; empty matches the empty string."""

    items: tuple[Tree, ...]


class Alt(msgspec.Struct, frozen=True):
    """One of several."""

    options: tuple[Tree, ...]


class Repeat(msgspec.Struct, frozen=True):
    """``low`` to ``high`` times (None: without end)."""

    item: Tree
    low: int
    high: int | None
    greedy: bool


class Group(msgspec.Struct, frozen=True):
    """A capturing group, numbered from 1."""

    item: Tree
    index: int


class Anchor(msgspec.Struct, frozen=True):
    """``kind``: start, end, line-start, line-end, word or not-word."""

    kind: str


class Look(msgspec.Struct, frozen=True):
    """Lookahead or lookbehind."""

    item: Tree
    ahead: bool
    negated: bool


class Backref(msgspec.Struct, frozen=True):
    """What a group matched; ``ref`` is its number or name."""

    ref: int | str


Tree: TypeAlias = Char | Seq | Alt | Repeat | Group | Anchor | Look | Backref


class Parsed(msgspec.Struct):
    """A parsed expression with its flags."""

    tree: Tree
    flags: str
    groups: int
    names: dict[str, int]
