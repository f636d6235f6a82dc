"""Severity as configured, fingerprints, and which findings are shown."""

from __future__ import annotations

from pathlib import Path

import pytest

import archlint
from archlint.model.finding import Severity
from archlint.triage.fingerprint import Fingerprints
from archlint.triage.triage import graded
from tests.gitrepo import SERVICE, with_route

E, W, N = Severity.ERROR, Severity.WARNING, Severity.NOTE


@pytest.mark.parametrize(
    ("reported", "default", "configured", "expected"),
    [
        (E, E, None, E),
        (E, E, W, W),
        (N, E, W, N),
        (W, W, E, E),
        (N, W, E, N),
        (E, W, N, N),
    ],
)
def test_a_configured_severity_keeps_what_a_context_softened(
    reported: Severity, default: Severity, configured: Severity | None, expected: Severity
) -> None:
    assert graded(reported, default, configured) is expected


def test_fingerprints_tell_equal_findings_apart() -> None:
    prints = Fingerprints()
    first = prints.next("rule", "f:call", "a.js")
    assert prints.next("rule", "f:call", "a.js") == f"{first}-1"
    other = prints.next("rule", "f:call", "b.js")
    assert other[:16] == first[:16], "the rule's part survives a rename"
    assert other != first


def write(root: Path, config: str) -> None:
    for name, text in {**SERVICE, "archlint.toml": config}.items():
        file = root / name
        file.parent.mkdir(exist_ok=True)
        file.write_text(with_route(text) if name == "main.go" else text)


@pytest.mark.parametrize(
    ("config", "expected"),
    [
        ("", ["error"]),
        ('[severity]\nunchecked-error = "note"\n', ["note"]),
        ('[severity]\ngoerrors = "note"\n', ["note"]),
        ('[severity]\nunchecked-error = "off"\n', []),
        ('[[overrides]]\nfiles = ["export/**"]\nignore = ["unchecked-error"]\n', []),
        ('[[overrides]]\nfiles = ["*.go", "!export/**"]\nignore = ["all"]\n', ["error"]),
        ('exclude = ["export/export.go"]\n', []),
        ('select = ["import-cycle"]\n', []),
    ],
)
def test_configuration_reaches_the_findings(
    tmp_path: Path, config: str, expected: list[str]
) -> None:
    write(tmp_path, config)
    found = archlint.check(tmp_path, cache=False).findings
    assert [f.severity for f in found if f.rule == "unchecked-error"] == expected


def test_options_win_over_the_configuration(tmp_path: Path) -> None:
    write(tmp_path, 'ignore = ["unchecked-error"]\n')
    found = archlint.check(tmp_path, cache=False, select=("unchecked-error",)).findings
    assert [f.rule for f in found] == ["unchecked-error"]
    with pytest.raises(archlint.ArchlintError, match="no rule is called 'nope'"):
        archlint.check(tmp_path, select=("nope",))
