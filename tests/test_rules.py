"""Every rule's fixtures, through the real session."""

from __future__ import annotations

from pathlib import Path

import pytest

from archlint.model.finding import Confidence
from archlint.session import Options, check
from tests.conftest import FIXTURES
from tests.markers import unmet, wants

RULES = FIXTURES / "rules"
CASES = sorted(
    case for rule in RULES.iterdir() if rule.is_dir() for case in rule.iterdir() if case.is_dir()
)


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.parent.name}/{case.name}")
def test_fixture(case: Path) -> None:
    """Each want meets exactly one finding, and nothing else is found."""
    rule = case.parent.name
    want_file = case / "want.txt"
    every = want_file.exists() and "want-all" in want_file.read_text().split()
    options = Options(
        select=None if every else (rule,), min_confidence=Confidence.MEDIUM, cache=False, jobs=1
    )
    result = check(case, options)
    found = [
        (f.location.path, f.location.line, f.rule, f.message)
        for f in result.findings
        if not f.suppressed and (every or f.rule == rule)
    ]
    assert not unmet(wants(case), found)
