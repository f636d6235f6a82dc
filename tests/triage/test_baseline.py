"""The baseline: survives moves, renames and reformatting, and may only shrink."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import archlint
from archlint.config import BASELINE_NAME
from archlint.model.errors import ArchlintError
from archlint.model.finding import Confidence, Finding, Severity
from archlint.model.location import Location
from archlint.triage import Baseline, of_findings, read_baseline, write_baseline
from archlint.triage.match import Tree
from archlint.triage.meta import META_RULES
from tests.gitrepo import SERVICE, with_route

anywhere = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
"""A busy machine is no failure."""

TEXT = SERVICE["export/export.go"]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """The service with a baseline of its findings."""
    for name, text in SERVICE.items():
        file = tmp_path / name
        file.parent.mkdir(exist_ok=True)
        file.write_text(text)
    findings = archlint.check(tmp_path, cache=False).findings
    assert findings
    write_baseline(tmp_path / BASELINE_NAME, of_findings(findings))
    return tmp_path


def open_rules(root: Path) -> list[str]:
    found = archlint.check(root, cache=False).findings
    return [f.rule for f in found if not f.baselined]


def test_accepts_what_is_there(root: Path) -> None:
    assert open_rules(root) == []


@pytest.mark.parametrize(
    "text",
    ["\n\n// comment\n" + TEXT, TEXT.replace("\t", "    "), TEXT.replace("defer f", "defer  f")],
    ids=["moved", "reindented", "respaced"],
)
def test_survives_edits_around(root: Path, text: str) -> None:
    (root / "export/export.go").write_text(text)
    assert open_rules(root) == []


def test_survives_a_renamed_file_and_folder(root: Path) -> None:
    (root / "export/export.go").rename(root / "export/rows.go")
    assert open_rules(root) == []
    (root / "export").rename(root / "out")
    main = SERVICE["main.go"].replace("app/export", "app/out").replace("export.Rows", "export.Rows")
    (root / "main.go").write_text(main)
    assert open_rules(root) == []


def test_survives_a_function_that_moves_to_an_old_file(root: Path) -> None:
    (root / "export/other.go").write_text("package export\n\nfunc Other() {}\n")
    write_baseline(
        root / BASELINE_NAME, of_findings(archlint.check(root, use_baseline=False).findings)
    )
    (root / "export/other.go").write_text(TEXT)
    (root / "export/export.go").write_text("package export\n")
    assert open_rules(root) == []


def test_a_second_one_of_the_kind_is_new(root: Path) -> None:
    (root / "export/more.go").write_text(TEXT.replace("Rows", "More"))
    assert open_rules(root) == ["unchecked-error"]


def test_a_graver_one_is_not_accepted(root: Path) -> None:
    entries = read_baseline(root / BASELINE_NAME, "b").entries
    softer = [{"path": e.path, "rule": e.rule, "key": e.key, "severity": "note"} for e in entries]
    (root / BASELINE_NAME).write_text(json.dumps({"version": 1, "entries": softer}))
    assert "unchecked-error" in open_rules(root)


def test_stale_entries_are_reported_and_pruned(root: Path) -> None:
    (root / "export/export.go").write_text(TEXT.replace("defer f.Close()", "_ = f"))
    (root / "main.go").write_text(with_route(SERVICE["main.go"]))
    assert "stale-baseline" in open_rules(root)
    before = read_baseline(root / BASELINE_NAME, "b")
    result = archlint.check(root, use_baseline=False, min_confidence=Confidence.LOW)
    left = before.pruned(result.findings, Tree(frozenset({"export/export.go"})), result.rules)
    assert left.total < before.total
    assert set(left.entries) <= set(before.entries)


def test_nothing_is_stale_that_did_not_run(root: Path) -> None:
    result = archlint.check(root, select=("import-cycle", "stale-baseline"), cache=False)
    assert not result.findings


def test_a_file_without_line_numbers_sorted_and_stable(root: Path) -> None:
    text = (root / BASELINE_NAME).read_text()
    again = root / "again.json"
    write_baseline(again, read_baseline(root / BASELINE_NAME, "b"))
    assert again.read_text() == text
    assert "line" not in text


@pytest.mark.parametrize(
    "text", ["", "[]", '{"version": 2}', '{"entries": [{"path": 1}]}', "[" * 10_000]
)
def test_what_is_no_baseline_is_an_error(tmp_path: Path, text: str) -> None:
    file = tmp_path / "b.json"
    file.write_text(text)
    with pytest.raises(ArchlintError, match=r"^b\.json: "):
        read_baseline(file, "b.json")


names = st.sampled_from(["a", "b", "c"])
findings = st.lists(
    st.builds(
        lambda rule, path, key, line, severity: Finding(
            rule=rule,
            severity=severity,
            confidence=Confidence.HIGH,
            message="m",
            location=Location(path, line),
            fingerprint="",
            key=f"f:{key}",
        ),
        names,
        names,
        names,
        st.integers(1, 5),
        st.sampled_from(Severity),
    ),
    max_size=12,
)


@anywhere
@given(findings)
def test_a_baseline_accepts_exactly_its_findings(found: list[Finding]) -> None:
    tree = Tree(frozenset("abc"))
    flagged, stale = of_findings(found).apply(found, tree, META_RULES)
    assert all(f.baselined for f in flagged)
    assert not stale


@anywhere
@given(findings, findings)
def test_never_more_are_accepted_than_entries(old: list[Finding], new: list[Finding]) -> None:
    baseline = of_findings(old)
    flagged, _ = baseline.apply(new, Tree(frozenset("abc")), META_RULES)
    assert sum(f.baselined for f in flagged) <= baseline.total


@anywhere
@given(findings)
def test_an_empty_baseline_accepts_nothing(found: list[Finding]) -> None:
    flagged, stale = Baseline().apply(found, Tree(), META_RULES)
    assert not any(f.baselined for f in flagged)
    assert not stale
