from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archlint.model import ir
from archlint.model.facts import FileFacts, FunctionFacts, ImportFacts, decode_facts, encode_facts
from archlint.model.location import position
from archlint.model.walk import walk
from tests.extract.ecma.golden import facts_of, fixture_facts, printed, sources

DEEP = 100_000
SPECIAL = {"import.meta", "new.target", "default", "module"}

DEEP_JAVASCRIPT = {
    "parentheses": "(" * DEEP + "x" + ")" * DEEP,
    "arrays": "[" * DEEP + "]" * DEEP,
    "unary": "!" * DEEP + "x",
    "operators": "a + " * DEEP + "b",
    "members": "a" + ".b" * DEEP,
    "method calls": "a" + ".b()" * DEEP,
    "nested calls": "f(" * DEEP + ")" * DEEP,
    "subscripts": "a" + "[0]" * DEEP,
    "conditionals": "a ? b : " * DEEP + "c",
    "else if": "if (a) { b() } else " * DEEP + "{ c() }",
    "arrows": "x => " * DEEP + "y",
    "blocks": "{" * DEEP + "}" * DEEP,
    "functions": "function f() {" * DEEP + "}" * DEEP,
    "classes": "class A { m() {" * (DEEP // 10) + "}}" * (DEEP // 10),
    "labels": "a: " * DEEP + "b",
    "objects": "x = " + "{ a: " * DEEP + "1" + "}" * DEEP,
    "templates": "`${" * DEEP + "1" + "}`" * DEEP,
    "jsx": "<a>" * DEEP + "</a>" * DEEP,
    "await": "await " * DEEP + "x",
    "assignments": "a = " * DEEP + "b",
    "loops": "for (;;) " * DEEP + "x",
    "try": "try {" * DEEP + "} finally {}" * DEEP,
    "switch": "switch (a) { case 1: " * DEEP + "}" * DEEP,
    "open parentheses": "(" * DEEP,
    "open braces": "{" * DEEP,
}
DEEP_TYPESCRIPT = {
    "unions": "type A = " + "B | " * DEEP + "C",
    "generics": "type A = " + "B<" * DEEP + "C" + ">" * DEEP,
    "array types": "type A = B" + "[]" * DEEP,
    "object types": "type A = " + "{ a: " * DEEP + "B" + "}" * DEEP,
    "function types": "type A = " + "() => " * DEEP + "B",
    "namespaces": "namespace A {" * DEEP + "}" * DEEP,
    "casts": "x" + " as T" * DEEP,
    "non-null": "x" + "!" * DEEP,
    "patterns": "let " + "[" * DEEP + "a" + "]" * DEEP + " = b",
}


def nodes(facts: FileFacts) -> list[ir.Node]:
    return [node for function in facts.functions for node in walk(function.body or ())]


def called(facts: FileFacts) -> list[str]:
    return [
        node.callee.id
        for node in nodes(facts)
        if isinstance(node, ir.Call) and isinstance(node.callee, ir.Name)
    ]


def named(facts: FileFacts, name: str) -> FunctionFacts:
    return next(function for function in facts.functions if function.name == name)


@pytest.mark.parametrize("source", sources(), ids=lambda path: path.name)
def test_golden(source: Path) -> None:
    expected = source.with_name(source.name + ".facts").read_text("utf-8")
    assert printed(fixture_facts(source)) == expected


@pytest.mark.parametrize("source", sources(), ids=lambda path: path.name)
def test_places_point_at_the_source(source: Path) -> None:
    data = source.read_bytes()
    for node in nodes(fixture_facts(source)):
        if isinstance(node, ir.Name) and node.id.isidentifier() and node.id not in SPECIAL:
            assert node.id.encode() in data[node.at : node.at + 40]
        if isinstance(node, ir.Call):
            assert node.at <= node.paren <= node.end
            assert node.new or data[node.paren : node.paren + 1] in {b"(", b"{"}
        if isinstance(node, ir.Member) and node.name_at != node.at:
            assert node.name.encode() in data[node.name_at : node.name_at + len(node.name) + 2]


@pytest.mark.parametrize("source", sources(), ids=lambda path: path.name)
def test_facts_survive_serialisation(source: Path) -> None:
    facts = fixture_facts(source)
    assert decode_facts(encode_facts(facts)) == facts


@pytest.mark.parametrize("case", DEEP_JAVASCRIPT)
def test_deep_javascript(case: str) -> None:
    facts = facts_of(DEEP_JAVASCRIPT[case])
    assert decode_facts(encode_facts(facts)) == facts


@pytest.mark.parametrize("case", DEEP_TYPESCRIPT)
def test_deep_typescript(case: str) -> None:
    facts = facts_of(DEEP_TYPESCRIPT[case], "typescript")
    assert decode_facts(encode_facts(facts)) == facts


def test_long_chain_keeps_every_callback() -> None:
    chain = "app" + "".join(f".on(e{i}, () => handler{i}())" for i in range(900))
    facts = facts_of(chain)
    assert set(called(facts)) == {f"handler{i}" for i in range(900)}
    assert facts.problem == ""


def test_long_else_if_keeps_every_branch() -> None:
    chain = " else ".join(f"if (a === {i}) {{ act{i}() }}" for i in range(900))
    assert set(called(facts_of(chain))) == {f"act{i}" for i in range(900)}


def test_long_concatenation_keeps_every_operand() -> None:
    facts = facts_of("x = " + " + ".join(f"part{i}()" for i in range(900)))
    assert set(called(facts)) == {f"part{i}" for i in range(900)}


def test_nested_callbacks_beyond_the_limit_are_reported() -> None:
    facts = facts_of("f(() => " * 300 + "1" + ")" * 300)
    assert facts.problem == "nested deeper than 200 levels at line 1"
    assert len(called(facts)) >= 200


def test_nesting_of_ordinary_code_is_whole() -> None:
    facts = facts_of("f(() => { if (a) { " * 60 + "g()" + "} })" * 60)
    assert facts.problem == ""
    assert called(facts).count("g") == 1


def test_syntax_error_is_a_problem_with_its_line() -> None:
    facts = facts_of("const a = 1;\nconst b = ;\nrun();\n")
    assert facts.problem == "syntax error at line 2"
    assert called(facts) == ["run"]


def test_overloads_are_one_function() -> None:
    facts = facts_of(
        "function f(a: string): Promise<void>;\nfunction f(a: any): any { g(); }", "typescript"
    )
    assert [function.name for function in facts.functions] == ["", "f"]
    assert facts.functions[1].results[0].type == ir.TName("Promise", (ir.TName("void"),))
    assert called(facts) == ["g"]


def test_two_functions_of_one_name_stay_two() -> None:
    facts = facts_of("function f() { a(); }\nfunction f() { b(); }")
    assert called(facts) == ["a", "b"]


@pytest.mark.parametrize(
    ("source", "specifier", "pattern"),
    [
        ("require('a')", "a", ""),
        ("require(`a`)", "a", ""),
        ("require('./m/' + n + '.js')", None, "./m/*.js"),
        ("require(path.resolve(__dirname, 'm', n))", None, "./m/*"),
        ("require(n)", None, ""),
        ("import(`./m/${n}`)", None, "./m/*"),
        ("require.resolve('a/b')", "a/b", ""),
    ],
)
def test_call_imports(source: str, specifier: str | None, pattern: str) -> None:
    (found,) = facts_of(source).imports
    assert (found.specifier, found.pattern) == (specifier, pattern)


def test_promise_resolve_is_no_import() -> None:
    assert facts_of("Promise.resolve('a'); path.resolve('b'); require()").imports == ()


def test_guard_ends_at_the_function() -> None:
    facts = facts_of("try { require('a'); () => require('b') } catch {} require('c')")
    assert {i.specifier: i.guarded for i in facts.imports} == {"a": True, "b": False, "c": False}


def test_inline_types_are_an_import_of_their_own() -> None:
    facts = facts_of("import { type A, b } from 'x'", "typescript")
    assert facts.imports == (
        ImportFacts(0, 29, "import", "x", (("b", "b"),)),
        ImportFacts(0, 29, "import", "x", (("A", "A"),), type_only=True),
    )


def test_flow_parsed_as_tsx_keeps_its_functions() -> None:
    facts = facts_of(
        "// @flow\nimport type { A } from './a';\nasync function f(a: A): Promise<void> { g(a); }",
        "tsx",
    )
    assert named(facts, "f").is_async
    assert called(facts) == ["g"]


@pytest.mark.parametrize(
    ("source", "plain"),
    [
        ("await x.y<T>(1).z(2)", "await x.y(1).z(2)"),
        ("await g<T>(2)", "await g(2)"),
        ("!is<T>(y)", "!is(y)"),
        ("void q.r<T>()", "void q.r()"),
        ("(await g)<T>(2)", "(await g)(2)"),
    ],
)
def test_operators_before_calls_with_type_arguments(source: str, plain: str) -> None:
    def shape(text: str) -> list[str]:
        facts = facts_of(f"async () => {{ {text}; }}", "typescript")
        return [type(node).__name__ for node in nodes(facts)]

    assert shape(source) == shape(plain)


def test_columns_count_characters() -> None:
    facts = facts_of("const größe = call('ß'), b = call()\n")
    assert position(facts, facts.functions[0].body[1].at) == (1, 26)  # type: ignore[index]


def test_byte_order_mark_and_carriage_returns() -> None:
    facts = facts_of(b"\xef\xbb\xbfconst a = b();\r\nc();\r\n")
    assert facts.problem == ""
    assert facts.lines == 2
    assert called(facts) == ["b", "c"]


def test_invalid_utf8_is_no_crash() -> None:
    facts = facts_of(b"const a = '\xff\xfe'; b('\xe4');\n")
    assert called(facts) == ["b"]
    assert decode_facts(encode_facts(facts)) == facts


def test_empty_file() -> None:
    facts = facts_of(b"")
    assert (facts.lines, len(facts.functions), facts.problem) == (1, 1, "")


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_any_cut_of_a_fixture_is_lowered(data: st.DataObject) -> None:
    source = data.draw(st.sampled_from(sources()))
    text = source.read_bytes()
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    facts = facts_of(text[start:end] + text[:start], source.parent.name)
    assert decode_facts(encode_facts(facts)) == facts


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=200), st.sampled_from(["javascript", "typescript", "tsx"]))
def test_any_bytes_are_lowered(text: bytes, language: str) -> None:
    facts = facts_of(text, language)
    assert decode_facts(encode_facts(facts)) == facts
