"""Where the declarations of a Go file lie, found in its text without parsing it.

A dependency's package has thousands of declarations, of which a program names a few: only those are
looked for and parsed. It relies on gofmt's layout (a top-level declaration starts in the first
column, and so does the line that ends its body), which published modules have.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property
from typing import NamedTuple

from archlint.model.facts import ImportFacts
from archlint.model.pattern import lazy_regex

_CLAUSE = lazy_regex(rb"(?m)^package[ \t]+(\w+)")
_IGNORED = lazy_regex(rb"(?m)^//(?:go:build|[ \t]*\+build).*\bignore\b")
_COMMENT = lazy_regex(rb"\n/\*.*?\*/", re.DOTALL)
_NEXT = lazy_regex(rb"\n(?:func|type|var|const)[ \t]")
_IMPORT = lazy_regex(rb'(?m)^[ \t]*(?:import[ \t]+)?(?:([\w.]+)[ \t]+)?"([^"\s]+)"')
_FUNCTION = lazy_regex(
    rb"\nfunc (?:\((?:\w+[ \t]+)?(\*?)([\w\x80-\xff]+)[^)\n]*\)[ \t]*)?([\w\x80-\xff]+)"
)
_OTHER = lazy_regex(rb"\n(type|var|const) ([\w\x80-\xff]+)")
_GROUP = lazy_regex(rb"\n(type|var|const)[ \t]+(?:\(|(\w+(?:,[ \t]*\w+)+))")
_MEMBER = lazy_regex(rb"\n[ \t]+(\w+(?:,[ \t]*\w+)*)")
_WORD = lazy_regex(rb"\w+")
_SIGNATURE = 4_000
"""Bytes of a function that are searched for the end of its signature."""


class Declaration(NamedTuple):
    """A top-level declaration, or a group of them, as a span of bytes; of functions the start.

    ``kind`` is func, method, type, var or const; a method has its ``name``, and ``pointer`` tells
    how its receiver is taken.
    """

    kind: str
    start: int
    end: int
    name: str = ""
    pointer: bool = False


def package_name(data: bytes) -> str:
    """The name in the package clause, "" without one and for files that no build takes in."""
    found = _CLAUSE.search(data)
    if found is None or _IGNORED.search(data, 0, found.start()):
        return ""
    return found.group(1).decode()


class Outline:
    """A file's text, searched for declarations."""

    def __init__(self, data: bytes) -> None:
        self.data = _COMMENT.sub(_blank, data) if b"\n/*" in data else data

    @cached_property
    def functions(self) -> dict[bytes, Declaration]:
        """The functions by name."""
        return self._split[0]

    @cached_property
    def methods(self) -> dict[bytes, list[Declaration]]:
        """The methods by the name of their type."""
        return self._split[1]

    @cached_property
    def others(self) -> dict[bytes, list[Declaration]]:
        """What else may declare a name: a type, variable or constant, or a group of them."""
        found: dict[bytes, list[Declaration]] = {}
        for other in _OTHER.finditer(self.data):
            kind, name = other.groups()
            declaration = Declaration(kind.decode(), other.start() + 1, self._end(other.end()))
            found.setdefault(name, []).append(declaration)
        for name, groups in self._groups.items():
            found.setdefault(name, []).extend(groups)
        return found

    @cached_property
    def imports(self) -> tuple[ImportFacts, ...]:
        """What the file imports."""
        first = _NEXT.search(self.data)
        end = first.start() if first is not None else len(self.data)
        return tuple([_imported(*parts) for parts in _IMPORT.findall(self.data, 0, end)])

    def text(self, found: Declaration) -> bytes:
        """A declaration's text; a function's without its body."""
        if found.end:
            return self.data[found.start : found.end]
        return b"".join(_signature(self.data[found.start : found.start + _SIGNATURE]))

    def _end(self, at: int) -> int:
        following = _NEXT.search(self.data, at)
        return following.start() + 1 if following is not None else len(self.data)

    @cached_property
    def _groups(self) -> dict[bytes, list[Declaration]]:
        """Declarations of several names, a few too many of a group, by name."""
        found: dict[bytes, list[Declaration]] = {}
        for group in _GROUP.finditer(self.data):
            start, end = group.start() + 1, self._end(group.end())
            names = group.group(2)
            parts = [names] if names is not None else _MEMBER.findall(self.data, start, end)
            declaration = Declaration(group.group(1).decode(), start, end)
            for name in dict.fromkeys(word for part in parts for word in _WORD.findall(part)):
                found.setdefault(name, []).append(declaration)
        return found

    @cached_property
    def _split(self) -> tuple[dict[bytes, Declaration], dict[bytes, list[Declaration]]]:
        """Functions and methods, found in one pass; where a function ends nobody asks."""
        functions: dict[bytes, Declaration] = {}
        methods: dict[bytes, list[Declaration]] = {}
        for found in _FUNCTION.finditer(self.data):
            star, type_, name = found.groups()
            at = found.start() + 1
            if type_ is None:
                functions.setdefault(name, Declaration("func", at, 0))
            else:
                method = Declaration("method", at, 0, name.decode(), star == b"*")
                methods.setdefault(type_, []).append(method)
        return functions, methods


def _imported(alias: bytes, path: bytes) -> ImportFacts:
    names = (("*", alias.decode()),) if alias else ()
    return ImportFacts(0, 0, "go", path.decode("utf-8", "replace"), names)


def _blank(comment: re.Match[bytes]) -> bytes:
    """Spaces of the same length: offsets stay as they are."""
    return b"\n" + b" " * (len(comment.group()) - 1)


def _signature(text: bytes) -> Iterator[bytes]:
    """A function's lines up to its body, which may begin on a later line."""
    for i, line in enumerate(text.splitlines(keepends=True)):
        if i and line[:1] not in {b"\t", b" ", b")"}:
            return
        bare = line.rstrip()
        yield line
        if bare.endswith(b"{"):
            yield b"}\n"
            return
        if bare.endswith(b"}"):
            return
