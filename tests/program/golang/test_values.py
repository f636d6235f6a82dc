"""What containers hold: found once for each variable, however often it is appended to."""

from __future__ import annotations

import pytest

from archlint.program.golang.values import Values
from tests.program.golang.code import edges, linker

HOOKS = """package a
type S struct { hooks []func() }
func first() {}
func last() {}
func (s *S) run() { for _, h := range s.hooks { h() } }
func fill(s *S) {
%s
}
"""


def test_elements_that_are_appended_are_called() -> None:
    appended = "s.hooks = append(s.hooks, first)\n\ts.hooks = append(s.hooks, last)"
    go = linker({"a.go": HOOKS % appended})
    found = edges(go.link(), go)
    assert {("run", "first", "call"), ("run", "last", "call")} <= found


def test_work_grows_with_the_number_of_appends(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = 0
    elements = Values._elements

    def counted(self: Values, *args: object) -> object:
        nonlocal asked
        asked += 1
        return elements(self, *args)  # type: ignore[arg-type]

    monkeypatch.setattr(Values, "_elements", counted)
    appended = "\n".join(["\ts.hooks = append(s.hooks, first)"] * 30)
    go = linker({"a.go": HOOKS % appended})
    assert ("run", "first", "call") in edges(go.link(), go)
    assert asked < 1000
