"""Rules are found by their files, and known without being imported."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from archlint.knowledge.compiled import entries
from archlint.rules import registry

IMPORTED = registry.imported_rules()


@pytest.mark.parametrize("name", IMPORTED)
def test_the_index_says_what_the_rule_says(name: str) -> None:
    source = (registry.INDEX.parent / name).read_bytes()
    known = registry._known((name, registry.module_head(source)))
    assert isinstance(known.check, registry._Deferred), "run scripts/compile_data.py"
    assert known.info == IMPORTED[name].info, "run scripts/compile_data.py"
    assert known.check.__module__ == IMPORTED[name].check.__module__


def test_the_index_has_no_other_rules() -> None:
    assert sorted(entries(registry.INDEX)) == sorted(IMPORTED), "run scripts/compile_data.py"


def test_every_rule_of_a_module_is_found() -> None:
    assert {rule.info.id for rule in registry.all_rules()} == set(registry._COLLECTED)


def test_a_rule_with_other_words_is_imported() -> None:
    name = "eventloop/blocking_call.py"
    rule = registry._known((name, b"other words"))
    assert rule.info == IMPORTED[name].info
    assert not isinstance(rule.check, registry._Deferred)


def test_a_deferred_check_checks() -> None:
    rule = IMPORTED["eventloop/blocking_call.py"]
    deferred = registry._Deferred(rule.check.__module__, rule.info.id)
    assert deferred.__module__ == "archlint.rules.eventloop.blocking_call"
    with pytest.raises(AttributeError):
        list(deferred(None))  # type: ignore[arg-type]


def test_knowing_the_rules_imports_none(tmp_path: Path) -> None:
    code = (
        "import sys; from archlint.rules.registry import all_rules; assert all_rules();"
        "print([m for m in sys.modules if m.startswith('archlint.rules.') and m.count('.') > 2])"
    )
    told = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=tmp_path
    )
    assert told.stdout == "[]\n"
