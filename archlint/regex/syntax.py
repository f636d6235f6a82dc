"""Reading regular expressions of JavaScript (ECMAScript 2025, Annex B included)."""

from __future__ import annotations

import re

from archlint.model.pattern import lazy_regex
from archlint.regex.charset import (
    DIGITS,
    EVERYTHING,
    LINE_ENDS,
    SPACE,
    WORD,
    Ranges,
    complement,
    fold,
    union,
)
from archlint.regex.tree import Alt, Anchor, Backref, Char, Group, Look, Parsed, Repeat, Seq, Tree

MAX_LENGTH = 2_000
MAX_DEPTH = 60


class RegexError(ValueError):
    """The source is no regular expression that is understood here."""


_ESCAPES = {"n": 10, "r": 13, "t": 9, "v": 11, "f": 12, "0": 0}
_CLASSES = {"d": DIGITS, "w": WORD, "s": SPACE}
_QUANTIFIER = lazy_regex(r"([*+?])|\{(\d{1,6})(?:(,)(\d{1,6})?)?\}")
_HEX = lazy_regex(r"x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|u\{([0-9a-fA-F]{1,6})\}")
_PROPERTY = lazy_regex(r"[pP]\{([\w=]+)\}")
_LETTERS: Ranges = union([(65, 90), (97, 122), (0xAA, 0x2FF), (0x370, 0x1FFF), (0x2C00, 0xD7FF)])
_PROPERTIES = {
    "L": _LETTERS, "Letter": _LETTERS, "Alphabetic": _LETTERS,
    "Lu": union([(65, 90), (0xC0, 0xDE), (0x391, 0x3A9), (0x410, 0x42F)]),
    "Ll": union([(97, 122), (0xDF, 0xFF), (0x3B1, 0x3C9), (0x430, 0x44F)]),
    "N": union([*DIGITS, (0x660, 0x669), (0x966, 0x96F)]),
    "Nd": union([*DIGITS, (0x660, 0x669), (0x966, 0x96F)]),
    "P": union([(33, 47), (58, 64), (91, 96), (123, 126), (0xA1, 0xBF), (0x2010, 0x205E)]),
    "S": union([(36, 36), (43, 43), (60, 62), (94, 94), (96, 96), (124, 124), (126, 126)]),
    "Z": SPACE, "Zs": SPACE, "M": ((0x300, 0x36F),), "Mn": ((0x300, 0x36F),),
    "Script=Han": ((0x4E00, 0x9FFF),), "Emoji": union([(0x1F300, 0x1FAFF), (0x2600, 0x27BF)]),
}  # fmt: skip


def parse(source: str, flags: str = "") -> Parsed:
    """Parse an expression's source (without slashes); raises RegexError."""
    if len(source) > MAX_LENGTH:
        raise RegexError("too long")
    return _Parser(source, flags).run()


