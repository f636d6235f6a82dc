"""A backtracking matcher with JavaScript's semantics that counts its steps.

It is the referee of attacks: it has assertions, lookaround and back-references as the engines have
them. The program is flat and the stack explicit, so no expression or text can exhaust ours.
"""

from __future__ import annotations

from archlint.regex.charset import LINE_ENDS, WORD, contains
from archlint.regex.program import (
    ANCHOR,
    CHAR,
    CHAR_BEFORE,
    JUMP,
    LAZY,
    LOOK,
    MARK,
    MATCH,
    MORE,
    MOVED,
    RUN,
    SAVE,
    SPLIT,
    Instruction,
    Members,
    Program,
)

_State = tuple[int, int, dict[int, int]]
"""Where matching goes on: instruction, place in the text, saved positions."""


class OutOfSteps(Exception):  # noqa: N818 (told and handled, no mistake)
    """Matching took more steps than allowed."""


class _Run:
    def __init__(self, text: str, flags: str, budget: int) -> None:
        self.points = [ord(char) for char in text]
        self.text = text
        self.ignore_case = "i" in flags
        self.left = budget

    def match(
        self, code: list[Instruction], at: int, saved: dict[int, int]
    ) -> dict[int, int] | None:
        """Match from ``at``; the positions saved on the way, None without a match."""
        points, size, left = self.points, len(self.points), self.left
        stack: list[_State] = [(0, at, saved)]
        while stack:
            counter, at, saved = stack.pop()
            while True:
                left -= 1
                if left < 0:
                    raise OutOfSteps
                operation, first, second = code[counter]
                counter += 1
                if operation == CHAR:
                    if at >= size or not first[points[at]]:
                        break
                    at += 1
                elif operation == SPLIT:
                    stack.append((second, at, saved))
                    counter = first
                elif operation == JUMP:
                    counter = first
                elif operation == MARK:
                    saved = {**saved, -1 - first: at}
                elif operation == MOVED:
                    if saved[-1 - first] == at:
                        break
                elif operation == SAVE:
                    saved = {**saved, first: at}
                elif operation == RUN:
                    left -= self.run(first, (second, at, saved), stack)
                    break
                elif operation == LAZY:
                    stack.append((first, at, saved))
                    counter = second
                elif operation == MORE:
                    left -= 3
                    if at >= size or not first[points[at]]:
                        left += 2
                        break
                    at, counter = at + 1, second
                elif operation == MATCH:
                    self.left = left
                    return {**saved, 1: at}
                else:
                    self.left = left
                    moved = self.other((operation, first, second), at, saved)
                    left = self.left
                    if moved is None:
                        break
                    at, saved = moved
        self.left = left
        return None

    def run(self, chars: Members, state: _State, stack: list[_State]) -> int:
        """Put every place where a greedy loop may end on the stack; the steps after the first."""
        points, size = self.points, len(self.points)
        out, at, saved = state
        start = at
        stack.append(state)
        while at < size and chars[points[at]]:
            at += 1
            stack.append((out, at, saved))
        return 5 * (at - start) + 2

    def other(
        self, step: Instruction, at: int, saved: dict[int, int]
    ) -> tuple[int, dict[int, int]] | None:
        """The rarer operations: where the match goes on, None where it fails."""
        operation, first, second = step
        if operation == CHAR_BEFORE:
            return (at - 1, saved) if at > 0 and first[self.points[at - 1]] else None
        if operation == ANCHOR:
            return (at, saved) if self.holds(first, at) else None
        if operation == LOOK:
            inner = self.match(first, at, saved)
            if (inner is None) is not second:
                return None
            return at, inner if inner is not None else saved
        moved = self.backref(first, at, saved, forward=bool(second))
        return None if moved is None else (moved, saved)

    def holds(self, kind: object, at: int) -> bool:
        points = self.points
        if kind == "start":
            return at == 0
        if kind == "end":
            return at == len(points)
        if kind == "line-start":
            return at == 0 or contains(LINE_ENDS, points[at - 1])
        if kind == "line-end":
            return at == len(points) or contains(LINE_ENDS, points[at])
        before = at > 0 and contains(WORD, points[at - 1])
        after = at < len(points) and contains(WORD, points[at])
        return (before is not after) is (kind == "word")

    def backref(self, index: int, at: int, saved: dict[int, int], *, forward: bool) -> int | None:
        start, end = saved.get(2 * index), saved.get(2 * index + 1)
        if start is None or end is None:
            return at
        wanted = self.text[start:end]
        low = at if forward else at - len(wanted)
        found = self.text[max(low, 0) : low + len(wanted)]
        if self.ignore_case:
            wanted, found = wanted.lower(), found.lower()
        if low < 0 or wanted != found:
            return None
        return at + len(wanted) if forward else low


def steps(program: Program, text: str, budget: int) -> tuple[int, bool]:
    """How many steps a search in ``text`` takes, and whether it matches; raises OutOfSteps."""
    run = _Run(text, program.parsed.flags, budget)
    starts = range(1) if "y" in program.parsed.flags else range(len(text) + 1)
    for start in starts:
        if run.match(program.code, start, {}) is not None:
            return budget - run.left, True
    return budget - run.left, False


def search(program: Program, text: str, budget: int = 1_000_000) -> tuple[int, int] | None:
    """Start and end of the first match, None without one; raises OutOfSteps."""
    run = _Run(text, program.parsed.flags, budget)
    for start in range(len(text) + 1):
        found = run.match(program.code, start, {})
        if found is not None:
            return start, found[1]
    return None
