"""The YAML that lockfiles are written in, read line by line; anything else goes to PyYAML.

pnpm and yarn write block mappings of plain or quoted scalars, one entry a line, with flow mappings
and sequences only as leaves. Reading just that is several times faster than a YAML parser.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from archlint.discovery.lockfiles.model import lines_of
from archlint.discovery.manifests.structured import load_yaml, strip_bom
from archlint.model.errors import ManifestError
from archlint.model.pattern import lazy_regex

_LINE = lazy_regex(
    r"( *)(?:- (.*)|(?:'((?:[^']|'')*)'|\"([^\"\\]*)\""
    r"|([^\s'\"#\[\]{}&*!|>%@`,?-][^#\"']*?|-[^\s#\"']+?)):(?: +(.*))?)$"
)
_COMMON = lazy_regex(r"( *)(?:'([^']*)'|([\w.][\w./+@()-]*)):(?: ([\w.][\w.()@/+-]*))?$", re.ASCII)
"""Most lines: a key, and nothing or a simple word; what it matches, ``_LINE`` reads the same."""
_DIGEST = lazy_regex(r" +resolution: \{integrity: [\w+/=-]+\}$", re.ASCII)
_PLAIN = lazy_regex(r"[^\s'\"#\[\]{}&*!|>%@`,?\\:-](?:[^:#\s]|:(?! )|(?<! )#| (?!#))*|-\S*")
_SINGLE = lazy_regex(r"'((?:[^']|'')*)'")
_DOUBLE = lazy_regex(r'"([^"\\]*)"')
_FLOW_ITEM = lazy_regex(
    r"\s*(?:'((?:[^']|'')*)'|\"([^\"\\]*)\"|([^\s'\"#\[\]{}&*!|>%@`,][^,\[\]{}]*?))\s*(,|:\s|\Z)"
)


class _UnusualError(Exception):
    """The text is YAML that this reader does not know."""


Keep = Callable[[str, dict[str, Any]], Any]
"""Given an entry's key and mapping: what to keep of it."""


def load_lock_yaml(path: str, text: str, keep: Mapping[str, Keep] | None = None) -> dict[str, Any]:
    """The mapping that a lockfile holds, all scalars as strings; raises ManifestError.

    ``keep`` names top-level sections whose block mappings it may turn into something smaller as
    soon as they are read (entries without lines of their own stay); digests of downloads are left
    out then. PyYAML's documents, for text that is out of the ordinary, are whole.

    Of several documents the last with packages or importers counts (pnpm writes its own tools'
    environment first).
    """
    text = strip_bom(text)
    documents: list[Any]
    try:
        documents = [
            _read(part, keep or {}) for part in re.split(r"^---.*\n", text, flags=re.MULTILINE)
        ]
    except _UnusualError:
        documents = load_yaml(path, text)
    mappings = [item for item in documents if isinstance(item, dict) and item]
    if not mappings:
        raise ManifestError(path, "is not a YAML mapping")
    for item in reversed(mappings):
        if "packages" in item or "importers" in item:
            return item
    return mappings[-1]


def _documents(text: str) -> list[str]:
    if not text.startswith("---") and "\n---" not in text:
        return [text]
    return re.split(r"^---.*\n", text, flags=re.MULTILINE)


def _read(text: str, keep: Mapping[str, Keep]) -> dict[str, Any]:
    """A block mapping; raises _UnusualError on anything outside the subset."""
    reader = _Reader(keep)
    for line in lines_of(text):
        if line and line[0] != "#" and not (keep and _DIGEST.match(line)):
            reader.line(line)
    reader.close(1)
    return reader.root


