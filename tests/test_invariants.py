"""The invariants of ARCHITECTURE.md, held on a realistic repo."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

from archlint.model.facts import decode_facts, encode_facts
from archlint.session import Options, check
from tests.conftest import FIXTURES, ROOT

SHOP = FIXTURES / "repos" / "shop-api"
FORMATS = ("json", "sarif", "markdown", "text")


def run(*args: str, seed: str = "0") -> subprocess.CompletedProcess[str]:
    """Run the command line in a process of its own."""
    env = {**os.environ, "PYTHONHASHSEED": seed, "NO_COLOR": "1"}
    return subprocess.run(
        [sys.executable, "-m", "archlint", *args],
        capture_output=True,
        text=True,
        env=env,
        check=False,
    )


@pytest.mark.parametrize("form", FORMATS)
def test_two_runs_are_byte_identical_and_name_no_absolute_path(form: str) -> None:
    first = run("check", str(SHOP), "--format", form, "--no-cache", seed="1")
    second = run("check", str(SHOP), "--format", form, "--no-cache", "--jobs", "2", seed="2")
    assert first.returncode in {0, 1}, first.stderr
    assert first.stdout == second.stdout
    assert str(ROOT) not in first.stdout


def test_the_report_is_deterministic() -> None:
    first = run("report", str(SHOP), "--output", "json", "--no-cache", seed="1")
    second = run("report", str(SHOP), "--output", "json", "--no-cache", seed="2")
    assert first.returncode == 0, first.stderr
    assert first.stdout == second.stdout
    assert str(ROOT) not in first.stdout


def _snapshot(root: Path) -> list[tuple[str, int, int]]:
    return sorted(
        (str(p.relative_to(root)), p.stat().st_mtime_ns, p.stat().st_size) for p in root.rglob("*")
    )


def test_nothing_is_written_into_the_scanned_repo() -> None:
    before = _snapshot(SHOP)
    check(SHOP, Options())
    assert _snapshot(SHOP) == before


def test_a_broken_file_changes_no_other_finding(tmp_path: Path) -> None:
    for file in SHOP.rglob("*"):
        if file.is_file():
            target = tmp_path / file.relative_to(SHOP)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(file.read_bytes())
    whole = check(tmp_path, Options(cache=False)).findings
    (tmp_path / "services/api/src/broken.js").write_bytes(b"function ( { [ \xff\xfe ;;; => class")
    (tmp_path / "internal/store/blob.go").write_bytes(b"\x00\x01\x02" * 1000)
    result = check(tmp_path, Options(cache=False))
    skipped = {skip.path for skip in result.skipped}
    assert {"services/api/src/broken.js", "internal/store/blob.go"} <= skipped
    assert [f for f in result.findings if f.location.path not in skipped] == list(whole)


def test_facts_survive_serialisation() -> None:
    from archlint.config import Config
    from archlint.discovery.files import WorkTree
    from archlint.session import analyse

    program = analyse(WorkTree(SHOP), Config(), Options(cache=False, jobs=1)).program
    for facts in program.files.values():
        assert decode_facts(encode_facts(facts)) == facts


IO_MODULES = {"os", "subprocess", "pathlib", "io", "socket", "shutil", "tempfile", "urllib"}


@pytest.mark.parametrize(
    "file",
    sorted((ROOT / "archlint" / "rules").glob("*/*.py")),
    ids=lambda file: file.stem,
)
def test_rules_do_no_io(file: Path) -> None:
    tree = ast.parse(file.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            assert not {alias.name.split(".")[0] for alias in node.names} & IO_MODULES
        if isinstance(node, ast.ImportFrom) and node.module:
            assert node.module.split(".")[0] not in IO_MODULES
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            assert node.func.id != "open"


@pytest.mark.parametrize(
    "file", sorted((ROOT / "archlint").rglob("*.py")), ids=lambda file: str(file.relative_to(ROOT))
)
def test_every_module_says_what_it_is(file: Path) -> None:
    said = ast.get_docstring(ast.parse(file.read_text("utf-8"))) or ""
    assert said
    assert not said.startswith(("TODO", "FIXME"))
