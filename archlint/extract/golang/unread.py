"""Bodies of Go functions that nobody looks into, made blank before the file is parsed.

Parsing is the largest part of what a file costs, and a run of blanks costs next to nothing. Every
byte keeps its place. Bodies are found as gofmt lays them out, from a line that starts with ``func``
and ends with ``{`` to the next line that is ``}``; where that leads astray (a raw string or a
comment that holds such lines), what is left over is no Go, and the caller parses the file itself.
"""

from __future__ import annotations

import re

from archlint.extract.golang.comments import has_directives, is_generated
from archlint.model.pattern import lazy_regex

TEST = "_test.go"
_HEAD = lazy_regex(rb"\nfunc\b[^\n]*\{(?=\r?\n)")
_END = lazy_regex(rb"\n\}(?=[ \t\r\n]|\Z)")
_PACKAGE = lazy_regex(rb"^package\b", re.MULTILINE)


def without_unread(path: str, data: bytes) -> bytes:
    """The file with blanks for the bodies that nobody looks into; itself when there are none.

    In tests these are all bodies, unless comments speak of findings there; in generated code those
    that call nothing: they lead nowhere, and no rule reports what a generator wrote.
    """
    if path.endswith(TEST):
        return data if has_directives(data) else _blanked(data, everything=True)
    package = _PACKAGE.search(data)
    header = data[: package.start()] if package else b""
    return _blanked(data, everything=False) if is_generated(header) else data


def _blanked(data: bytes, *, everything: bool) -> bytes:
    parts: list[bytes] = []
    at = 0
    for head in _HEAD.finditer(data):
        start = head.end()
        if start < at:
            continue
        end = _END.search(data, start)
        if end is None:
            return data
        body = data[start : end.start()]
        if body.count(b"`") % 2:
            return data
        if body and (everything or b"(" not in body):
            parts += (data[at:start], b" " * len(body))
            at = end.start()
    return b"".join((*parts, data[at:])) if parts else data
