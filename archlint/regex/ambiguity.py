"""Where a position automaton can read the same text in too many ways.

Exponential: a loop that reads some word in two ways. Polynomial: a word that loops at ``p``, leads
from ``p`` to ``q`` and loops at ``q`` (Weber and Seidl's criteria EDA and IDA). Both are decided on
products of the automaton; the words found there are the pump of an attack.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator

import msgspec

from archlint.regex.automaton import Automaton

MAX_STEPS = 200_000
"""Product transitions looked at before the question is given up."""

Pair = tuple[int, ...]


class GivenUp(Exception):  # noqa: N818 (told and handled, no mistake)
    """The products are too large to be searched."""


class Pump(msgspec.Struct, frozen=True):
    """A word to repeat after a word that leads there; ``exponential`` or polynomial."""

    prefix: str
    pump: str
    exponential: bool


class _Search:
    """Searches products of an automaton within a budget of steps."""

    def __init__(self, automaton: Automaton) -> None:
        self.automaton = automaton
        self.steps = 0
        self.reach = [_reach(automaton, p) for p in range(len(automaton.sets))]
        self.loops = [p for p in range(len(automaton.sets)) if p in self.reach[p]]

    def next(self, state: Pair) -> Iterator[tuple[Pair, int]]:
        """Product states one common character on, with the mask of such characters."""
        follow, masks = self.automaton.follow, self.automaton.masks
        partial: list[tuple[Pair, int]] = [((), -1)]
        for position in state:
            partial = [
                ((*done, target), mask & masks[target])
                for done, mask in partial
                for target in follow[position]
                if mask & masks[target]
            ]
            self.steps += len(partial)
        if self.steps > MAX_STEPS:
            raise GivenUp
        yield from partial

    def word(self, start: Pair, goal: Pair, allowed: tuple[set[int], ...]) -> str | None:
        """A shortest word that leads from one product state to another, None when none does.

        It has at least one character; component i passes only through ``allowed[i]``.
        """
        came: dict[Pair, tuple[Pair, int]] = {}
        queue = deque([start])
        while queue:
            state = queue.popleft()
            for target, mask in self.next(state):
                if target in came or any(t not in a for t, a in zip(target, allowed, strict=True)):
                    continue
                came[target] = (state, mask)
                if target == goal:
                    return self._spell(came, start, goal)
                queue.append(target)
        return None

    def _spell(self, came: dict[Pair, tuple[Pair, int]], start: Pair, goal: Pair) -> str:
        letters: list[str] = []
        state = goal
        while True:
            state, mask = came[state]
            letters.append(self.letter(mask))
            if state == start:
                return "".join(reversed(letters))

    def letter(self, mask: int) -> str:
        """A character that all of a product's components can read, a plain one if possible."""
        symbols = self.automaton.symbols
        found = [symbols[bit] for bit in range(len(symbols)) if mask >> bit & 1]
        return min(found, key=lambda c: (not c.isalnum(), not c.isprintable(), c))

    def prefix(self, goal: int) -> str | None:
        """A shortest text that leads to a position."""
        first, masks = self.automaton.first, self.automaton.masks
        searching = self.automaton.searching
        if searching and goal == 0:
            return ""
        came = {p: self.letter(masks[p]) for p in first if p or not searching}
        queue = deque(came)
        while queue:
            position = queue.popleft()
            if position == goal:
                return came[position]
            for target in self.automaton.follow[position]:
                if target not in came:
                    came[target] = came[position] + self.letter(masks[target])
                    queue.append(target)
        return None


def _reach(automaton: Automaton, start: int) -> set[int]:
    """Positions that follow ``start`` after one or more characters."""
    found: set[int] = set()
    stack = list(automaton.follow[start])
    while stack:
        position = stack.pop()
        if position not in found:
            found.add(position)
            stack.extend(automaton.follow[position])
    return found


def pumps(automaton: Automaton) -> Iterator[Pump]:
    """Candidates for attacks, the exponential ones first; raises GivenUp."""
    search = _Search(automaton)
    yield from _exponential(search)
    yield from _polynomial(search)


def _exponential(search: _Search) -> Iterator[Pump]:
    for position in search.loops:
        component = {p for p in search.loops if p in search.reach[position]}
        component = {p for p in component if position in search.reach[p]}
        if position != min(component):
            continue
        for state in sorted(component):
            pump = _twice(search, state, component)
            prefix = search.prefix(state) if pump else None
            if pump and prefix is not None:
                yield Pump(prefix, pump, True)
                break


def _twice(search: _Search, state: int, component: set[int]) -> str | None:
    """A word that leads from ``state`` back to it in two ways."""
    follow, masks = search.automaton.follow, search.automaton.masks
    for target, ways in sorted(follow[state].items()):
        if ways > 1 and target in component:
            letter = search.letter(masks[target])
            if target == state:
                return letter
            back = search.word((target,), (state,), (component,))
            if back is not None:
                return letter + back
    inside = (component, component)
    for pair in sorted({p for p, _ in search.next((state, state))}):
        if pair[0] < pair[1] and component.issuperset(pair):
            there = search.word((state, state), pair, inside)
            back = search.word(pair, (state, state), inside)
            if there is not None and back is not None:
                return there + back
    return None


def _polynomial(search: _Search) -> Iterator[Pump]:
    """Pairs of loops: the nearest partner of each loop is enough to find the blow-up."""
    masks = search.automaton.masks
    seen: set[tuple[int, str]] = set()
    for p in search.loops:
        for q in search.loops:
            if p == q or q not in search.reach[p] or p in search.reach[q]:
                continue
            if not masks[p] & masks[q]:
                continue
            between = {x for x in search.reach[p] if x == q or q in search.reach[x]} | {p, q}
            loop_p = {x for x in search.reach[p] if p in search.reach[x]}
            loop_q = {x for x in search.reach[q] if q in search.reach[x]}
            word = search.word((p, p, q), (p, q, q), (loop_p, between, loop_q))
            prefix = search.prefix(p) if word else None
            if word and prefix is not None and (p, word) not in seen:
                seen.add((p, word))
                yield Pump(prefix, word, False)
