"""Ignore files against git's documented behaviour, and against hostile patterns."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archlint.discovery.ignore import IgnoreFile, parse_pattern

CASES = [
    ("*.log", "a/b.log", False, True),
    ("*.log", "b.logs", False, None),
    ("/a", "a", False, True),
    ("/a", "x/a", False, None),
    ("a/b", "a/b", False, True),
    ("a/b", "x/a/b", False, None),
    ("build/", "build", True, True),
    ("build/", "build", False, None),
    ("x/build/", "x/build", True, True),
    ("**/foo", "a/b/foo", False, True),
    ("**/foo/bar", "foo/bar", False, True),
    ("foo/**", "foo/a/b", False, True),
    ("foo/**", "foo", True, None),
    ("a/**/b", "a/b", False, True),
    ("a/**/b", "a/x/y/b", False, True),
    ("a/*/b", "a/x/y/b", False, None),
    ("te?t", "test", False, True),
    ("[a-c].js", "b.js", False, True),
    ("[!a-c].js", "b.js", False, None),
    ("[^a-c].js", "d.js", False, True),
    (r"\#x", "#x", False, True),
    (r"\!x", "!x", False, True),
    ("# comment", "# comment", False, None),
    ("trailing   ", "trailing", False, True),
    (r"kept\ ", "kept ", False, True),
    ("a*b*c", "a1b2c", False, True),
    ("*.*.js", "a.b.js", False, True),
    ("é*", "été", False, True),
]


@pytest.mark.parametrize(("pattern", "path", "folder", "expected"), CASES)
def test_patterns(pattern: str, path: str, folder: bool, expected: bool | None) -> None:
    ignore = IgnoreFile(pattern + "\n")
    assert ignore.decide(path, path.rpartition("/")[2], folder=folder) is expected


def test_the_last_pattern_wins() -> None:
    ignore = IgnoreFile("*.js\n!keep.js\n*.min.js\n")
    assert ignore.decide("keep.js", "keep.js", folder=False) is False
    assert ignore.decide("a/x.js", "x.js", folder=False) is True
    assert ignore.decide("keep.min.js", "keep.min.js", folder=False) is True


_segment = st.text("ab*?", min_size=1, max_size=4).filter(lambda s: s != "**")
_glob = st.lists(st.one_of(_segment, st.just("**")), min_size=1, max_size=4).map("/".join)
_path = st.lists(st.text("ab", min_size=1, max_size=3), min_size=1, max_size=4)


@given(st.lists(_glob, min_size=1, max_size=3), _path)
def test_no_pattern_matches_less_than_its_literal_self(globs: list[str], path: list[str]) -> None:
    literal = "/" + "/".join(path)
    ignore = IgnoreFile("\n".join([*globs, literal]))
    assert ignore.decide("/".join(path), path[-1], folder=False) is True


def test_git_agrees(tmp_path: Path) -> None:
    lines = sorted({pattern for pattern, *_ in CASES})
    paths = sorted({path for _, path, folder, _ in CASES if not folder})
    subprocess.run(["git", "init", "-q", tmp_path], check=True)
    for line in lines:
        (tmp_path / ".gitignore").write_text(line + "\n")
        told = subprocess.run(
            ["git", "-C", tmp_path, "check-ignore", "--no-index", "-z", "--stdin"],
            input="\0".join(paths).encode(),
            capture_output=True,
            check=False,
        )
        git = set(told.stdout.decode().split("\0")) - {""}
        ignore = IgnoreFile(line + "\n")
        assert {p for p in paths if _ignored(ignore, p)} == git, line


def _ignored(ignore: IgnoreFile, path: str) -> bool:
    parts = path.split("/")
    for depth in range(1, len(parts) + 1):
        verdict = ignore.decide(
            "/".join(parts[:depth]), parts[depth - 1], folder=depth < len(parts)
        )
        if verdict is not None:
            return verdict
    return False


def test_hostile_patterns_are_harmless() -> None:
    hostile = "/".join(["**"] * 40) + "/a\n" + "*a" * 40 + "b\n" + "[" * 500 + "\n\\\n!\n!!\n"
    ignore = IgnoreFile(hostile + "".join(f"x{i}*\n" for i in range(20_000)))
    assert ignore.truncated
    assert ignore.decide("a" * 200 + ".js", "a" * 200 + ".js", folder=False) is None
    assert ignore.decide("aa/" * 60 + "a" * 100, "a" * 100, folder=False) is None


def test_unclosed_class_matches_nothing() -> None:
    assert parse_pattern("a[b") is None
