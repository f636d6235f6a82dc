"""Patterns that are compiled at their first use behave like compiled ones."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest

from archlint.model.pattern import lazy_regex


def test_methods_and_attributes_are_the_patterns_own() -> None:
    lazy, eager = lazy_regex(r"(\d+)-x", re.IGNORECASE), re.compile(r"(\d+)-x", re.IGNORECASE)
    text = "12-X and 7-x"
    assert lazy.findall(text) == eager.findall(text) == ["12", "7"]
    assert lazy.sub("_", text) == "_ and _"
    assert [m[1] for m in lazy.finditer(text)] == ["12", "7"]
    assert (lazy.pattern, lazy.flags, lazy.groups) == (eager.pattern, eager.flags, eager.groups)
    assert lazy_regex(rb"\xff+").fullmatch(b"\xff\xff") is not None


def test_an_invalid_source_is_told_at_the_first_use() -> None:
    lazy = lazy_regex("(")
    with pytest.raises(re.error):
        lazy.search("x")


def test_nothing_is_compiled_before_the_first_use() -> None:
    code = (
        "import re\n"
        "compiled = []\n"
        "real = re.compile\n"
        "re.compile = lambda *given: compiled.append(given) or real(*given)\n"
        "from archlint.model.pattern import lazy_regex\n"
        "lazy = lazy_regex('a+b')\n"
        "assert not compiled\n"
        "assert lazy.search('aab') and lazy.match('b') is None and lazy.search('ab')\n"
        "assert compiled == [('a+b', 0)], compiled\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
