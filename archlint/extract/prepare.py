"""What a file's bytes must be before they are parsed: text, hand-written, in UTF-8."""

from __future__ import annotations

import codecs
import re

from archlint.model.pattern import lazy_regex

_LONG_LINE = 5_000
_LONG_AVERAGE = 500
_SCRIPT = lazy_regex(rb"<script\b([^>]{0,2000})>(.*?)</script\s*>", re.DOTALL | re.IGNORECASE)
_LANG = lazy_regex(rb"\blang\s*=\s*[\"']?([\w/]+)")
_BLANK = bytes(byte if byte in b"\r\n" else 32 for byte in range(256))
_LANGUAGES = {b"ts": "typescript", b"typescript": "typescript", b"tsx": "tsx"}


def obstacle(data: bytes) -> str:
    """Why the bytes are not worth parsing, "" when they are."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "UTF-16, not UTF-8"
    if b"\0" in data:
        return "binary (holds NUL bytes)"
    return _minified(data)


def _minified(data: bytes) -> str:
    """The reason for a file of few, very long lines."""
    if len(data) <= _LONG_LINE:
        return ""
    count = data.count(b"\n") + 1
    if len(data) / count <= _LONG_AVERAGE:
        return ""
    longest = max(map(len, data.split(b"\n")))
    return f"minified (a line of {longest} bytes)" if longest > _LONG_LINE else ""


def _mask(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeDecodeError)
    return "?" * (error.end - error.start), error.end


codecs.register_error("archlint-mask", _mask)


def as_utf8(data: bytes) -> tuple[bytes, str]:
    """The bytes as valid UTF-8 of the same length, and what was wrong with them ("" for nothing).

    Invalid bytes become ``?``; a byte order mark becomes blanks.
    """
    if data.startswith(codecs.BOM_UTF8):
        data = b"   " + data[3:]
    if data.isascii():
        return data, ""
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("utf-8", "archlint-mask").encode("utf-8"), "invalid UTF-8"
    return data, ""


def scripts_only(data: bytes) -> tuple[bytes, str]:
    """A .vue or .svelte file with all but its scripts blanked, and the scripts' language."""
    parts: list[bytes] = []
    language = "javascript"
    at = 0
    for found in _SCRIPT.finditer(data):
        named = _LANG.search(found.group(1))
        if named is not None:
            language = _LANGUAGES.get(named.group(1), language)
        parts.append(data[at : found.start(2)].translate(_BLANK))
        parts.append(found.group(2))
        at = found.end(2)
    parts.append(data[at:].translate(_BLANK))
    return b"".join(parts), language
