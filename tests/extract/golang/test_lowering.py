from __future__ import annotations

import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archlint.extract.golang.part import extract_part
from archlint.model import ir
from archlint.model.facts import FileFacts, decode_facts, encode_facts
from archlint.model.location import position
from archlint.model.walk import walk
from tests.extract.golang.golden import FOLDER, facts_of, printed

SOURCES = sorted(FOLDER.glob("*.go"))
DEEP = 100_000


def body(source: str) -> tuple[ir.Stmt, ...]:
    facts = facts_of(f"package p\nfunc f() {{\n{source}\n}}\n")
    return facts.functions[1].body or ()


def calls(facts: FileFacts) -> list[str]:
    nodes = [node for function in facts.functions for node in walk(function.body or ())]
    return [
        node.callee.id
        for node in nodes
        if isinstance(node, ir.Call) and isinstance(node.callee, ir.Name)
    ]


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.name)
def test_golden(source: Path) -> None:
    expected = source.with_name(source.name + ".facts").read_text("utf-8")
    assert printed(facts_of(source.read_bytes(), source.name)) == expected


def test_constant_without_value_repeats_the_one_before() -> None:
    facts = facts_of("package p\nconst (\n\tA T = 1 << iota\n\tB\n)\n")
    first, second = facts.functions[0].body or ()
    assert isinstance(first, ir.Assign)
    assert isinstance(second, ir.Assign)
    assert (second.values, second.type) == (first.values, first.type)


def test_closures_know_their_function() -> None:
    facts = facts_of("package p\nfunc f() { go func() { defer func() { g() }() }() }\n")
    assert [(f.kind, f.parent) for f in facts.functions] == [
        ("module", -1),
        ("function", 0),
        ("closure", 1),
        ("closure", 2),
    ]


def test_comments_between_arguments_hide_no_argument() -> None:
    (statement,) = body("call(a, // one\n b, /* two */ c /* three */)")
    assert isinstance(statement, ir.ExprStmt)
    assert isinstance(statement.value, ir.Call)
    assert [arg.id for arg in statement.value.args if isinstance(arg, ir.Name)] == ["a", "b", "c"]


def test_long_concatenation_is_one_literal() -> None:
    (statement,) = body("x := " + " +\n".join(['"a"'] * 300))
    assert isinstance(statement, ir.Assign)
    (value,) = statement.values
    assert isinstance(value, ir.Literal)
    assert value.value == "a" * 300


def test_without_bodies_only_signatures_remain() -> None:
    facts = facts_of("package p\nvar x = open()\nfunc f() error { return g() }\n", bodies=False)
    assert facts.functions[1].body == ()
    assert facts.functions[1].results[0].type == ir.TName("error")
    assert calls(facts) == ["open"]


def test_nobody_looks_into_tests() -> None:
    source = "package p\nfunc TestA(t *testing.T) { f() }\n"
    assert calls(facts_of(source, "a_test.go")) == []
    assert calls(facts_of(source, "a.go")) == ["f"]
    assert [f.name for f in facts_of(source, "a_test.go").functions] == ["", "TestA"]


def test_comments_to_archlint_are_found_in_tests() -> None:
    spoken = "package p\nfunc f() {\n\tg() // archlint-ignore unchecked-error: why\n}\n"
    assert [found.line for found in facts_of(spoken, "a_test.go").directives] == [3]


def test_of_a_part_there_are_its_declarations_alone() -> None:
    facts = extract_part("a.go", b"var x = open() // why\nfunc f() error { return g() }\n")
    assert facts.functions[1].body == ()
    assert facts.functions[1].results[0].type == ir.TName("error")
    assert calls(facts) == ["open"]
    assert facts.comment_lines == ()
    assert len(extract_part("a.go", b"}{)(\xff").functions) == 1


def test_columns_count_characters() -> None:
    facts = facts_of('package p\nvar é, b = "日本", call()\n')
    assign = (facts.functions[0].body or ())[0]
    assert isinstance(assign, ir.Assign)
    assert position(facts, assign.values[1].at) == (2, 18)


