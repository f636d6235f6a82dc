"""TOML read with bounds: tomllib is quadratic on dotted keys and recursive on nesting."""

from __future__ import annotations

import re
import tomllib
from typing import Any

from archlint.model.errors import ArchlintError
from archlint.model.pattern import lazy_regex

MAX_BYTES = 256 * 1024
MAX_KEY_PARTS = 12
MAX_NESTING = 40
_TOKEN = lazy_regex(
    r'"""[^"\\]*(?:(?:\\.|"(?!""))[^"\\]*)*(?:"""|\\?\Z)|' + r"'''[^']*(?:'(?!'')[^']*)*(?:'''|\Z)|"
    r'"[^"\\\n]*(?:\\.[^"\\\n]*)*"?|' + r"'[^'\n]*+'?|#[^\n]*+",
    re.DOTALL,
)
_DOTTED = lazy_regex(r"[A-Za-z0-9_-]++(?:[ \t]*+\.[ \t]*+[A-Za-z0-9_-]++)*")
_BRACKET = lazy_regex(r"[\[\]{}]")
_AT = lazy_regex(r"\(at line (\d+), column \d+\)")


def parse_toml(name: str, data: bytes) -> dict[str, Any]:
    """Decode a file that ``name`` stands for in messages; raises ArchlintError with the line."""
    text = decoded(name, data)
    plain = without_strings(text)
    _guard(name, plain)
    try:
        return tomllib.loads(text.replace("\r\n", "\n"))
    except tomllib.TOMLDecodeError as error:
        found = _AT.search(str(error))
        line = f":{found.group(1)}" if found else ""
        reason = _AT.sub("", str(error)).strip().rstrip(".")
        raise ArchlintError(f"{name}{line}: not valid TOML: {reason}") from None
    except (RecursionError, ValueError):
        raise ArchlintError(f"{name}: not valid TOML") from None


def decoded(name: str, data: bytes) -> str:
    """The text of a configuration file; raises ArchlintError when it is too large or no UTF-8."""
    if len(data) > MAX_BYTES:
        raise ArchlintError(f"{name}: larger than {MAX_BYTES // 1024} KB")
    try:
        return data.decode("utf-8").removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise ArchlintError(f"{name}:{line}: not valid UTF-8") from None


def without_strings(text: str) -> str:
    """The text with strings as ``s`` and comments gone; every line keeps its number."""

    def blank(match: re.Match[str]) -> str:
        token = match[0]
        return ("" if token[0] == "#" else "s") + "\n" * token.count("\n")

    return _TOKEN.sub(blank, text)


def _guard(name: str, plain: str) -> None:
    for found in _DOTTED.finditer(plain):
        if found[0].count(".") >= MAX_KEY_PARTS:
            line = plain.count("\n", 0, found.start()) + 1
            raise ArchlintError(f"{name}:{line}: a key of more than {MAX_KEY_PARTS} parts")
    depth = 0
    for bracket in _BRACKET.finditer(plain):
        depth = depth + 1 if bracket[0] in "[{" else max(depth - 1, 0)
        if depth > MAX_NESTING:
            line = plain.count("\n", 0, bracket.start()) + 1
            raise ArchlintError(f"{name}:{line}: nested too deeply")
