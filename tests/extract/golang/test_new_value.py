"""Go 1.26's ``new(value)``, which the grammar does not know."""

from __future__ import annotations

import pytest

from archlint.extract.engine import extract_file
from archlint.extract.options import ExtractOptions
from archlint.extract.repair import repaired_go
from archlint.model import ir
from archlint.model.facts import FileFacts
from archlint.model.walk import nodes_of


@pytest.mark.parametrize(
    "value", ["1", "-8.0", '"s"', "f(x)", "T{a: 1}", "[]string{x}", "map[string]int{}", "a + b"]
)
def test_value_is_an_argument(value: str) -> None:
    source = f"package p\n\nfunc g() {{\n\tp := new({value})\n\tq := new([]T)\n}}\n"
    facts = extract_file("a.go", "go", source.encode(), ExtractOptions(cache=False))
    assert isinstance(facts, FileFacts)
    assert not facts.problem
    called = [call.callee for call in nodes_of(ir.Call, facts.functions[1].body or ())]
    assert [c.id for c in called if isinstance(c, ir.Name)][:1] == ["new"]


@pytest.mark.parametrize(
    "text",
    ["new(T)", "new(pkg.T)", "new(List[int])", "new([]T)", "new(*T)", "x.new(1)"],
)
def test_types_stay(text: str) -> None:
    assert repaired_go(text.encode()) == text.encode()
