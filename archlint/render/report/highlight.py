"""Syntax colouring of code frames: one small tokenizer for JavaScript, TypeScript and Go."""

from __future__ import annotations

import re
from collections.abc import Iterable

from archlint.model.pattern import lazy_regex

_WORDS = """
as async await break case catch chan class const continue debugger default defer delete do else enum
export extends fallthrough false finally for from func function get go goto if implements import in
instanceof interface let map new nil null of package private protected public range readonly return
select set static struct super switch this throw true try type typeof undefined using var void while
with yield
"""
_KEYWORDS = frozenset(_WORDS.split())
_TOKEN = lazy_regex(
    r"""(?P<c>//.*|/\*.*?(?:\*/|$)|^\s*\*(?:\s.*|/.*)?$)
      |(?P<s>"(?:\\.|[^"\\])*"?|'(?:\\.|[^'\\])*'?|`(?:\\.|[^`\\])*`?)
      |(?P<n>\b(?:0[xXbBoO][\da-fA-F_]+|\d[\d_]*(?:\.\d+)?(?:[eE][+-]?\d+)?)n?\b)
      |(?P<w>[A-Za-z_$][\w$]*)(?P<call>(?=\s*\())?""",
    re.VERBOSE,
)

Run = tuple[str, int]
"""A kind (k keyword, s string, c comment, n number, f call, t type, p plain) and a length."""


def runs(line: str) -> list[Run]:
    """The line cut into runs that together have its length (in code points)."""
    found: list[Run] = []
    done = 0
    for match in _TOKEN.finditer(line):
        kind = _kind(match)
        if kind == "p" or match.end() == match.start():
            continue
        if match.start() > done:
            found.append(("p", match.start() - done))
        found.append((kind, match.end() - match.start()))
        done = match.end()
    if done < len(line):
        found.append(("p", len(line) - done))
    return found


def _kind(match: re.Match[str]) -> str:
    for kind in ("c", "s", "n"):
        if match.group(kind) is not None:
            return kind
    word = match.group("w")
    if word in _KEYWORDS:
        return "k"
    if match.group("call") is not None:
        return "f"
    return "t" if word[0].isupper() else "p"


def compact(lines: Iterable[str]) -> list[str]:
    """Per line its runs as ``k6p1f4``; lengths in UTF-16 units, as scripts count."""
    packed = []
    for line in lines:
        start, parts = 0, []
        for kind, length in runs(line):
            text = line[start : start + length]
            start += length
            parts.append(f"{kind}{len(text.encode('utf-16-le')) // 2}")
        packed.append("".join(parts))
    return packed
