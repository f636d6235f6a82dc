"""Cycles, depth and what results depend on."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from archlint.program.ecma.memo import CUT, DEPTH, Memo

GRAPHS = st.dictionaries(st.integers(0, 8), st.lists(st.integers(0, 8), max_size=4), max_size=9)


def _reached(memo: Memo, graph: dict[int, list[int]], node: int) -> tuple[int, ...]:
    def compute(here: int) -> tuple[int, ...]:
        found = {here}
        for below in graph.get(here, ()):
            found.update(memo(below, compute, below))
        return tuple(sorted(found))

    return tuple(memo(node, compute, node))


@given(GRAPHS)
def test_the_head_of_a_cycle_sees_everything(graph: dict[int, list[int]]) -> None:
    """Whatever the cycles, the node asked for first reaches what a plain search reaches."""
    for start in range(9):
        seen, todo = {start}, [start]
        while todo:
            for below in graph.get(todo.pop(), ()):
                if below not in seen:
                    seen.add(below)
                    todo.append(below)
        assert set(_reached(Memo(), graph, start)) == seen


@given(GRAPHS, st.lists(st.integers(0, 8), max_size=6))
def test_answers_stay(graph: dict[int, list[int]], asked: list[int]) -> None:
    """A second question gets the first answer."""
    memo = Memo()
    first = [_reached(memo, graph, node) for node in asked]
    assert [_reached(memo, graph, node) for node in asked] == first


def test_depth_is_capped() -> None:
    memo = Memo()
    deepest = 0

    def compute(level: int) -> tuple[int, ...]:
        nonlocal deepest
        deepest = max(deepest, level)
        return (level, *memo(level + 1, compute, level + 1))

    memo(0, compute, 0)
    assert deepest == DEPTH - 1


def test_what_was_cut_off_is_known() -> None:
    """Results that lack what lay too deep may be more complete another time."""
    memo = Memo()

    def compute(level: int) -> tuple[int, ...]:
        return (level, *(memo(level + 1, compute, level + 1) if level < DEPTH + 5 else ()))

    memo(DEPTH, compute, DEPTH)
    assert memo.forget({CUT}) == {}
    memo.clear()
    memo(0, compute, 0)
    assert set(memo.forget({CUT})) == set(range(DEPTH))


def test_forgets_what_depends_on_a_parameter() -> None:
    memo = Memo()
    parameter = ("a.js", 1, 0)

    def leaf() -> tuple[int, ...]:
        memo.need(parameter)
        return (1,)

    memo("top", lambda: memo("leaf", leaf))
    memo("other", lambda: (2,))
    assert set(memo.forget({parameter})) == {"top", "leaf"}
    assert memo.forget({parameter}) == {}


def test_takes_back_what_did_not_change() -> None:
    """Results that are restored depend on what their parameters depend on by now."""
    memo = Memo()
    first, second, third = ((name, 0, 0) for name in "abc")
    for need in (first, second):
        memo(need, lambda need=need: memo.need(need) or (need,))
    memo("both", lambda: (memo(first, tuple), memo(second, tuple)))
    stale = memo.forget({first, second})
    memo(second, lambda: (third,))
    assert set(memo.restore(stale, {second}, {first: frozenset((third,))})) == {second, "both"}
    assert memo(first, tuple) == (first,)
    assert memo(second, tuple) == (third,)
    assert set(memo.forget({third})) == {first}