class _Reader:
    """The mappings that are open at a line, and the key that waits for its value."""

    __slots__ = ("_entry", "_keep", "_section", "pending", "root", "stack")

    def __init__(self, keep: Mapping[str, Keep]) -> None:
        self.root: dict[str, Any] = {}
        self.stack: list[tuple[int, dict[str, Any]]] = [(0, self.root)]
        self.pending: tuple[dict[str, Any], str, int] | None = None
        self._keep = keep
        self._section = ""
        self._entry = ""

    def line(self, line: str) -> None:
        """Read one line."""
        common = _COMMON.match(line)
        if common is not None:
            space, quoted, plain, value = common.groups()
            self._pair(len(space), plain if quoted is None else quoted, value)
            return
        match = _LINE.match(line)
        if match is None:
            raise _UnusualError
        if match[2] is not None:
            self.pending = _sequence_item(self.pending, len(match[1]), match[2])
            return
        written = match[6].strip() if match[6] is not None else ""
        self._pair(len(match[1]), _key(match), _value(written) if written else None)

    def _pair(self, indent: int, key: str, value: Any) -> None:
        """A key with its value, None for a value that follows."""
        if self.pending is not None:
            self._open(indent, *self.pending)
        stack = self.stack
        while indent < stack[-1][0]:
            self._pop()
        if indent != stack[-1][0] or len(stack) > 20:
            raise _UnusualError
        mapping = stack[-1][1]
        if value is None:
            mapping[key] = ""
            self.pending = (mapping, key, indent)
        else:
            mapping[key] = value

    def _open(self, indent: int, parent: dict[str, Any], name: str, depth: int) -> None:
        """Begin the mapping that follows a key, if one does."""
        self.pending = None
        if indent <= depth:
            return
        if isinstance(parent[name], list):
            raise _UnusualError
        child: dict[str, Any] = {}
        parent[name] = child
        self.stack.append((indent, child))
        if len(self.stack) == 2:
            self._section = name
        elif len(self.stack) == 3:
            self._entry = name

    def _pop(self) -> None:
        _, done = self.stack.pop()
        if len(self.stack) == 2 and self._section in self._keep:
            self.stack[1][1][self._entry] = self._keep[self._section](self._entry, done)

    def close(self, depth: int) -> None:
        """Close the mappings that are open, down to ``depth`` of them."""
        while len(self.stack) > depth:
            self._pop()


def _key(match: re.Match[str]) -> str:
    if match[3] is not None:
        return match[3].replace("''", "'")
    return match[4] if match[4] is not None else match[5].rstrip()


def _sequence_item(
    pending: tuple[dict[str, Any], str, int] | None, indent: int, item: str
) -> tuple[dict[str, Any], str, int]:
    """``- x`` below a key: only sequences of scalars."""
    if pending is None or indent < pending[2]:
        raise _UnusualError
    parent, name, _ = pending
    if not isinstance(parent[name], list):
        parent[name] = []
    value = _value(item.strip())
    if not isinstance(value, str) or item.rstrip().endswith(":"):
        raise _UnusualError
    parent[name].append(value)
    return pending


def _value(text: str) -> Any:
    if text[0] == "'":
        match = _SINGLE.fullmatch(text)
        if match is None:
            raise _UnusualError
        return match[1].replace("''", "'")
    if text[0] == '"':
        match = _DOUBLE.fullmatch(text)
        if match is None:
            raise _UnusualError
        return match[1]
    if text[0] in "{[":
        return _flow(text)
    if _PLAIN.fullmatch(text) is None:
        raise _UnusualError
    return text


def _flow(text: str) -> Any:
    """``{a: b, c: d}`` or ``[a, b]`` of scalars."""
    closing = "}" if text[0] == "{" else "]"
    if text[-1] != closing:
        raise _UnusualError
    words: list[tuple[str, str]] = []
    at, body = 0, text[1:-1].strip()
    while at < len(body):
        match = _FLOW_ITEM.match(body, at)
        if match is None:
            raise _UnusualError
        single, double, plain, separator = match.groups()
        word = single.replace("''", "'") if single is not None else double
        words.append((plain if word is None else word, separator.strip()))
        at = match.end()
    if closing == "]":
        if any(separator == ":" for _, separator in words):
            raise _UnusualError
        return [word for word, _ in words]
    pairs = list(zip(words[::2], words[1::2], strict=False))
    if len(words) % 2 or any(k[1] != ":" or v[1] == ":" for k, v in pairs):
        raise _UnusualError
    return {key[0]: value[0] for key, value in pairs}
