"""On which line of a configuration file a key stands, for messages."""

from __future__ import annotations

import re
from collections.abc import Mapping

from archlint.config.toml import without_strings
from archlint.model.pattern import lazy_regex

KeyPath = tuple[str | int, ...]
_HEADER = lazy_regex(r"^\s*(\[\[?)\s*(.+?)\s*\]\]?\s*(?:#.*)?$")
_KEY = lazy_regex(
    r"""^\s*((?:"[^"]*"|'[^']*'|[\w-]+)(?:\s*\.\s*(?:"[^"]*"|'[^']*'|[\w-]+))*)\s*="""
)
_PART = lazy_regex(r"""\s*("[^"]*"|'[^']*'|[\w-]+)\s*\.?""")


def toml_lines(text: str) -> dict[KeyPath, int]:
    """Line (from 1) of every table and of every key that starts a line."""
    found: dict[KeyPath, int] = {}
    counts: dict[KeyPath, int] = {}
    prefix: KeyPath = ()
    depth = 0
    plain = without_strings(text).split("\n")
    for number, line in enumerate(text.split("\n"), 1):
        if depth == 0 and (header := _HEADER.match(line)):
            prefix = _resolved(_parts(header[2]), counts)
            if header[1] == "[[":
                counts[prefix] = counts.get(prefix, -1) + 1
                prefix = (*prefix, counts[prefix])
            found.setdefault(prefix, number)
            continue
        if depth == 0 and (key := _KEY.match(line)):
            parts = _parts(key[1])
            for size in range(1, len(parts) + 1):
                found.setdefault((*prefix, *parts[:size]), number)
        bare = plain[number - 1] if number <= len(plain) else ""
        depth = max(depth + len(re.findall(r"[\[{]", bare)) - len(re.findall(r"[\]}]", bare)), 0)
    return found


def _parts(text: str) -> KeyPath:
    return tuple(part.strip("\"'") for part in _PART.findall(text))


def _resolved(parts: KeyPath, counts: Mapping[KeyPath, int]) -> KeyPath:
    """A header's path with the index of the array tables that it lies in."""
    path: KeyPath = ()
    for index, part in enumerate(parts):
        path = (*path, part)
        if path in counts and index < len(parts) - 1:
            path = (*path, counts[path])
    return path


def find_line(lines: Mapping[KeyPath, int], text: str, path: KeyPath, needle: str = "") -> int:
    """The line of the deepest known part of ``path``, moved on to where ``needle`` stands."""
    start = 1
    known: KeyPath = ()
    for size in range(len(path), 0, -1):
        if path[:size] in lines:
            start, known = lines[path[:size]], path[:size]
            break
    words = [str(part) for part in (*path, needle) if isinstance(part, str) and part]
    wanted = needle or (words[-1] if words else "")
    rows = text.split("\n")
    size = len(known)
    after = [line for key, line in lines.items() if line > start and key[:size] != known]
    end = min(after, default=len(rows) + 1) - 1
    for number in range(start, end + 1):
        if wanted and number <= len(rows) and wanted in rows[number - 1]:
            return number
    return start


def json_lines(text: str, root: str) -> dict[KeyPath, int]:
    """The line of the key ``root`` of a JSON file and, roughly, of the keys below it."""
    found: dict[KeyPath, int] = {}
    inside = False
    for number, line in enumerate(text.split("\n"), 1):
        for key in re.findall(r'"([^"\\]*)"\s*:', line):
            if key == root and not inside:
                inside = True
                found[()] = number
            elif inside:
                found.setdefault((key,), number)
    return found
