"""Source text that its grammar cannot parse, rewritten byte for byte so that it can.

Only files whose tree has faults are rewritten, every byte keeps its place, and the rewritten tree
is taken when it has fewer faults. Lowering goes on reading the original text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from archlint.model.pattern import lazy_regex

_TAGGED = lazy_regex(rb">[ \t\r\n]*`")
_STAR = lazy_regex(rb"\bexport\s+(type)\s*\*")
_IMPORT_TYPE = lazy_regex(
    rb"""\bimport\(\s*(["'])[^"'\n]{1,300}\1\s*\)(?=(?:\s*\.\s*\w+)+\s*[<\[])"""
)
_KEYWORD_MEMBER = lazy_regex(rb"(?<![;,{(|&])\n(?=[ \t]*(?:in|instanceof)\??[ \t]*[:(<])")
_SIGNATURE = lazy_regex(rb"(?<![;,{(|&=])\n(?=[ \t]*<\w+(?:[ \t]+extends\b[^>\n]*)?>\()")
_NAME_END = lazy_regex(rb"[\w$)\]]")
_NEW_TYPE = rb"[^\W\d][\w.]*(?:\[[^()]*\])?\s*\)|[\[*]|(?:map|chan|struct|func|interface)\b"
_NEW_LITERAL = rb"(?:\[|map\[)[^(){}]*\{"
_NEW_VALUE = lazy_regex(
    rb"(?<![\w.])new(?=\((?:" + _NEW_LITERAL + rb"|(?!\s*(?:" + _NEW_TYPE + rb"))))"
)
_LONGEST = 4_000
"""Bytes of type arguments that are looked through."""


def repaired(data: bytes) -> bytes:
    """The same number of bytes with what the grammar lacks written in another way.

    Type arguments of tagged templates and the ``type`` of ``export type *`` become blanks,
    ``import("x")`` before type arguments an identifier; a line that ends before a signature or
    before a member called ``in`` or ``instanceof`` ends with ``;``.
    """
    out = bytearray(data)
    for match in _TAGGED.finditer(data):
        start = _opening(data, match.start())
        if start >= 0:
            _blank(out, start, match.start() + 1)
    for match in _STAR.finditer(data):
        _blank(out, match.start(1), match.end(1))
    for match in import_types(data):
        out[match.start() : match.end()] = b"_" * (match.end() - match.start())
    for pattern in (_KEYWORD_MEMBER, _SIGNATURE):
        for match in pattern.finditer(data):
            if b"//" not in data[data.rfind(b"\n", 0, match.start()) + 1 : match.start()]:
                out[match.start()] = ord(";")
    return bytes(out)


def repaired_go(data: bytes) -> bytes:
    """The same number of bytes with Go 1.26's ``new(value)`` written as any other call.

    The grammar knows ``new`` of a type alone.
    """
    return _NEW_VALUE.sub(b"neo", data)


def import_types(data: bytes) -> Iterator[re.Match[bytes]]:
    """Every ``import("x")`` that a rewritten text may have an identifier in place of."""
    return _IMPORT_TYPE.finditer(data) if b"import(" in data else iter(())


def _opening(data: bytes, end: int) -> int:
    """Where the type arguments that end with the ``>`` at ``end`` begin; -1 for none."""
    depth = 0
    for at in range(end, max(end - _LONGEST, 0), -1):
        byte = data[at]
        if byte == 0x3E and data[at - 1] != 0x3D:  # > but not =>
            depth += 1
        elif byte == 0x3C:  # <
            depth -= 1
            if depth == 0:
                return at if _NAME_END.match(data, at - 1) else -1
        elif byte == 0x60:  # `
            return -1
    return -1


def _blank(out: bytearray, start: int, end: int) -> None:
    """Blanks in place of bytes; line ends stay."""
    out[start:end] = bytes(b if b in {0x0A, 0x0D} else 0x20 for b in out[start:end])
