"""Every rule has what its readers need: texts, fixtures, a fitting name."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from archlint.rules.registry import Rule, all_rules
from tests.conftest import FIXTURES, ROOT
from tests.markers import wants

RULES = all_rules()
KNOWN_LANGUAGES = {"javascript", "typescript", "go"}


@pytest.fixture(params=RULES, ids=lambda rule: rule.info.id)
def rule(request: pytest.FixtureRequest) -> Rule:
    """Each rule in turn."""
    return request.param


def test_name_is_a_kebab_case_noun(rule: Rule) -> None:
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*", rule.info.id)
    module = rule.check.__module__.rsplit(".", 1)[1]
    assert module == rule.info.id.replace("-", "_"), "the file is named after its rule"


def test_texts(rule: Rule) -> None:
    info = rule.info
    assert info.summary.endswith(".")
    assert len(info.summary) <= 160
    assert info.why, "docstring lacks 'Why it matters:'"
    assert info.remedy, "docstring lacks 'What to do:'"
    assert info.guide, "docstring lacks 'Guide:'"


def test_languages(rule: Rule) -> None:
    assert rule.info.languages
    assert set(rule.info.languages) <= KNOWN_LANGUAGES


def test_fixtures_flag_and_pass(rule: Rule) -> None:
    folder = FIXTURES / "rules" / rule.info.id
    cases = [case for case in folder.iterdir() if case.is_dir()] if folder.is_dir() else []
    flagged = [case for case in cases if any(w.rule == rule.info.id for w in wants(case))]
    assert flagged, f"no flagged case in fixtures/rules/{rule.info.id}"
    assert len(flagged) < len(cases), f"no clean case in fixtures/rules/{rule.info.id}"


def test_every_fixture_folder_has_its_rule() -> None:
    known = {rule.info.id for rule in RULES}
    assert {folder.name for folder in (FIXTURES / "rules").iterdir()} <= known


def test_ids_and_aliases_are_unique() -> None:
    names = [name for rule in RULES for name in (rule.info.id, *rule.info.aliases)]
    assert len(names) == len(set(names))


def _rule_files() -> list[Path]:
    folder = ROOT / "archlint" / "rules"
    return [f for f in folder.rglob("*.py") if f.parent != folder and f.name != "__init__.py"]


def test_every_rule_file_registers() -> None:
    registered = {rule.check.__module__.rsplit(".", 1)[1] for rule in RULES}
    assert {file.stem for file in _rule_files() if not file.stem.startswith("_")} == registered
