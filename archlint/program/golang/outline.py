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

_CLAUSE = re.compile(rb"(?m)^package[ \t]+(\w+)")
_IGNORED = re.compile(rb"(?m)^//(?:go:build|[ \t]*\+build).*\bignore\b")
_COMMENT = re.compile(rb"\n/\*.*?\*/", re.DOTALL)
_NEXT = re.compile(rb"\n(?:func|type|var|const)[ \t]")
_IMPORT = re.compile(rb'(?m)^[ \t]*(?:import[ \t]+)?(?:([\w.]+)[ \t]+)?"([^"\s]+)"')
_METHOD = re.compile(rb"\nfunc \((?:\w+[ \t]+)?(\*?)(\w+)[^)\n]*\)[ \t]*(\w+)")
_GROUP = re.compile(rb"\n(type|var|const)[ \t]+(?:\(|(\w+(?:,[ \t]*\w+)+))")
_MEMBER = re.compile(rb"\n[ \t]+(\w+(?:,[ \t]*\w+)*)")
_WORD = re.compile(rb"\w+")
_SIGNATURE = 4_000
"""Bytes of a function that are searched for the end of its signature."""
_KINDS = ((b"\ntype ", "type"), (b"\nvar ", "var"), (b"\nconst ", "const"))
_IN_NAME = frozenset(b"_0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")


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

    def function(self, name: bytes) -> Declaration | None:
        """The function of that name."""
        return self._starting(b"\nfunc ", "func", name)

    def others(self, name: bytes) -> Iterator[Declaration]:
        """What else may declare a name: a type, variable or constant, or a group of them."""
        if name in self.data:
            for start, kind in _KINDS:
                found = self._starting(start, kind, name)
                if found is not None:
                    yield found
            yield from self._groups.get(name, ())

    def methods(self, type_: bytes) -> list[Declaration]:
        """The methods of a type."""
        if type_ + b")" in self.data or type_ + b"[" in self.data:
            return self._methods.get(type_, [])
        return []

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

    def _starting(self, start: bytes, kind: str, name: bytes) -> Declaration | None:
        """The declaration that starts with these words."""
        written = start + name
        at = self.data.find(written)
        while at >= 0:
            after = at + len(written)
            if self.data[after : after + 1] and self.data[after] not in _IN_NAME:
                return Declaration(kind, at + 1, 0 if kind == "func" else self._end(after))
            at = self.data.find(written, after)
        return None

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
    def _methods(self) -> dict[bytes, list[Declaration]]:
        """Methods by the name of their type."""
        found: dict[bytes, list[Declaration]] = {}
        for method in _METHOD.finditer(self.data):
            star, type_, name = method.groups()
            end = self._end(method.end())
            declaration = Declaration(
                "method", method.start() + 1, end, name.decode(), star == b"*"
            )
            found.setdefault(type_, []).append(declaration)
        return found


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
