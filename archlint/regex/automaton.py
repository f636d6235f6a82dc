"""An expression's position automaton, with the number of ways from position to position.

A state is an occurrence of a character set; a transition reads a character of its target's set.
How often two positions follow each other is kept (one, or several ways): a backtracking matcher
tries each way. Assertions, lookaround and back-references are taken as empty, long counts as
unbounded: the automaton may do more than the expression, so what it shows has to be verified.
"""

from __future__ import annotations

import msgspec

from archlint.regex.charset import EVERYTHING, Ranges
from archlint.regex.tree import Alt, Anchor, Char, Group, Parsed, Repeat, Seq, Tree

MAX_POSITIONS = 250
_LONG = 8
"""Counts above this are taken as unbounded."""

Ways = dict[int, int]


class TooLarge(Exception):  # noqa: N818 (told and handled, no mistake)
    """The automaton would have too many positions."""


class Automaton(msgspec.Struct):
    """``sets`` by position; ``follow``: position -> next position -> ways (1, or 2 for more)."""

    sets: list[Ranges] = msgspec.field(default_factory=list)
    follow: list[Ways] = msgspec.field(default_factory=list)
    first: Ways = msgspec.field(default_factory=dict)
    last: Ways = msgspec.field(default_factory=dict)
    masks: list[int] = msgspec.field(default_factory=list)
    symbols: list[str] = msgspec.field(default_factory=list)
    """Position -> bit mask over ``symbols``, one character for each class of characters."""
    searching: bool = False
    """Whether position 0 skips the text before a match."""


class _Part(msgspec.Struct):
    first: Ways
    last: Ways
    empty: int


def build(parsed: Parsed) -> Automaton:
    """The automaton of an expression as ``test`` or ``exec`` apply it; raises TooLarge."""
    automaton = Automaton()
    searching = not is_anchored(parsed.tree) and "y" not in parsed.flags
    if searching:
        _position(automaton, EVERYTHING)
        automaton.follow[0][0] = 1
    part = _part(automaton, parsed.tree)
    automaton.first, automaton.last = dict(part.first), part.last
    if searching:
        _add(automaton.follow[0], part.first)
        automaton.first[0] = 1
        automaton.searching = True
    _number_symbols(automaton, "\n" if "m" in parsed.flags else "")
    return automaton


def is_anchored(tree: Tree) -> bool:
    """Whether a match can only begin where the text begins."""
    if isinstance(tree, Anchor):
        return tree.kind == "start"
    if isinstance(tree, Seq):
        return any(is_anchored(item) for item in tree.items[:1])
    if isinstance(tree, Alt):
        return all(is_anchored(option) for option in tree.options)
    return isinstance(tree, Group) and is_anchored(tree.item)


def _position(automaton: Automaton, chars: Ranges) -> int:
    if len(automaton.sets) >= MAX_POSITIONS:
        raise TooLarge
    automaton.sets.append(chars)
    automaton.follow.append({})
    return len(automaton.sets) - 1


def _add(ways: Ways, more: Ways, times: int = 1) -> None:
    for position, count in more.items() if times else ():
        ways[position] = min(2, ways.get(position, 0) + count * times)


def _link(automaton: Automaton, last: Ways, first: Ways) -> None:
    for position, count in last.items():
        _add(automaton.follow[position], first, count)


def _part(automaton: Automaton, tree: Tree) -> _Part:
    if isinstance(tree, Char):
        if not tree.chars:
            return _Part({}, {}, 0)
        position = _position(automaton, tree.chars)
        return _Part({position: 1}, {position: 1}, 0)
    if isinstance(tree, Seq):
        return _sequence(automaton, tree.items)
    if isinstance(tree, Alt):
        whole = _Part({}, {}, 0)
        for option in tree.options:
            part = _part(automaton, option)
            _add(whole.first, part.first)
            _add(whole.last, part.last)
            whole.empty = min(2, whole.empty + part.empty)
        return whole
    if isinstance(tree, Repeat):
        return _repeat(automaton, tree)
    if isinstance(tree, Group):
        return _part(automaton, tree.item)
    return _Part({}, {}, 1)


def _sequence(automaton: Automaton, items: tuple[Tree, ...]) -> _Part:
    whole = _Part({}, {}, 1)
    for item in items:
        whole = _joined(automaton, whole, _part(automaton, item))
    return whole


def _joined(automaton: Automaton, left: _Part, right: _Part) -> _Part:
    _link(automaton, left.last, right.first)
    first, last = dict(left.first), dict(right.last)
    _add(first, right.first, left.empty)
    _add(last, left.last, right.empty)
    return _Part(first, last, min(2, left.empty * right.empty))


def _repeat(automaton: Automaton, tree: Repeat) -> _Part:
    """Copies for what must be there and for what may be; a loop for an open end."""
    endless = tree.high is None or tree.high > _LONG
    whole = _Part({}, {}, 1)
    required = min(tree.low, _LONG)
    for _ in range(max(0, required - 1) if endless else required):
        whole = _joined(automaton, whole, _part(automaton, tree.item))
    if endless:
        loop = _part(automaton, tree.item)
        _link(automaton, loop.last, loop.first)
        if tree.low == 0:
            loop.empty = 1
        return _joined(automaton, whole, loop)
    optional = _Part({}, {}, 1)
    for _ in range((tree.high or 0) - required):
        optional = _joined(automaton, _part(automaton, tree.item), optional)
        optional.empty = 1
    return _joined(automaton, whole, optional)


def _number_symbols(automaton: Automaton, preferred: str) -> None:
    """Split all characters into classes that no set tells apart, one character for each."""
    edges = sorted(
        {e for ranges in automaton.sets for low, high in ranges for e in (low, high + 1)}
    )
    edges = sorted({*edges, *map(ord, preferred)})
    classes: dict[int, str] = {}
    for edge in [0, *edges]:
        char = "\n" if edge == ord("\n") else _speaker(edge, edges)
        if char is None:
            continue
        members = 0
        for position, ranges in enumerate(automaton.sets):
            if any(low <= edge <= high for low, high in ranges):
                members |= 1 << position
        if members:
            known = classes.get(members)
            if known is None or _goodness(char, preferred) > _goodness(known, preferred):
                classes[members] = char
    automaton.symbols = list(classes.values())
    automaton.masks = [
        sum(1 << bit for bit, members in enumerate(classes) if members >> position & 1)
        for position in range(len(automaton.sets))
    ]


def _goodness(char: str, preferred: str) -> tuple[bool, bool, bool]:
    """How well a character shows in an attack."""
    return char == preferred, char.isascii() and char.isalnum(), " " <= char <= "~"


def _speaker(edge: int, edges: list[int]) -> str | None:
    """A printable character of the class that begins at ``edge``, if it has one."""
    end = next((e for e in edges if e > edge), 0x110000)
    for point in (*range(max(edge, 97), min(end, 123)), *range(max(edge, 33), min(end, 127))):
        return chr(point)
    return None if edge > 0x10FFFF or 0xD800 <= edge <= 0xDFFF else chr(edge)
