"""Queries of rules: inherited, compiled together, run only where they can match."""

from __future__ import annotations

import pytest

from archlint.extract.engine import extract_file
from archlint.extract.options import ExtractOptions
from archlint.extract.queries import LANGUAGES, builtin_rules, check_query, query_rule
from archlint.model.errors import ArchlintError
from archlint.model.facts import FileFacts, Match


def matches(text: str, *rules: str, language: str = "javascript") -> tuple[Match, ...]:
    queries = tuple(query_rule(f"r{i}", language, rule) for i, rule in enumerate(rules))
    facts = extract_file("a", language, text.encode(), ExtractOptions(rules=queries))
    assert isinstance(facts, FileFacts)
    return facts.matches


@pytest.mark.parametrize("rule", builtin_rules(), ids=lambda r: f"{r.language}/{r.rule}")
def test_builtin_queries_compile(rule: object) -> None:
    check_query(rule)  # type: ignore[arg-type]


def test_every_language_has_the_queries_it_inherits() -> None:
    names = {(r.language, r.rule) for r in builtin_rules()}
    assert {(n, "busy-wait") for n in LANGUAGES if n != "go"} <= names


def test_several_rules_in_one_pass_in_source_order() -> None:
    found = matches("b();\na();\n", "(identifier) @name", '((identifier) @n (#eq? @n "a"))')
    assert [(m.rule, m.captures[0][0], m.captures[0][3]) for m in found] == [
        ("r0", "name", "b"),
        ("r0", "name", "a"),
        ("r1", "n", "a"),
    ]


def test_words_a_file_must_hold() -> None:
    rule = "; needs: zebra lion\n(identifier) @n"
    assert matches("a();", rule) == ()
    assert len(matches("lion();", rule)) == 1


def test_predicates_of_ours_hold_during_extraction() -> None:
    assert len(matches("a();", "((call_expression) @c (#on-request-path? @c))")) == 1


def test_depth_and_number_of_matches_are_bounded() -> None:
    assert len(matches("a;\n" * 5_000, "(identifier) @n")) == 2_000
    assert len(matches("f(\n" * 5_000 + ")" * 5_000, "(call_expression function: (_) @f)")) < 1_000


def test_a_query_that_does_not_compile_is_a_users_error() -> None:
    with pytest.raises(ArchlintError, match="rule x: its query does not fit go"):
        check_query(query_rule("x", "go", "(nonsense) @a"))
