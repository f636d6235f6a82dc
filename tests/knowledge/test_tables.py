"""The compiled tables say what the TOML says."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import msgspec
import pytest

from archlint.knowledge import compiled, tables

SOURCES = sorted(p.relative_to(tables.FOLDER).as_posix() for p in tables.FOLDER.rglob("*.toml"))


@pytest.mark.parametrize("name", SOURCES)
def test_a_compiled_table_is_that_of_its_source(name: str) -> None:
    text = tables.data(name)
    made = compiled.compiled(tables.COMPILED, name, text)
    assert made is not None, "run scripts/compile_data.py"
    assert msgspec.json.decode(made) == tomllib.loads(text.decode())


def test_nothing_else_is_compiled() -> None:
    found = sorted(compiled.entries(tables.COMPILED))
    assert found == SOURCES, "run scripts/compile_data.py"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder of tables."""
    monkeypatch.setattr(tables, "FOLDER", tmp_path)
    monkeypatch.setattr(tables, "COMPILED", tmp_path / "compiled.jsonl")
    return tmp_path


def test_the_compiled_form_is_read(folder: Path) -> None:
    (folder / "some.toml").write_bytes(b"not TOML at all")
    compiled.write(tables.COMPILED, [("some.toml", b"not TOML at all", b'{"number": 1}')])
    assert tables.table("some.toml", dict[str, Any]) == {"number": 1}


def test_an_edited_table_counts_at_once(folder: Path) -> None:
    (folder / "some.toml").write_text('word = "new"\n')
    compiled.write(tables.COMPILED, [("some.toml", b'word = "old"\n', b'{"word": "old"}')])
    assert tables.table("some.toml", dict[str, Any]) == {"word": "new"}


def test_without_the_compiled_file_the_source_is_read(folder: Path) -> None:
    (folder / "some.toml").write_text("number = 1\n")
    assert tables.table("some.toml", dict[str, Any]) == {"number": 1}
