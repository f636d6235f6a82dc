"""Regular expressions as flat programs for the matcher."""

from __future__ import annotations

from typing import Any

import msgspec

from archlint.regex.charset import Ranges, contains
from archlint.regex.tree import Alt, Anchor, Backref, Char, Group, Look, Parsed, Repeat, Seq, Tree

(
    CHAR, SPLIT, JUMP, MARK, MOVED, SAVE, RUN, LAZY, MORE, MATCH,
    CHAR_BEFORE, ANCHOR, LOOK, BACKREF,
) = range(14)  # fmt: skip
MAX_PROGRAM = 4_000

Instruction = tuple[int, Any, Any]
"""An operation and its operands.

``RUN`` is a greedy loop over one set of characters, ``LAZY`` with ``MORE`` behind it a lazy one:
they take as many steps as the operations that they stand for.
"""


class TooComplex(Exception):  # noqa: N818 (told and handled, no mistake)
    """The expression's program would be too long."""


class Program(msgspec.Struct):
    """A compiled expression."""

    code: list[Instruction]
    parsed: Parsed


def compile_tree(parsed: Parsed) -> Program:
    """Compile an expression; raises TooComplex."""
    code: list[Instruction] = []
    _Compiler(parsed, code).emit(parsed.tree, forward=True)
    code.append((MATCH, None, None))
    return Program(code, parsed)


class Members(dict[int, bool]):
    """Whether a code point is in a set, by code point, as far as asked."""

    def __init__(self, ranges: Ranges) -> None:
        super().__init__()
        self._ranges = ranges

    def __missing__(self, point: int) -> bool:
        found = self[point] = contains(self._ranges, point)
        return found


class _Compiler:
    def __init__(self, parsed: Parsed, code: list[Instruction]) -> None:
        self.parsed = parsed
        self.code = code
        self.marks = 0

    def add(self, operation: int, first: Any = None, second: Any = None) -> int:
        if len(self.code) >= MAX_PROGRAM:
            raise TooComplex
        self.code.append((operation, first, second))
        return len(self.code) - 1

    def emit(self, tree: Tree, *, forward: bool) -> None:
        if isinstance(tree, Char):
            self.add(CHAR if forward else CHAR_BEFORE, Members(tree.chars))
        elif isinstance(tree, Seq):
            for item in tree.items if forward else reversed(tree.items):
                self.emit(item, forward=forward)
        elif isinstance(tree, Alt):
            self.alternatives(tree.options, forward=forward)
        elif isinstance(tree, Repeat):
            self.repeat(tree, forward=forward)
        elif isinstance(tree, Group):
            start, end = (2 * tree.index, 2 * tree.index + 1)
            self.add(SAVE, start if forward else end)
            self.emit(tree.item, forward=forward)
            self.add(SAVE, end if forward else start)
        elif isinstance(tree, Anchor):
            self.add(ANCHOR, tree.kind)
        elif isinstance(tree, Backref):
            index = self.parsed.names.get(tree.ref, 0) if isinstance(tree.ref, str) else tree.ref
            self.add(BACKREF, index, forward)
        else:
            self.look(tree)

    def alternatives(self, options: tuple[Tree, ...], *, forward: bool) -> None:
        ends: list[int] = []
        for option in options[:-1]:
            split = self.add(SPLIT)
            self.emit(option, forward=forward)
            ends.append(self.add(JUMP))
            self.code[split] = (SPLIT, split + 1, len(self.code))
        self.emit(options[-1], forward=forward)
        for end in ends:
            self.code[end] = (JUMP, len(self.code), None)

    def repeat(self, tree: Repeat, *, forward: bool) -> None:
        for _ in range(tree.low):
            self.emit(tree.item, forward=forward)
        if tree.high is None:
            self.loop(tree, forward=forward)
            return
        splits: list[int] = []
        for _ in range(tree.high - tree.low):
            splits.append(self.add(SPLIT))
            self.emit(tree.item, forward=forward)
        for split in splits:
            inner, out = split + 1, len(self.code)
            self.code[split] = (SPLIT, inner, out) if tree.greedy else (SPLIT, out, inner)

    def loop(self, tree: Repeat, *, forward: bool) -> None:
        """A star; an iteration that matched nothing ends it."""
        if isinstance(tree.item, Char) and forward:
            chars = Members(tree.item.chars)
            run = len(self.code)
            if tree.greedy:
                self.add(RUN, chars, run + 1)
            else:
                self.add(LAZY, run + 1, run + 2)
                self.add(MORE, chars, run)
            return
        split = self.add(SPLIT)
        mark, self.marks = self.marks, self.marks + 1
        self.add(MARK, mark)
        self.emit(tree.item, forward=forward)
        self.add(MOVED, mark)
        self.add(JUMP, split)
        inner, out = split + 1, len(self.code)
        self.code[split] = (SPLIT, inner, out) if tree.greedy else (SPLIT, out, inner)

    def look(self, tree: Look) -> None:
        code: list[Instruction] = []
        inner = _Compiler(self.parsed, code)
        inner.marks = self.marks
        inner.emit(tree.item, forward=tree.ahead)
        self.marks = inner.marks
        code.append((MATCH, None, None))
        self.add(LOOK, code, tree.negated)
