"""The command line as users meet it: a process, its streams and its exit code."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from archlint.cli.check import split_paths
from archlint.cli.output import outputs
from archlint.cli.terminal import Colour, coloured
from archlint.model.errors import ArchlintError
from tests.conftest import FIXTURES, ROOT
from tests.gitrepo import SERVICE, Repo, with_route

SHOP = str(FIXTURES / "repos" / "shop-api")


def archlint(
    *args: str, cwd: Path = ROOT, env: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "archlint", *args],
        cwd=cwd,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, **(env or {})},
    )


@pytest.fixture
def clean(tmp_path: Path) -> Path:
    """A repo without findings."""
    (tmp_path / "go.mod").write_text("module example.com/x\n\ngo 1.22\n")
    (tmp_path / "main.go").write_text("package main\n\nfunc main() {}\n")
    return tmp_path


@pytest.fixture
def repo(tmp_path: Path) -> Repo:
    """The service, committed, with a staged route to its error."""
    made = Repo(tmp_path / "app")
    made.commit(SERVICE)
    made.write({"main.go": with_route(SERVICE["main.go"])})
    made.git("add", "-A")
    return made


def test_exit_codes(clean: Path) -> None:
    assert archlint("check", str(clean)).returncode == 0
    assert archlint("check", SHOP).returncode == 1
    assert archlint("check", SHOP, "--fail-on", "never").returncode == 0
    assert archlint("check", SHOP, "--select", "architecture").returncode == 0


@pytest.mark.parametrize(
    "args",
    [
        ("check", "/does/not/exist"),
        ("check", SHOP, "--format", "yaml"),
        ("check", SHOP, "--select", "nope"),
        ("check", SHOP, "--output", "sarif", "--output", "json"),
        ("check", SHOP, "--since", "nope"),
        ("check", SHOP, "--since", "x", "--staged"),
        ("check", SHOP, "--config", "none.toml"),
        ("check", SHOP, "--baseline", "none.json"),
        ("check", SHOP, "--nope"),
        ("check", SHOP, "--jobs", "-1"),
        ("check", SHOP, "--output", "sarif:/does/not/exist/x.sarif"),
        ("explain", "nope"),
        ("nope",),
    ],
)
def test_wrong_usage_is_a_line_and_exit_2(args: tuple[str, ...]) -> None:
    done = archlint(*args)
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr
    assert "Traceback" not in done.stderr


def test_stdout_is_the_result_and_nothing_else(tmp_path: Path) -> None:
    sarif = tmp_path / "x.sarif"
    done = archlint("check", SHOP, "--format", "json", "--output", f"sarif:{sarif}", "-v")
    data = json.loads(done.stdout)
    assert data["findings"]
    assert json.loads(sarif.read_text())["version"] == "2.1.0"
    assert "rule unchecked-error" in done.stderr


def test_two_runs_are_equal_with_and_without_cache() -> None:
    first = archlint("check", SHOP, "--format", "json").stdout
    assert first == archlint("check", SHOP, "--format", "json").stdout
    assert first == archlint("check", SHOP, "--format", "json", "--no-cache", "-j", "1").stdout


def test_a_closed_pipe_is_no_traceback() -> None:
    done = subprocess.run(
        f"{sys.executable} -m archlint check {SHOP} --format json | head -c 1",
        shell=True,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout == "{"
    assert done.stderr == ""


def test_files_after_the_folder_limit_what_is_shown() -> None:
    whole = json.loads(archlint("check", SHOP, "--format", "json").stdout)["findings"]
    path = whole[0]["path"]
    part = json.loads(archlint("check", SHOP, f"{SHOP}/{path}", "--format", "json").stdout)
    assert part["findings"] == [f for f in whole if f["path"] == path]


def test_files_alone_are_judged_from_here() -> None:
    done = archlint("check", "services/api/Dockerfile", "--format", "json", cwd=Path(SHOP))
    found = json.loads(done.stdout)["findings"]
    assert {f["path"] for f in found} == {"services/api/Dockerfile"}


def test_split_paths(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "a.js").touch()
    monkeypatch.chdir(tmp_path / "src")
    assert split_paths([]) == (Path(), ())
    assert split_paths([tmp_path, Path("a.js")]) == (tmp_path, ("src/a.js",))
    with pytest.raises(ArchlintError, match="not below the folder archlint runs in"):
        split_paths([Path("/etc/hosts")])
    with pytest.raises(ArchlintError, match="not below"):
        split_paths([tmp_path / "src", tmp_path / ".."])


def test_outputs() -> None:
    found = outputs(["sarif:x.sarif", "github"], None, ("sarif", "github"), "github")
    assert [(o.form, o.file) for o in found] == [("sarif", Path("x.sarif")), ("github", None)]
    with pytest.raises(ArchlintError, match="names no file"):
        outputs(["sarif:"], None, ("sarif",), "sarif")


@pytest.mark.parametrize(
    ("env", "wanted", "expected"),
    [
        ({"NO_COLOR": "1", "FORCE_COLOR": "1"}, Colour.AUTO, False),
        ({"FORCE_COLOR": "1"}, Colour.AUTO, True),
        ({"FORCE_COLOR": "0"}, Colour.AUTO, False),
        ({}, Colour.AUTO, False),
        ({"NO_COLOR": "1"}, Colour.ALWAYS, True),
        ({"FORCE_COLOR": "1"}, Colour.NEVER, False),
    ],
)
def test_colour(
    env: dict[str, str],
    wanted: Colour,
    expected: bool,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    for name in ("NO_COLOR", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    for name, value in env.items():
        monkeypatch.setenv(name, value)
    with (tmp_path / "out").open("w") as stream:
        assert coloured(wanted, stream) is expected


def test_github_actions_forces_no_colour() -> None:
    done = archlint("check", SHOP, env={"GITHUB_ACTIONS": "true"})
    assert "\x1b" not in done.stdout


def test_staged_on_the_command_line(repo: Repo) -> None:
    done = archlint("check", "--staged", cwd=repo.root)
    assert done.returncode == 1
    assert "POST /rows" in done.stdout
    assert "introduced since HEAD" in done.stdout


def test_pre_commits_refs_take_the_place_of_the_index(repo: Repo) -> None:
    first = repo.git("rev-parse", "HEAD")
    repo.git("commit", "-q", "-m", "route")
    end = repo.git("rev-parse", "HEAD")
    refs = {"PRE_COMMIT_FROM_REF": first, "PRE_COMMIT_TO_REF": end}
    assert archlint("check", "--staged", cwd=repo.root).returncode == 0
    assert archlint("check", "--staged", cwd=repo.root, env=refs).returncode == 1


def test_baseline_commands(repo: Repo) -> None:
    assert archlint("check", cwd=repo.root).returncode == 1
    assert archlint("baseline", "write", cwd=repo.root).returncode == 0
    assert archlint("check", cwd=repo.root).returncode == 0
    assert archlint("check", "--no-baseline", cwd=repo.root).returncode == 1
    more = SERVICE["export/export.go"].replace("Rows", "More")
    repo.write({"export/more.go": more})
    grown = archlint("baseline", "write", cwd=repo.root)
    assert grown.returncode == 2
    assert "would grow" in grown.stderr
    (repo.root / "export/more.go").unlink()
    (repo.root / "export/export.go").write_text("package export\n\nvar Rows = 1\n")
    assert archlint("check", cwd=repo.root).stdout.count("stale-baseline")
    assert "findings removed" in archlint("baseline", "prune", cwd=repo.root).stderr
    assert "stale-baseline" not in archlint("check", cwd=repo.root).stdout


def test_config_commands(clean: Path) -> None:
    assert "the defaults hold" in archlint("config", "verify", str(clean)).stderr
    (clean / "archlint.toml").write_text('ignore = ["import-cycle"]\n')
    assert archlint("config", "verify", str(clean)).stderr == "valid: archlint.toml\n"
    shown = json.loads(archlint("config", "show", str(clean)).stdout)
    assert shown["ignore"] == ["import-cycle"]
    (clean / "archlint.toml").write_text('ignore = ["import-cicle"]\n')
    wrong = archlint("config", "verify", str(clean))
    assert wrong.returncode == 2
    assert "archlint.toml:1: no rule is called 'import-cicle': did you mean" in wrong.stderr
    (clean / "archlint.toml").write_text('[context]\nteam.nope = "x"\n')
    assert archlint("config", "verify", str(clean)).returncode == 2
    schema = json.loads(archlint("config", "schema").stdout)
    assert schema["title"] == "archlint configuration"
    assert json.loads(archlint("config", "schema", "--output-format", "check").stdout)
    assert json.loads(archlint("config", "schema", "--output-format", "report").stdout)


def test_rules_and_explain() -> None:
    listed = json.loads(archlint("rules", "--format", "json").stdout)
    names = {rule["id"] for rule in listed}
    assert {"unchecked-error", "unused-suppression"} <= names
    assert "| `unchecked-error` |" in archlint("rules", "--format", "markdown").stdout
    told = archlint("explain", "unchecked-error").stdout
    assert "Why it matters" in told
    near = archlint("explain", "uncheked-error")
    assert "did you mean 'unchecked-error'?" in near.stderr


def test_cache_commands(tmp_path: Path) -> None:
    env = {"ARCHLINT_CACHE_DIR": str(tmp_path / "cache")}
    (tmp_path / "cache").mkdir(mode=0o700)
    archlint("check", SHOP, env=env)
    assert archlint("cache", "dir", env=env).stdout.strip() == str(tmp_path / "cache")
    assert int(archlint("cache", "size", env=env).stdout) > 0
    archlint("cache", "clear", env=env)
    assert int(archlint("cache", "size", env=env).stdout) == 0


def test_help_and_version() -> None:
    helped = archlint("--help")
    assert helped.returncode == 0
    assert "check" in helped.stdout
    assert archlint("--version").stdout.startswith("archlint ")


@pytest.mark.parametrize(
    ("words", "completed"),
    [("archlint ba", "baseline"), ("archlint explain floa", "floating-promise")],
)
def test_completion(words: str, completed: str) -> None:
    asked = {
        "_ARCHLINT_COMPLETE": "complete_bash",
        "COMP_WORDS": words,
        "COMP_CWORD": str(words.count(" ")),
    }
    script = Path(sys.executable).parent / "archlint"
    done = subprocess.run(
        [str(script)], capture_output=True, text=True, check=False, env={**os.environ, **asked}
    )
    assert done.stdout.split() == [completed]


def test_the_command_line_starts_without_the_analysis() -> None:
    code = (
        "import sys, archlint.cli.app\n"
        "heavy = {'networkx', 'tree_sitter', 'rich', 'jinja2', 'yaml'} & set(sys.modules)\n"
        "assert not heavy, heavy\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
