"""What people do wrong, and what their machines refuse: one clear line, never a traceback."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from archlint.cli.options import names
from archlint.model.errors import ArchlintError
from tests.cli.test_check import SHOP, archlint
from tests.conftest import ROOT

EMPTY = "No Node.js or Go code found: nothing was checked"
RUN = f"{sys.executable} -m archlint"


def shell(line: str, env: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["bash", "-c", line],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, **(env or {})},
    )


@pytest.fixture
def other(tmp_path: Path) -> Path:
    """A folder with code, none of it JavaScript, TypeScript or Go."""
    (tmp_path / "README.md").write_text("words\n")
    (tmp_path / "tool.py").write_text("print(1)\n")
    return tmp_path


def test_a_folder_with_nothing_to_check_is_said_to_be_one(other: Path) -> None:
    text = archlint("check", str(other))
    assert (text.returncode, text.stdout, text.stderr) == (0, f"{EMPTY}\n", "")
    made = archlint("check", str(other), "--format", "json")
    assert (made.returncode, json.loads(made.stdout)["notice"]) == (0, EMPTY)
    assert made.stderr == f"archlint: {EMPTY}\n"
    for form in ("markdown", "html"):
        assert EMPTY in archlint("check", str(other), "--format", form).stdout
    assert archlint("check", str(other), "--quiet", "--format", "json").stderr == ""


def test_so_say_the_report_and_the_graph(other: Path) -> None:
    report = archlint("report", str(other))
    assert (report.returncode, report.stderr) == (0, "")
    assert "No component found" in report.stdout
    for args in (("report", str(other), "--format", "json"), ("graph", str(other))):
        done = archlint(*args)
        assert (done.returncode, done.stderr) == (0, f"archlint: {EMPTY}\n")


def test_where_there_is_code_nothing_is_noticed(tmp_path: Path) -> None:
    (tmp_path / "a.js").write_text("export const a = 1\n")
    done = archlint("check", str(tmp_path), "--format", "json")
    assert (json.loads(done.stdout)["notice"], done.stderr) == ("", "")


@pytest.mark.parametrize("command", [f"check {SHOP}", f"report {SHOP}", "rules", f"graph {SHOP}"])
def test_closed_streams_change_nothing_but_where_it_goes(command: str) -> None:
    code = shell(f"{RUN} {command} >/dev/null").returncode
    for closed in (">&-", "<&- >/dev/null", ">&- 2>&-"):
        done = shell(f"{RUN} {command} {closed}")
        assert (done.returncode, done.stdout, done.stderr) == (code, "", "")


def test_a_file_opened_later_never_takes_the_place_of_a_closed_stream(tmp_path: Path) -> None:
    page = tmp_path / "x.json"
    shell(f"{RUN} check {SHOP} --format text --output json:{page} >&-")
    assert json.loads(page.read_text())["findings"]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
@pytest.mark.parametrize("command", [f"check {SHOP}", "rules", f"graph {SHOP}"])
def test_a_full_disk_is_a_line(command: str) -> None:
    done = shell(f"{RUN} {command} >/dev/full")
    assert done.returncode == 2
    assert done.stderr == "archlint: the result cannot be written: No space left on device\n"


def test_a_folder_that_is_gone_is_a_line(tmp_path: Path) -> None:
    folder = tmp_path / "gone"
    folder.mkdir()
    env = {"PYTHONPATH": str(ROOT)}
    done = shell(f"cd {folder} && rmdir {folder} && {RUN} check", env)
    assert done.returncode == 2
    assert "archlint: the folder archlint runs in is gone" in done.stderr
    assert "internal error" not in done.stderr


def test_what_the_terminal_cannot_show_is_escaped() -> None:
    code = "from archlint.cli import _open_streams as start; start(); print(chr(233))"
    done = shell(f"{sys.executable} -c '{code}'", {"PYTHONIOENCODING": "ascii"})
    assert (done.returncode, done.stdout, done.stderr) == (0, "\\xe9\n", "")


def test_an_interrupt_while_starting_up_is_no_traceback() -> None:
    code = (
        "import sys, types\n"
        "app = types.ModuleType('archlint.cli.app')\n"
        "def interrupted(name):\n    raise KeyboardInterrupt\n"
        "app.__getattr__ = interrupted\n"
        "sys.modules['archlint.cli.app'] = app\n"
        "from archlint.cli import main\n"
        "main()\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (128 + signal.SIGINT, "")


def test_an_option_that_names_nothing_is_refused() -> None:
    assert names("--select", None) is None
    assert names("--select", ["a, b", "c"]) == ("a", "b", "c")
    with pytest.raises(ArchlintError, match="--select names no rule"):
        names("--select", [" ,"])
    assert archlint("fix", SHOP, "--select", "floating-promise,unsafe-regex").returncode == 0


def test_a_json_file_that_is_no_baseline_is_refused() -> None:
    done = archlint("check", SHOP, "--baseline", f"{SHOP}/package.json")
    assert done.returncode == 2
    assert done.stderr.startswith("archlint: package.json: not a baseline")


@pytest.mark.parametrize(
    ("env", "args", "said"),
    [
        ({"SOURCE_DATE_EPOCH": "x"}, (), "SOURCE_DATE_EPOCH=x: expected seconds since 1970"),
        ({}, ("--today", "soon"), "--today soon: expected a day such as 2027-06-30"),
    ],
)
def test_a_day_that_is_none(env: dict[str, str], args: tuple[str, ...], said: str) -> None:
    done = archlint("check", SHOP, *args, env=env)
    assert (done.returncode, done.stderr) == (2, f"archlint: {said}\n")


def test_why_of_a_package_that_no_lockfile_knows(tmp_path: Path) -> None:
    (tmp_path / "package.json").write_text('{"name": "x", "dependencies": {"express": "4"}}')
    said = [archlint("deps", "why", name, str(tmp_path)).stderr for name in ("express", "koa")]
    assert said == [
        "archlint: express is declared in package.json, but no lockfile says what is installed\n",
        "archlint: koa is not installed\n",
    ]
