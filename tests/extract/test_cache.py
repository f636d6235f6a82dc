"""The cache of facts: any doubt is a miss, any error in writing means no cache."""

from __future__ import annotations

import os
from multiprocessing import get_context
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archlint.extract.cache import FactCache, default_folder

VERSION = b"v" * 16


def filled(folder: Path, count: int = 5) -> dict[bytes, bytes]:
    cache = FactCache(folder, "/repo", VERSION)
    entries = {cache.key(f"{i}.js", "javascript", b"x"): b"facts %d" % i * 20 for i in range(count)}
    for key, blob in entries.items():
        cache.put(key, blob)
    cache.commit()
    return entries


def segments(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*.facts"))


def read(folder: Path, keys: list[bytes], version: bytes = VERSION) -> list[bytes | None]:
    cache = FactCache(folder, "/repo", version)
    try:
        return [cache.get(key) for key in keys]
    finally:
        cache.close()


def test_what_is_put_is_found_by_version_path_language_and_content(tmp_path: Path) -> None:
    entries = filled(tmp_path)
    assert read(tmp_path, list(entries)) == list(entries.values())
    assert read(tmp_path, list(entries), b"w" * 16) == [None] * 5
    cache = FactCache(tmp_path, "/repo", VERSION)
    keys = {
        cache.key("a.js", "javascript", b"x"),
        cache.key("b.js", "javascript", b"x"),
        cache.key("a.js", "tsx", b"x"),
        cache.key("a.js", "javascript", b"y"),
        cache.key("a.jsj", "avascript", b"x"),
    }
    assert len(keys) == 5


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_damage_is_a_miss_and_never_a_lie(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    folder = tmp_path_factory.mktemp("cache")
    entries = filled(folder)
    (segment,) = segments(folder)
    content = bytearray(segment.read_bytes())
    kind = data.draw(st.sampled_from(["flip", "cut", "append", "zero", "empty"]))
    at = data.draw(st.integers(0, len(content) - 1))
    if kind == "flip":
        content[at] ^= data.draw(st.integers(1, 255))
    elif kind == "cut":
        del content[at:]
    elif kind == "append":
        content += data.draw(st.binary(min_size=1, max_size=50))
    elif kind == "zero":
        content[at : at + 40] = bytes(len(content[at : at + 40]))
    else:
        content.clear()
    segment.write_bytes(content)
    found = read(folder, list(entries))
    assert all(f in (None, e) for f, e in zip(found, entries.values(), strict=True))


def test_segments_are_merged_and_keep_what_was_used(tmp_path: Path) -> None:
    keys: list[bytes] = []
    for i in range(20):
        cache = FactCache(tmp_path, "/repo", VERSION)
        for key in keys:
            cache.get(key)
        key = cache.key("a.js", "javascript", b"%d" % i)
        cache.put(key, b"x" * 100)
        keys.append(key)
        cache.commit()
    assert len(segments(tmp_path)) <= 7
    assert read(tmp_path, keys) == [b"x" * 100] * 20


def test_unused_entries_do_not_pile_up(tmp_path: Path) -> None:
    for i in range(60):
        cache = FactCache(tmp_path, "/repo", VERSION)
        cache.put(cache.key("a.js", "javascript", b"%d" % i), b"x" * 1000)
        cache.commit()
    assert sum(path.stat().st_size for path in segments(tmp_path)) < 30_000


def test_folders_that_cannot_be_used(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    (tmp_path / "dangling").symlink_to("nowhere/at/all")
    open_to_all = tmp_path / "open"
    open_to_all.mkdir()
    open_to_all.chmod(0o777)
    for folder in (tmp_path / "file", tmp_path / "file/x", open_to_all, Path("/proc/none")):
        entries = filled(folder)
        assert read(folder, list(entries)) == [None] * 5
    assert list(open_to_all.rglob("*.facts")) == []


def test_files_and_folders_are_the_users_alone(tmp_path: Path) -> None:
    filled(tmp_path / "cache")
    for path in [tmp_path / "cache", *(tmp_path / "cache").rglob("*")]:
        assert path.stat().st_mode & 0o077 == 0


def test_links_in_place_of_segments_are_not_followed(tmp_path: Path) -> None:
    entries = filled(tmp_path)
    (segment,) = segments(tmp_path)
    segment.rename(tmp_path / "elsewhere")
    segment.symlink_to(tmp_path / "elsewhere")
    assert read(tmp_path, list(entries)) == [None] * 5


def test_a_pipe_in_place_of_a_segment_is_a_miss_and_no_wait(tmp_path: Path) -> None:
    entries = filled(tmp_path)
    (segment,) = segments(tmp_path)
    segment.unlink()
    os.mkfifo(segment)
    reader = get_context("spawn").Process(target=read, args=(tmp_path, list(entries)))
    reader.start()
    reader.join(20)
    waits = reader.is_alive()
    reader.kill()
    assert not waits
    assert read(tmp_path, list(entries)) == [None] * len(entries)


def test_leftovers_of_killed_processes_are_removed(tmp_path: Path) -> None:
    filled(tmp_path)
    home = segments(tmp_path)[0].parent
    (home / "tmp-999999999-abc").write_text("half")
    own = home / f"tmp-{os.getpid()}-abc"
    own.write_text("at work")
    cache = FactCache(tmp_path, "/repo", VERSION)
    cache.put(b"k" * 16, b"new")
    cache.commit()
    assert sorted(p.name for p in home.glob("tmp-*")) == [own.name]


def test_the_default_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ARCHLINT_CACHE_DIR", "/c")
    assert default_folder() == Path("/c")
    monkeypatch.delenv("ARCHLINT_CACHE_DIR")
    monkeypatch.setenv("XDG_CACHE_HOME", "/x")
    assert default_folder() == Path("/x/archlint")
    monkeypatch.setenv("XDG_CACHE_HOME", "relative")
    monkeypatch.setenv("HOME", "/h")
    assert default_folder() == Path("/h/.cache/archlint")