class _Parser:
    def __init__(self, source: str, flags: str) -> None:
        self.source = source
        self.flags = flags
        self.at = 0
        self.groups = 0
        self.depth = 0
        self.names: dict[str, int] = {}
        self.unicode = "u" in flags or "v" in flags

    def run(self) -> Parsed:
        tree = self.alternatives()
        if self.at < len(self.source):
            raise RegexError("unbalanced )")
        return Parsed(tree, self.flags, self.groups, self.names)

    def alternatives(self) -> Tree:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise RegexError("nested too deeply")
        options = [self.sequence()]
        while self.take("|"):
            options.append(self.sequence())
        self.depth -= 1
        return options[0] if len(options) == 1 else Alt(tuple(options))

    def take(self, text: str) -> bool:
        if self.source.startswith(text, self.at):
            self.at += len(text)
            return True
        return False

    def sequence(self) -> Tree:
        items: list[Tree] = []
        while self.at < len(self.source) and self.source[self.at] not in "|)":
            items.append(self.quantified(self.atom()))
        return items[0] if len(items) == 1 else Seq(tuple(items))

    def quantified(self, item: Tree) -> Tree:
        match = _QUANTIFIER.match(self.source, self.at)
        if match is None:
            return item
        self.at = match.end()
        greedy = not self.take("?")
        if match.group(1):
            low, high = {"*": (0, None), "+": (1, None), "?": (0, 1)}[match.group(1)]
        else:
            low = int(match.group(2))
            high = int(match.group(4)) if match.group(4) else (None if match.group(3) else low)
        if high is not None and high < low:
            raise RegexError("quantifier out of order")
        return Repeat(item, low, high, greedy)

    def atom(self) -> Tree:
        char = self.source[self.at]
        self.at += 1
        if char == "(":
            return self.group()
        if char == "[":
            return self.char(self.char_class())
        if char == ".":
            return Char(EVERYTHING if "s" in self.flags else complement(LINE_ENDS))
        if char == "^":
            return Anchor("line-start" if "m" in self.flags else "start")
        if char == "$":
            return Anchor("line-end" if "m" in self.flags else "end")
        if char == "\\":
            return self.escape()
        if char in "*+?":
            raise RegexError("nothing to repeat")
        return self.char(((ord(char), ord(char)),))

    def char(self, ranges: Ranges) -> Char:
        return Char(fold(ranges) if "i" in self.flags else ranges)

    def group(self) -> Tree:
        if self.take("?:"):
            return self.closed(self.alternatives())
        for start, ahead, negated in (
            ("?=", True, False), ("?!", True, True), ("?<=", False, False), ("?<!", False, True),
        ):  # fmt: skip
            if self.take(start):
                return Look(self.closed(self.alternatives()), ahead, negated)
        modifiers = re.compile(r"\?[ims]*(?:-[ims]*)?:").match(self.source, self.at)
        if modifiers is not None:
            raise RegexError("modifiers are not modelled")
        self.groups += 1
        index = self.groups
        if self.take("?<"):
            end = self.source.find(">", self.at)
            if end < 0:
                raise RegexError("unclosed group name")
            self.names[self.source[self.at : end]] = index
            self.at = end + 1
        return Group(self.closed(self.alternatives()), index)

    def closed(self, tree: Tree) -> Tree:
        if not self.take(")"):
            raise RegexError("unbalanced (")
        return tree

    def escape(self) -> Tree:
        if self.at >= len(self.source):
            raise RegexError("ends in a backslash")
        char = self.source[self.at]
        if char in "bB":
            self.at += 1
            return Anchor("word" if char == "b" else "not-word")
        digits = re.compile(r"[1-9]\d{0,2}").match(self.source, self.at)
        if digits is not None and int(digits.group()) <= self.source.count("("):
            self.at = digits.end()
            return Backref(int(digits.group()))
        named = re.compile(r"k<([^>]+)>").match(self.source, self.at)
        if named is not None:
            self.at = named.end()
            return Backref(named.group(1))
        return self.char(self.escaped_set())

    def escaped_set(self) -> Ranges:
        """The set that an escape stands for, in a class or outside of one."""
        char = self.source[self.at]
        hexadecimal = _HEX.match(self.source, self.at)
        if hexadecimal is not None and (hexadecimal.group(3) is None or self.unicode):
            self.at = hexadecimal.end()
            point = int(next(filter(None, hexadecimal.groups())), 16)
            return ((point, point),)
        prop = _PROPERTY.match(self.source, self.at) if self.unicode else None
        if prop is not None:
            self.at = prop.end()
            name = prop.group(1).removeprefix("General_Category=")
            if name not in _PROPERTIES:
                raise RegexError(f"property {name} is not modelled")
            found: Ranges = _PROPERTIES[name]
            return complement(found) if char == "P" else found
        self.at += 1
        if char.lower() in _CLASSES:
            ranges = _CLASSES[char.lower()]
            return complement(ranges) if char.isupper() else ranges
        if char == "c" and self.source[self.at : self.at + 1].isalpha():
            self.at += 1
            point = ord(self.source[self.at - 1]) % 32
            return ((point, point),)
        point = _ESCAPES.get(char, ord(char))
        return ((point, point),)

    def char_class(self) -> Ranges:
        negated = self.take("^")
        found: list[tuple[int, int]] = []
        while True:
            if self.at >= len(self.source):
                raise RegexError("unclosed class")
            if self.take("]"):
                break
            if "v" in self.flags and self.source[self.at : self.at + 2] in {"--", "&&", "\\q"}:
                raise RegexError("set operations are not modelled")
            low = self.class_member()
            if self.is_range() and len(low) == 1 and low[0][0] == low[0][1]:
                self.at += 1
                high = self.class_member()
                if len(high) == 1 and high[0][0] == high[0][1]:
                    if high[0][0] < low[0][0]:
                        raise RegexError("range out of order")
                    found.append((low[0][0], high[0][0]))
                    continue
                found.extend([(45, 45), *high])
            found.extend(low)
        ranges = union(found)
        if "i" in self.flags:
            ranges = fold(ranges)
        return complement(ranges) if negated else ranges

    def is_range(self) -> bool:
        return self.source.startswith("-", self.at) and not self.source.startswith("-]", self.at)

    def class_member(self) -> Ranges:
        if self.take("\\"):
            if self.at >= len(self.source):
                raise RegexError("unclosed class")
            if self.take("b"):
                return ((8, 8),)
            return self.escaped_set()
        if self.source[self.at : self.at + 1] == "[" and "v" in self.flags:
            self.at += 1
            return self.char_class()
        if self.at >= len(self.source):
            raise RegexError("unclosed class")
        self.at += 1
        point = ord(self.source[self.at - 1])
        return ((point, point),)
