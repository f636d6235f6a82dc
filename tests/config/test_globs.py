"""Globs: what they match, in linear time."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archlint.config.globs import compiled, dead, matches, rooted

anywhere = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
"""A busy machine is no failure."""


@pytest.mark.parametrize(
    ("glob", "path", "hit"),
    [
        ("src/**", "src/a/b.js", True),
        ("src/**", "src", False),
        ("*.js", "a/b.js", True),
        ("*.js", "a/b.ts", False),
        ("src", "src/a", True),
        ("src", "x/src/a", True),
        ("/src", "x/src/a", False),
        ("src/*/t.js", "src/a/t.js", True),
        ("src/*/t.js", "src/a/b/t.js", False),
        ("**/test/**", "a/test/b", True),
        ("**/test/**", "test/b", True),
        ("a/**/b", "a/b", True),
        ("a/**/b", "a/x/y/b", True),
        ("a/**/b", "a/x/y/bc", False),
        ("{a,b}/*.ts", "b/x.ts", True),
        ("{a,b}/*.ts", "c/x.ts", False),
        ("[ab].js", "x/a.js", True),
        ("[!a].js", "x/a.js", False),
        ("a?c", "abc", True),
        ("a?c", "a/c", False),
        ("./x.js", "x.js", True),
        ("a*b*c/d", "axbxc/d", True),
        ("**", "x", True),
        ("[z-a]", "[z-a]", True),
    ],
)
def test_match(glob: str, path: str, hit: bool) -> None:
    assert matches((glob,), path) is hit


def test_the_last_that_speaks_decides() -> None:
    globs = ("src/**", "!src/old/**", "src/old/kept.js")
    assert matches(globs, "src/a.js")
    assert not matches(globs, "src/old/a.js")
    assert matches(globs, "src/old/kept.js")
    assert matches(("!x/**",), "a.js"), "a list of exceptions starts from everything"
    assert not matches((), "a.js")


def test_dead() -> None:
    assert dead(["src/**", "!lib/**", "srv/**"], ["src/a.js", "lib/b.js"]) == ("srv/**",)


def test_rooted() -> None:
    assert rooted("*.js", "pkg") == "pkg/**/*.js"
    assert rooted("!src/**", "pkg") == "!pkg/src/**"
    assert rooted("/src", "pkg") == "pkg/src"
    assert rooted("x", "") == "x"


@anywhere
@given(st.text(alphabet="a*?[]!{},/b.-^", max_size=30), st.text(alphabet="ab/.", max_size=40))
def test_any_glob_compiles_and_answers(glob: str, path: str) -> None:
    compiled(glob).match(path)


@anywhere
@given(st.text(alphabet="ab/.", min_size=1, max_size=30).map(lambda t: t.strip("/")).filter(bool))
def test_a_plain_path_matches_itself(path: str) -> None:
    normal = "/".join(part for part in path.split("/") if part and part != ".")
    if normal:
        assert matches(("/" + normal,), normal)


def test_stars_do_not_backtrack() -> None:
    glob = "/".join(["**", "*a*a*a*a*"] * 12) + "/x"
    assert not matches((glob,), "/".join(["aaaaaaaaaaaaaaaaaaaaaaaab"] * 60))