def test_byte_order_mark_is_no_error() -> None:
    facts = facts_of(b"\xef\xbb\xbfpackage p\nfunc f() {}\n")
    assert (facts.problem, facts.package, len(facts.functions)) == ("", "p", 2)


@pytest.mark.parametrize(
    "data", [b"", b"\0" * 50, b"\xff\xfe" + "package p".encode("utf-16-le"), b"}{)(" * 40]
)
def test_no_go_at_all_is_data(data: bytes) -> None:
    facts = facts_of(data)
    assert decode_facts(encode_facts(facts)) == facts


def test_error_names_its_line_and_keeps_the_rest() -> None:
    facts = facts_of(
        "package p\nfunc f() {\n\tfirst()\n\tx = = 3\n\tlast()\n}\nfunc g() { more() }\n"
    )
    assert facts.problem == "syntax error at line 4"
    assert {"first", "last", "more"} <= set(calls(facts))


DEEP_CASES = {
    "parentheses": ("x = " + "(" * DEEP + "last()" + ")" * DEEP, "last"),
    "calls": ("f(" * DEEP + "last()" + ")" * DEEP, "last"),
    "chain": ("last()" + ".m()" * DEEP, "last"),
    "selectors": ("x = last()" + ".m" * DEEP, "last"),
    "operands": ("x = last()" + " + a" * DEEP, "last"),
    "right operands": ("x = " + "a + (" * DEEP + "last()" + ")" * DEEP, "last"),
    "unary": ("x = " + "!" * DEEP + "last()", "last"),
    "blocks": ("{" * DEEP + "last()" + "}" * DEEP, "last"),
    "if": ("if a {" * DEEP + "last()" + "}" * DEEP, "last"),
    "else if": ("if a { } " + "else if a { } " * DEEP + "else { last() }", "last"),
    "for": ("for {" * DEEP + "last()" + "}" * DEEP, "last"),
    "switch": ("switch { case a: " * DEEP + "last()" + "}" * DEEP, "last"),
    "labels": ("a: " * DEEP + "last()", "last"),
    "literals": ("x = T" + "{" * DEEP + "last()" + "}" * DEEP, "last"),
    "closures": ("func() {" * 20_000 + "last()" + "}" * 20_000, "last"),
    "types": ("var x " + "[]" * DEEP + "int; last()", "last"),
    "function types": ("var x " + "func(" * DEEP + ")" * DEEP + "; last()", "last"),
}


@pytest.mark.parametrize("case", DEEP_CASES)
def test_depth_loses_no_call(case: str) -> None:
    source, wanted = DEEP_CASES[case]
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(800)
    try:
        facts = facts_of(f"package p\nfunc f() {{\n{source}\n}}\n")
        assert decode_facts(encode_facts(facts)) == facts
    finally:
        sys.setrecursionlimit(limit)
    assert wanted in calls(facts)


_PIECES = st.sampled_from(
    [
        "(",
        ")",
        "{",
        "}",
        "[",
        "]",
        "func",
        "if",
        "else",
        "case",
        ":",
        ":=",
        "=",
        ",",
        ".",
        "type",
        "switch",
        "select",
        "for",
        "range",
        "go",
        "defer",
        "/*x*/",
        "//x\n",
        '"',
        "`",
        "\n",
        ";",
        "<-",
        "chan",
        "struct",
        "interface",
        "map",
        "const",
        "var",
        "import",
        "x",
        "1",
        '"s"',
        "package",
        "return",
        "é",
        "\x00",
    ]
)


@settings(max_examples=150, deadline=None)
@given(st.lists(_PIECES, max_size=60))
def test_any_tokens_are_data(pieces: list[str]) -> None:
    facts = facts_of("package p\nfunc f() { " + " ".join(pieces))
    assert decode_facts(encode_facts(facts)) == facts
