"""Which of TypeScript's ``paths`` match a specifier."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from archlint.program.ecma.patterns import PathPatterns

PIECES = st.text("ab/*", max_size=6)


def test_exact_then_the_longest_head() -> None:
    patterns = PathPatterns(["*", "@a/*", "@a/b/*", "@a/b/c", "@a/*/c"])
    assert list(patterns.matching("@a/b/c")) == ["@a/b/c", "@a/b/*", "@a/*/c", "@a/*", "*"]


@given(st.lists(PIECES, max_size=8), st.text("ab/", max_size=8))
def test_the_same_as_trying_each(patterns: list[str], spec: str) -> None:
    def matches(pattern: str) -> bool:
        head, star, tail = pattern.partition("*")
        if not star:
            return spec == pattern
        fits = len(spec) >= len(head) + len(tail)
        return fits and spec.startswith(head) and spec.endswith(tail)

    found = list(PathPatterns(patterns).matching(spec))
    assert sorted(found) == sorted({p for p in patterns if matches(p)})
