""".dockerignore."""

from __future__ import annotations

import posixpath
import re

import msgspec

from archlint.model.pattern import lazy_regex

_RUNS = lazy_regex(r"(?:\*\*/){2,}")


class DockerIgnore(msgspec.Struct, frozen=True):
    """The patterns of a .dockerignore in order; later ones win, ``!`` takes back."""

    path: str
    patterns: tuple[str, ...]

    def excludes(self, path: str) -> bool:
        """Whether a path of the build context, or a folder above it, is left out."""
        held = False
        for pattern in self.patterns:
            negated = pattern.startswith("!")
            if _compiled(pattern.lstrip("!")).match(path):
                held = not negated
        return held


def parse_dockerignore(path: str, text: str) -> DockerIgnore:
    """Read a .dockerignore; never fails."""
    found: list[str] = []
    for line in text.splitlines()[:2_000]:
        word = line.strip()
        if not word or word.startswith("#"):
            continue
        negated = word.startswith("!")
        cleaned = posixpath.normpath(word.lstrip("!").strip()).lstrip("/")
        found.append(f"{'!' if negated else ''}{cleaned}"[:500])
    return DockerIgnore(path, tuple(found))


def _compiled(pattern: str) -> re.Pattern[str]:
    """Go's filepath.Match with ``**``; a match covers everything below it."""
    out = ""
    for segment in re.split(r"(\*\*/?|\*|\?)", _RUNS.sub("**/", pattern)):
        if segment.startswith("**"):
            out += "(?:[^/]+/)*" if segment.endswith("/") else ".*"
        elif segment in {"*", "?"}:
            out += "[^/]*" if segment == "*" else "[^/]"
        else:
            out += re.escape(segment)
    return re.compile(rf"(?:{out})(?:/.*)?\Z", re.DOTALL) if out != r"\." else re.compile(r".*")
