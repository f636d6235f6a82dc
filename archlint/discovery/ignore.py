"""Git's ignore files, matched in linear time: a hostile pattern cannot make a match slow.

Every star becomes an atomic group (as in ``fnmatch.translate``), so no pattern backtracks.
"""

from __future__ import annotations

import re
from functools import lru_cache

import msgspec

MAX_PATTERNS = 5_000
"""Patterns read from one ignore file; the rest is left out."""
_MAX_LENGTH = 1_000


class Pattern(msgspec.Struct, frozen=True):
    """One line of an ignore file; ``by_name`` patterns are matched against the last segment.

    ``source`` is its regular expression.
    """

    source: str
    negated: bool
    folder_only: bool
    by_name: bool


class IgnoreFile:
    """The patterns of one ignore file; they speak about paths relative to its folder."""

    def __init__(self, text: str) -> None:
        lines = text.splitlines()
        found = (parse_pattern(line) for line in lines[:MAX_PATTERNS])
        self.patterns = tuple(pattern for pattern in found if pattern is not None)
        self.truncated = len(lines) > MAX_PATTERNS
        self._names = _any_of([p.source for p in self.patterns if p.by_name])
        self._paths = _any_of([p.source for p in self.patterns if not p.by_name])

    def decide(self, relative: str, name: str, *, folder: bool) -> bool | None:
        """True when the entry is ignored, False when re-included, None when nothing matches."""
        by_name = self._names is not None and self._names.fullmatch(name) is not None
        if not by_name and (self._paths is None or self._paths.fullmatch(relative) is None):
            return None
        for pattern in reversed(self.patterns):
            subject = name if pattern.by_name else relative
            if (folder or not pattern.folder_only) and _compiled(pattern.source).fullmatch(subject):
                return not pattern.negated
        return None


@lru_cache(maxsize=MAX_PATTERNS)
def _compiled(source: str) -> re.Pattern[str]:
    """A single pattern: needed only where the patterns of a file, tried together, match."""
    return re.compile(source, re.DOTALL)


def _any_of(patterns: list[str]) -> re.Pattern[str] | None:
    return re.compile("|".join(f"(?:{p})" for p in patterns), re.DOTALL) if patterns else None


def parse_pattern(line: str) -> Pattern | None:
    """One line of an ignore file; None for comments, blanks and what cannot match."""
    text = _strip(line)
    if not text or text.startswith("#") or len(text) > _MAX_LENGTH:
        return None
    negated = text.startswith("!")
    text = text[negated:]
    folder_only = text.endswith("/")
    text = text.rstrip("/") if folder_only else text
    by_name = "/" not in text
    source = glob_regex(text.removeprefix("/"))
    if not text or source is None:
        return None
    return Pattern(source, negated, folder_only, by_name)


def _strip(line: str) -> str:
    """The line without trailing blanks, of which an escaped one counts."""
    text = line.rstrip("\r\n").rstrip(" ")
    if len(text) < len(line) and text.endswith("\\") and not text.endswith("\\\\"):
        return text + " "
    return text


def glob_regex(glob: str) -> str | None:
    """The regular expression of a glob (``*``, ``?``, ``[]``, ``**`` segments); None if bad."""
    runs: list[list[str]] = [[]]
    for segment in glob.split("/"):
        if segment != "**":
            translated = _segment(segment)
            if translated is None:
                return None
            runs[-1].append(translated)
        elif len(runs) == 1 or runs[-1]:
            runs.append([])
    return _join(["/".join(run) for run in runs])


def _join(runs: list[str]) -> str:
    """Put ``**`` between the runs of segments, each run found at its leftmost place."""
    if len(runs) == 1:
        return runs[0]
    first = runs[0] + "/" if runs[0] else ""
    middle = "".join(f"(?>(?:[^/]+/)*?{run}/)" for run in runs[1:-1])
    last = f"(?:[^/]+/)*{runs[-1]}" if runs[-1] else ".+"
    return first + middle + last


def _segment(text: str) -> str | None:
    """One path segment; a star takes the shortest run to what follows it, the last one all."""
    fixed: list[str] = [""]
    at = 0
    while at < len(text):
        char = text[at]
        at += 1
        if char == "*":
            if fixed[-1] or len(fixed) == 1:
                fixed.append("")
        elif char == "?":
            fixed[-1] += "[^/]"
        elif char == "[":
            end = _class_end(text, at)
            if end < 0:
                return None
            fixed[-1] += _class(text[at:end])
            at = end + 1
        else:
            if char == "\\" and at < len(text):
                char = text[at]
                at += 1
            fixed[-1] += re.escape(char)
    if len(fixed) == 1:
        return fixed[0]
    middle = "".join(f"(?>[^/]*?{part})" for part in fixed[1:-1])
    return f"{fixed[0]}{middle}[^/]*{fixed[-1]}"


def _class_end(text: str, start: int) -> int:
    """Where the bracket expression that starts before ``start`` ends; -1 when it never does."""
    first = start + (text[start : start + 1] in {"!", "^"})
    return text.find("]", first + 1)


def _class(body: str) -> str:
    negated = body[:1] in {"!", "^"}
    items = re.sub(r"([\\\[\]^&~|])", r"\\\1", body[negated:].replace("--", "-"))
    source = f"[{'^/' if negated else ''}{items}]"
    try:
        re.compile(source)
    except re.error:
        return "(?!)"
    return source if negated else f"(?!/){source}"
