from __future__ import annotations

from typing import Any

import pytest

from archlint.model import ir
from archlint.model.walk import walk
from archlint.program.golang_flow.flow import Analysis, State, follow
from tests.extract.golang.golden import facts_of


class Trace(Analysis):
    """Facts are the names of functions called so far; notes them wherever the path leaves."""

    def __init__(self) -> None:
        self.exits: list[str] = []
        self.repeats = 0

    def visit(self, node: Any, state: State) -> State:
        called = {
            inner.callee.id
            for inner in walk((node,))
            if isinstance(inner, ir.Call) and isinstance(inner.callee, ir.Name)
        }
        return state | called

    def refine(self, test: ir.Expr, truth: bool, state: State) -> State:
        if isinstance(test, ir.Name):
            return state | {f"{test.id}={truth}"}
        return state

    def repeat(self, loop: ir.Loop, state: State) -> State:
        self.repeats += 1
        return state

    def leave(self, node: ir.Return | None, state: State) -> None:
        kind = "return" if node is not None else "end"
        self.exits.append(" ".join([kind, *sorted(state)]))


def exits(source: str) -> list[str]:
    facts = facts_of(f"package p\nfunc f() {{\n{source}\n}}\n")
    assert "syntax" not in facts.problem
    trace = Trace()
    follow(facts.functions[1].body or (), trace)
    return trace.exits


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("a(); b()", ["end a b"]),
        ("a(); return; b()", ["return a"]),
        ("a(); panic(1)", []),
        ("if x { a(); return }; b()", ["return a x=True", "end b x=False"]),
        ("if x { a() } else { b() }; c()", ["end a b c x=False x=True"]),
        ("if x { log.Fatal(1) }; c()", ["end c x=False"]),
        ("for { a() }", []),
        ("for { a(); break }; b()", ["end a b"]),
        ("for { if x { break }; a() }", ["end a x=False x=True"]),
        ("for x { a() }", ["end a x=False x=True"]),
        ("for range xs { a(); return }; b()", ["return a", "end b"]),
        ("out: for { for { a(); break out } }; b()", ["end a b"]),
        (
            "out: for { for { if x { continue out }; return } }",
            ["return x=False", "return x=False x=True"],
        ),
        ("for { select { case <-c: break }; a() }", []),
        ("for { select { case <-c: return; default: a() } }", ["return", "return a"]),
        ("switch { case x: a(); case y: b() }", ["end a b x=False x=True y=False y=True"]),
        ("switch v { case 1: a(); fallthrough; case 2: b() }", ["end a b"]),
        ("switch v { case 1: return; default: return }", ["return", "return"]),
        ("select {}", []),
        ("if x { goto done }; a()\ndone: b()", ["end a b x=False x=True"]),
        ("defer a(); b()", ["end a b"]),
    ],
)
def test_paths(source: str, expected: list[str]) -> None:
    found = exits(source)
    once = [line for i, line in enumerate(found) if line not in found[:i]]
    assert expected in (found, once)


def test_loop_facts_come_round() -> None:
    source = "for i := 0; i < 3; i++ { if seen { return }; a() }"
    assert "return a seen=False seen=True" in exits(source)


def test_deep_nesting_ends() -> None:
    assert exits("if x {" * 400 + "a()" + "}" * 400)


def test_nested_loops_cost_no_more_than_a_constant_factor() -> None:
    facts = facts_of("package p\nfunc f() {\n" + "for x {" * 60 + "a()" + "}" * 60 + "\n}\n")
    trace = Trace()
    follow(facts.functions[1].body or (), trace)
    assert trace.repeats < 60 * 3 * 3 * 2 * 2 * 2
