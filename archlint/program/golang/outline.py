"""Where the declarations of a Go file lie, found in its text without parsing it.

A dependency's package has thousands of declarations, of which a program names a few: only those are
parsed. It relies on gofmt's layout (a top-level declaration starts in the first column, and so does
the line that ends its body), which published modules have.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from archlint.model.facts import ImportFacts

_CLAUSE = re.compile(rb"(?m)^package[ \t]+(\w+)")
_START = re.compile(
    rb"\n(?:func[ \t]+(?:\((?:\w+[ \t]+)?(\*?)(\w+)[^)\n]*\)[ \t]*)?(\w+)"
    rb"|(type|var|const)[ \t]+(?:(\w+(?:,[ \t]*\w+)*)|\())"
)
_IMPORT = re.compile(rb'(?m)^[ \t]*(?:import[ \t]+)?(?:([\w.]+)[ \t]+)?"([^"\s]+)"')
_BEFORE = (b"func ", b"type ", b"var ", b"const ", b"\t", b", ")
_MEMBER = re.compile(rb"\n[ \t]+(\w+(?:,[ \t]*\w+)*)")
_COMMENT = re.compile(rb"\n/\*.*?\*/", re.DOTALL)
_IGNORED = re.compile(rb"(?m)^//(?:go:build|[ \t]*\+build).*\bignore\b")
_WORD = re.compile(rb"\w+")


class Declaration(NamedTuple):
    """A top-level declaration, or a group of them, as a span of bytes.

    ``kind`` is func, method, type, var or const; ``names`` are what it may declare (of a group a
    few too many); a method's ``receiver`` is its type's name, ``pointer`` how it is taken.
    """

    kind: str
    names: tuple[str, ...]
    start: int
    end: int
    receiver: str = ""
    pointer: bool = False


class Outline(NamedTuple):
    """What a file imports and declares."""

    imports: tuple[ImportFacts, ...]
    declarations: list[Declaration]


def package_name(data: bytes) -> str:
    """The name in the package clause, "" without one and for files that no build takes in."""
    found = _CLAUSE.search(data)
    if found is None or _IGNORED.search(data, 0, found.start()):
        return ""
    return found.group(1).decode()


def may_declare(data: bytes, name: str) -> bool:
    """Whether a file's text has what a declaration of the name looks like."""
    wanted = name.encode()
    return wanted in data and any(start + wanted in data for start in _BEFORE)


def may_own(data: bytes, type_: str) -> bool:
    """Whether a file's text has what a method of the type looks like."""
    return f"{type_})".encode() in data or f"{type_}[".encode() in data


def outline(data: bytes) -> Outline:
    """What a file with a package clause imports and declares."""
    if b"\n/*" in data:
        data = _COMMENT.sub(_blank, data)
    clause = _CLAUSE.search(data)
    starts = list(_START.finditer(data, clause.end() if clause is not None else 0))
    ends = [found.start() + 1 for found in starts[1:]]
    ends.append(len(data))
    imports = _IMPORT.findall(data, 0, starts[0].start() + 1 if starts else len(data))
    pairs = zip(starts, ends, strict=False)
    return Outline(
        tuple([_imported(*parts) for parts in imports]), [_made(m, data, end) for m, end in pairs]
    )


def _imported(alias: bytes, path: bytes) -> ImportFacts:
    names = (("*", alias.decode()),) if alias else ()
    return ImportFacts(0, 0, "go", path.decode("utf-8", "replace"), names)


def _blank(comment: re.Match[bytes]) -> bytes:
    """Spaces of the same length: offsets stay as they are."""
    return b"\n" + b" " * (len(comment.group()) - 1)


def _made(found: re.Match[bytes], data: bytes, end: int) -> Declaration:
    star, receiver, name, kind, names = found.groups()
    start = found.start() + 1
    if name is not None:
        if receiver is None:
            return Declaration("func", (name.decode(),), start, end)
        owner = receiver.decode()
        return Declaration("method", (name.decode(),), start, end, owner, star == b"*")
    parts = [names] if names is not None else _MEMBER.findall(data, start, end)
    words = tuple(word.decode() for part in parts for word in _WORD.findall(part))
    return Declaration(kind.decode(), words, start, end)


def signature(data: bytes, found: Declaration) -> bytes:
    """A function's declaration without its body, which may begin on a later line."""
    return b"".join(_signature_lines(data[found.start : found.end]))


def _signature_lines(text: bytes) -> Iterator[bytes]:
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
