"""Making text of the scanned repo harmless in each kind of output."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from archlint.model.pattern import lazy_regex

_PLAIN = lazy_regex(r"[ -~]*+\Z")
_FENCE = lazy_regex(r"`+")


def printable(text: str) -> str:
    """The text with control, bidi, unassigned and separator characters written as escapes."""
    if _PLAIN.match(text):
        return text
    return "".join(map(_shown, text))


@lru_cache(maxsize=4096)
def _shown(char: str) -> str:
    category = unicodedata.category(char)
    if category[0] == "C" or category in {"Zl", "Zp"}:
        code = ord(char)
        return f"\\x{code:02x}" if code < 256 else f"\\u{{{code:x}}}"
    return char


def one_line(text: str) -> str:
    """The text on one line, printable."""
    return printable(" ".join(text.split()))


def xml(text: str) -> str:
    """For XML text and double-quoted attributes; XML 1.0 has no escapes for control characters."""
    return html(printable(text))


def html(text: str) -> str:
    """For HTML text and quoted attributes."""
    for char, entity in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ('"', "&quot;")):
        text = text.replace(char, entity)
    return text.replace("'", "&#39;")


def code_span(text: str) -> str:
    """A Markdown code span: its fence is longer than any run of backticks within."""
    plain = one_line(text).replace("|", "\\|")
    longest = max((len(run) for run in _FENCE.findall(plain)), default=0)
    fence = "`" * (longest + 1)
    pad = " " if longest or not plain else ""
    return f"{fence}{pad}{plain}{pad}{fence}"


def markdown(text: str) -> str:
    """Markdown prose: nothing in it is markup, a link, a mention or an issue number."""
    plain = html(one_line(text))
    plain = re.sub(r"([\\`*_{}\[\]()#+\-!|~])", r"\\\1", plain)
    return plain.replace("@", "&#64;").replace("://", ":&#47;&#47;")


def github_data(text: str) -> str:
    """The message of a workflow command; ``##`` is broken up since the runner obeys ``##[``."""
    text = printable_lines(text).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    return text.replace("##", "#\u200b#").replace("::", ":\u200b:")


def github_property(text: str) -> str:
    """A property of a workflow command."""
    return github_data(text).replace(":", "%3A").replace(",", "%2C")


def printable_lines(text: str) -> str:
    """Printable, line by line; line breaks stay."""
    return "\n".join(printable(line) for line in text.split("\n"))


def count(number: int, what: str) -> str:
    """``1 file``, ``2,000 files``."""
    return f"{number:,} {what}{'' if number == 1 else 's'}"
