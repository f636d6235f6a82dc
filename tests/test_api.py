"""The Python API: what is exported, typed, and the same as the command line."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

import archlint
from tests.conftest import FIXTURES

SHOP = FIXTURES / "repos" / "shop-api"


def test_check_is_what_the_command_line_prints() -> None:
    result = archlint.check(SHOP)
    assert isinstance(result, archlint.Result)
    command = [sys.executable, "-m", "archlint", "check", str(SHOP), "--format", "json"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    printed = [(f["rule"], f["path"], f["line"]) for f in json.loads(done.stdout)["findings"]]
    assert printed == [(f.rule, f.location.path, f.location.line) for f in result.findings]


def test_report() -> None:
    report = archlint.report(str(SHOP))
    assert isinstance(report, archlint.SuitabilityReport)
    assert callable(archlint.report), "no module of that name hides the function"


def test_progress_is_told() -> None:
    told: list[tuple[str, int, int]] = []
    archlint.check(SHOP, lambda *part: told.append(part), cache=False)
    assert told
    assert told[-1][1] == told[-1][2]


def test_errors_are_of_one_kind() -> None:
    with pytest.raises(archlint.ArchlintError, match="no such file"):
        archlint.check("/does/not/exist")


def test_unknown_names() -> None:
    with pytest.raises(AttributeError):
        _ = archlint.nothing  # type: ignore[attr-defined]


def test_importing_the_package_imports_no_analysis() -> None:
    code = "import sys, archlint; print([m for m in sys.modules if m.startswith('archlint.')])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "archlint.session" not in done.stdout
    assert "archlint.api" not in done.stdout
