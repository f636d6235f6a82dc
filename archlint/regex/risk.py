"""How bad an expression can be at most, told by its quantifiers alone: most need no automaton."""

from __future__ import annotations

import re
from functools import lru_cache

from archlint.model.pattern import lazy_regex

NONE, POLYNOMIAL, EXPONENTIAL = range(3)

_ATOM = lazy_regex(
    r"\\(?:u\{[^}]*\}|[pP]\{[^}]*\}|k<[^>]*>|.)|\[\^?(?:\\.|[^\]\\])*\]|\(\?<?[=!:]|\(\?<[^>]*>",
    re.DOTALL,
)
"""Escapes and classes, and how groups begin."""
_ENDLESS = lazy_regex(r"[*+]|\{(?:\d+,\}|(?:\d+,)?(?:9|\d{2,})\})")
"""A quantifier that counts as unbounded, as the automaton takes it."""
_LOOPED_GROUP = lazy_regex(r"\)(?:[*+]|\{(?:\d+,\}|(?:\d+,)?(?:9|\d{2,})\}))")
_AT_END = lazy_regex(r"(?:[*+]|\{\d+,\})\??\)*")


@lru_cache(maxsize=16_384)
def worst_case(source: str, flags: str = "") -> int:
    """``NONE``, ``POLYNOMIAL`` or ``EXPONENTIAL``: no analysis finds more than that.

    Exponential time takes a repeated group; polynomial time takes two loops, or one after the
    search for a match's beginning, and something behind it at which a match can fail.
    """
    if "v" in flags:
        return EXPONENTIAL
    plain = _ATOM.sub(_plain, source)
    loops = [match.start() for match in _ENDLESS.finditer(plain)]
    if not loops:
        return NONE
    if _LOOPED_GROUP.search(plain):
        return EXPONENTIAL
    branches = "|" in plain or "=" in plain
    if len(loops) > 1 or branches or "){" in plain:
        return POLYNOMIAL
    anchored = (plain.startswith("^") and "m" not in flags) or "y" in flags
    return NONE if anchored or _AT_END.fullmatch(plain, loops[0]) else POLYNOMIAL


def _plain(match: re.Match[str]) -> str:
    """An atom as one letter; the beginning of a lookaround as ``=(``, of a group as ``(``."""
    text = match.group()
    if not text.startswith("("):
        return "a"
    return "=(" if text[-1] in "=!" else "("
