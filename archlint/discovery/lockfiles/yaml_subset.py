"""The YAML that lockfiles are written in, read line by line; anything else goes to PyYAML.

pnpm and yarn write block mappings of plain or quoted scalars, one entry a line, with flow mappings
and sequences only as leaves. Reading just that is several times faster than a YAML parser.
"""

from __future__ import annotations

import re
from typing import Any

from archlint.discovery.manifests.structured import load_yaml, strip_bom
from archlint.model.errors import ManifestError

_LINE = re.compile(
    r"( *)(?:- (.*)|(?:'((?:[^']|'')*)'|\"([^\"\\]*)\""
    r"|([^\s'\"#\[\]{}&*!|>%@`,?-][^#\"']*?|-[^\s#\"']+?)):(?: +(.*))?)$"
)
_PLAIN = re.compile(r"[^\s'\"#\[\]{}&*!|>%@`,?\\:-](?:[^:#\s]|:(?! )|(?<! )#| (?!#))*|-\S*")
_SINGLE = re.compile(r"'((?:[^']|'')*)'")
_DOUBLE = re.compile(r'"([^"\\]*)"')
_FLOW_ITEM = re.compile(
    r"\s*(?:'((?:[^']|'')*)'|\"([^\"\\]*)\"|([^\s'\"#\[\]{}&*!|>%@`,][^,\[\]{}]*?))\s*(,|:\s|\Z)"
)


class _UnusualError(Exception):
    """The text is YAML that this reader does not know."""


def load_lock_yaml(path: str, text: str) -> dict[str, Any]:
    """The mapping that a lockfile holds, all scalars as strings; raises ManifestError.

    Of several documents the last with packages or importers counts (pnpm writes its own tools'
    environment first).
    """
    text = strip_bom(text)
    documents: list[Any]
    try:
        documents = [_read(part) for part in re.split(r"^---.*\n", text, flags=re.MULTILINE)]
    except _UnusualError:
        documents = load_yaml(path, text)
    mappings = [item for item in documents if isinstance(item, dict) and item]
    if not mappings:
        raise ManifestError(path, "is not a YAML mapping")
    for item in reversed(mappings):
        if "packages" in item or "importers" in item:
            return item
    return mappings[-1]


def _read(text: str) -> dict[str, Any]:
    """A block mapping; raises _UnusualError on anything outside the subset."""
    root: dict[str, Any] = {}
    stack: list[tuple[int, dict[str, Any]]] = [(0, root)]
    pending: tuple[dict[str, Any], str, int] | None = None
    for line in text.splitlines():
        if not line or line.startswith("#"):
            continue
        match = _LINE.match(line)
        if match is None:
            raise _UnusualError
        indent = len(match[1])
        if match[2] is not None:
            pending = _sequence_item(pending, indent, match[2])
            continue
        if pending is not None:
            parent, name, depth = pending
            pending = None
            if indent > depth:
                if isinstance(parent[name], list):
                    raise _UnusualError
                child: dict[str, Any] = {}
                parent[name] = child
                stack.append((indent, child))
        while indent < stack[-1][0]:
            stack.pop()
        if indent != stack[-1][0] or len(stack) > 20:
            raise _UnusualError
        mapping = stack[-1][1]
        key = _key(match)
        if match[6] is None or not match[6].strip():
            mapping[key] = ""
            pending = (mapping, key, indent)
        else:
            mapping[key] = _value(match[6].strip())
    return root


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
