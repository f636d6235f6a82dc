"""JSON, JSON with comments and YAML, read with bounds that hostile input cannot break."""

from __future__ import annotations

import re
from typing import Any, TypeVar

import msgspec

from archlint.model.errors import ManifestError
from archlint.model.pattern import lazy_regex

MAX_DEPTH = 100
"""Nesting that no honest manifest reaches; deeper input is refused."""
MAX_ALIASES = 100
"""YAML aliases per file; more is taken for a bomb."""

# No possessive groups: before 3.11.5 Python loses their matches.
_JSONC_TOKEN = lazy_regex(
    r'"[^"\\]*(?:\\.[^"\\]*)*(?:"|\\?\Z)'  # a string, kept
    r"|//[^\n]*+|/\*[^*]*(?:\*(?!/)[^*]*)*(?:\*/|\Z)",
    re.DOTALL,
)
_TRAILING_COMMA = lazy_regex(r'"[^"\\]*(?:\\.[^"\\]*)*(?:"|\\?\Z)|,(?=\s*+[}\]])', re.DOTALL)
_NOT_NEWLINE = lazy_regex(r"[^\n]")
_DEEP_INLINE = lazy_regex(r"(?:[-?:][ \t]+){60}")
_DEEP_INDENT = lazy_regex(r"^ {600}", re.MULTILINE)
_ALIAS = lazy_regex(r"(?:^|[:,\-\[{?][ \t]+)\*[^\s*]", re.MULTILINE)
_BRACKET = lazy_regex(r"[\[{\]}]")

T = TypeVar("T")


def strip_bom(text: str) -> str:
    """The text without a leading byte order mark."""
    return text[1:] if text.startswith("\ufeff") else text


def decode_json(path: str, text: str) -> Any:
    """Decode JSON to plain data at most ``MAX_DEPTH`` deep; raises ManifestError."""
    data: Any = decode_json_as(path, text, Any)
    check_depth(path, data)
    return data


def decode_json_as(path: str, text: str, kind: type[T] | Any) -> T:
    """Decode JSON to ``kind``, skipping what it has no field for; raises ManifestError."""
    try:
        result: T = msgspec.json.decode(strip_bom(text), type=kind)
    except RecursionError:
        raise ManifestError(path, "is nested too deeply") from None
    except (msgspec.MsgspecError, UnicodeError, ValueError) as error:
        raise ManifestError(path, f"is not valid JSON: {one_line(error)}") from None
    return result


def one_line(error: Exception) -> str:
    """An exception's message on one line, at most 120 characters."""
    return " ".join(str(error).split())[:120]


def strip_comments(text: str) -> str:
    """JSON with comments and trailing commas as plain JSON; every line keeps its number."""

    def blank(match: re.Match[str]) -> str:
        token = match[0]
        return token if token[0] == '"' else _NOT_NEWLINE.sub(" ", token)

    plain = _JSONC_TOKEN.sub(blank, strip_bom(text))
    return _TRAILING_COMMA.sub(lambda m: " " if m[0] == "," else m[0], plain)


def decode_jsonc(path: str, text: str) -> Any:
    """Decode JSON with comments and trailing commas; raises ManifestError."""
    return decode_json(path, strip_comments(text))


def check_depth(path: str, data: Any) -> None:
    """Refuse data nested deeper than ``MAX_DEPTH``: later stages may recurse over it."""
    level: list[Any] = [data] if isinstance(data, dict | list) else []
    for _ in range(MAX_DEPTH):
        level = [
            child
            for item in level
            for child in (item.values() if isinstance(item, dict) else item)
            if isinstance(child, dict | list)
        ]
        if not level:
            return
        if len(level) > 2_000_000:  # shared nodes behind YAML aliases, multiplied by the walk
            break
    raise ManifestError(path, "is nested too deeply")


def load_yaml(path: str, text: str) -> list[Any]:
    """Every document of a YAML stream, all scalars as strings; raises ManifestError.

    Tags are ignored, Python tags, deep nesting and many aliases refused before the parser runs.
    """
    import yaml  # takes longer than most repos have YAML

    _guard_yaml(path, text)
    loader: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
    try:
        documents = list(yaml.load_all(strip_bom(text), Loader=loader))
    except RecursionError:
        raise ManifestError(path, "is nested too deeply") from None
    except (yaml.YAMLError, ValueError, TypeError, UnicodeError) as error:
        raise ManifestError(path, f"is not valid YAML: {one_line(error)}") from None
    containers = [item for item in documents if isinstance(item, dict | list)]
    check_depth(path, containers)
    return documents


def _guard_yaml(path: str, text: str) -> None:
    if "!!python/" in text or "tag:yaml.org,2002:python" in text:
        raise ManifestError(path, "carries Python tags")
    if sum(1 for _ in _ALIAS.finditer(text)) > MAX_ALIASES:
        raise ManifestError(path, "has too many YAML aliases")
    if _DEEP_INLINE.search(text) or _DEEP_INDENT.search(text):
        raise ManifestError(path, "is nested too deeply")
    depth = 0
    for bracket in _BRACKET.finditer(text):
        depth = depth + 1 if bracket[0] in "[{" else max(depth - 1, 0)
        if depth > MAX_DEPTH:
            raise ManifestError(path, "is nested too deeply")


def text_map(value: Any) -> dict[str, str]:
    """The string entries of a mapping; anything else is dropped."""
    if not isinstance(value, dict):
        return {}
    return {k: v for k, v in value.items() if isinstance(k, str) and isinstance(v, str)}


def text_list(value: Any) -> tuple[str, ...]:
    """The strings of a list; anything else is dropped."""
    if not isinstance(value, list):
        return ()
    return tuple(item for item in value if isinstance(item, str))
