"""Making text from a repo harmless to show: control and bidi characters are spelt out."""

from __future__ import annotations

import re
import unicodedata

_SUSPECT = re.compile(r"[^\x20-\x7e]")


def _spell(match: re.Match[str]) -> str:
    char = match.group()
    category = unicodedata.category(char)
    if category[0] == "C" or category in {"Zl", "Zp"}:
        return f"\\u{{{ord(char):x}}}"
    return char


def plain(text: str) -> str:
    """One line without anything that could act: every character of category C becomes \\u{...}."""
    return _SUSPECT.sub(_spell, text.replace("\t", "  "))


def code_span(text: str) -> str:
    """A Markdown code span with a fence longer than any run of backticks in the text."""
    shown = plain(text).replace("|", "\\|")
    longest = max((len(run) for run in re.findall(r"`+", shown)), default=0)
    fence = "`" * (longest + 1)
    pad = " " if shown.startswith("`") or shown.endswith("`") else ""
    return f"{fence}{pad}{shown}{pad}{fence}"


_MARKDOWN = re.compile(r"([\\`*_{}\[\]()<>#+!|~&])")


def markdown_text(text: str) -> str:
    """Text that Markdown and the HTML within it leave alone."""
    return _MARKDOWN.sub(r"\\\1", plain(text))
