"""Framework tables: complete, checked, and expanded as they say."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archlint.knowledge.builtins import builtin_module, is_global
from archlint.knowledge.frameworks import Framework, expand, frameworks, parse_framework
from archlint.model.errors import ArchlintError

TABLES = frameworks("node")
WORDS = st.text(alphabet="abcxyz", min_size=1, max_size=4)


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_says_where_its_facts_come_from(table: Framework) -> None:
    assert "://" in table.source
    assert table.version
    assert datetime.date.fromisoformat(table.date)


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_names_are_canonical(table: Framework) -> None:
    patterns = [p for entry in table.call for p in entry.callee]
    patterns += [p for entry in table.mount for p in entry.callee]
    patterns += [p for entry in table.decorator for p in entry.name]
    patterns += [p for alias in table.alias for p in (*alias.name, alias.means)]
    names = [name for pattern in patterns for name in expand(pattern)]
    assert all(name.startswith(("npm:", "node:", "global:")) for name in names)
    assert not any("{" in name or "}" in name for name in names)


def test_at_least_fifteen_frameworks_serve_requests() -> None:
    serving = [
        table
        for table in TABLES
        if any(e.kind == "request" for e in (*table.call, *table.decorator, *table.file))
    ]
    assert len(serving) >= 15


@given(WORDS, st.lists(WORDS, min_size=1, max_size=3), st.lists(WORDS, min_size=1, max_size=3))
def test_expand_spells_every_combination(head: str, first: list[str], second: list[str]) -> None:
    pattern = f"{head}.{{{','.join(first)}}}().{{{','.join(second)}}}"
    assert expand(pattern) == tuple(f"{head}.{a}().{b}" for a in first for b in second)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"colour": 1}, "colour"),
        ({"call": [{"callee": ["npm:x"]}]}, "handlers"),
        ({"call": [{"callee": ["npm:x"], "handlers": ["0"], "kind": "often"}]}, "often"),
    ],
)
def test_mistakes_are_named(change: dict[str, object], words: str) -> None:
    data = {"name": "x", "source": "s", "version": "1", "date": "2026-01-01", **change}
    with pytest.raises(ArchlintError, match=words):
        parse_framework(data, "archlint.toml")


def test_builtin_modules() -> None:
    assert builtin_module("fs") == "node:fs"
    assert builtin_module("node:fs/promises") == "node:fs/promises"
    assert builtin_module("punycode/") == ""
    assert builtin_module("sqlite") == ""
    assert builtin_module("express") == ""
    assert is_global("setTimeout")
    assert not is_global("fs")
