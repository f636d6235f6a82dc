"""The compiled tables say what the TOML says."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import msgspec
import pytest

from archlint.knowledge import tables

SOURCES = sorted(p.relative_to(tables.FOLDER).as_posix() for p in tables.FOLDER.rglob("*.toml"))


@pytest.mark.parametrize("name", SOURCES)
def test_a_compiled_table_is_that_of_its_source(name: str) -> None:
    text = tables.data(name)
    check, compiled = tables._compiled()[name]
    assert check == tables.checksum(text), "run scripts/compile_tables.py"
    assert msgspec.json.decode(compiled) == tomllib.loads(text.decode())


def test_nothing_else_is_compiled() -> None:
    assert sorted(tables._compiled()) == SOURCES, "run scripts/compile_tables.py"


def test_an_edited_table_counts_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "some.toml").write_text('word = "new"\n')
    line = f'some.toml {tables.checksum(b"")} {{"word": "old"}}\n'
    (tmp_path / "compiled.jsonl").write_text(line)
    monkeypatch.setattr(tables, "FOLDER", tmp_path)
    monkeypatch.setattr(tables, "COMPILED", tmp_path / "compiled.jsonl")
    tables._compiled.cache_clear()
    try:
        assert tables.table("some.toml", dict[str, Any]) == {"word": "new"}
    finally:
        tables._compiled.cache_clear()


def test_without_the_compiled_file_the_source_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "some.toml").write_text("number = 1\n")
    monkeypatch.setattr(tables, "FOLDER", tmp_path)
    monkeypatch.setattr(tables, "COMPILED", tmp_path / "compiled.jsonl")
    tables._compiled.cache_clear()
    try:
        assert tables.table("some.toml", dict[str, Any]) == {"number": 1}
    finally:
        tables._compiled.cache_clear()
