"""The action's steps with a runner's environment, and the validators that work offline."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import FIXTURES, ROOT
from tests.gitrepo import SERVICE, Repo, with_route

CHECK = ROOT / ".github/action/check.sh"
INSTALL = ROOT / ".github/action/install.sh"
SHOP = FIXTURES / "repos" / "shop-api"


class Runner:
    """A runner's folders and files."""

    def __init__(self, folder: Path) -> None:
        self.temp = folder / "runner"
        self.temp.mkdir()
        self.files = {
            name: self.temp / name.lower()
            for name in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY", "GITHUB_PATH")
        }
        for file in self.files.values():
            file.touch()

    def run(self, script: Path, cwd: Path, **inputs: str) -> subprocess.CompletedProcess[str]:
        """A step, with its inputs in the environment as action.yml passes them."""
        path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        env = {
            **{k: v for k, v in os.environ.items() if not k.startswith(("GIT_", "INPUT_"))},
            **{name: str(file) for name, file in self.files.items()},
            "GITHUB_ACTIONS": "true",
            "RUNNER_TEMP": str(self.temp),
            "ARCHLINT_CACHE_DIR": str(self.temp / "archlint-cache"),
            "PATH": path,
            **inputs,
        }
        return subprocess.run(
            ["bash", str(script)], cwd=cwd, env=env, capture_output=True, text=True, check=False
        )

    def outputs(self) -> dict[str, str]:
        """What the step set."""
        lines = self.files["GITHUB_OUTPUT"].read_text().splitlines()
        return dict(line.split("=", 1) for line in lines)


@pytest.fixture
def runner(tmp_path: Path) -> Runner:
    """A fresh runner."""
    return Runner(tmp_path)


def test_everything_at_once(runner: Runner, tmp_path: Path) -> None:
    sarif = tmp_path / "x.sarif"
    done = runner.run(CHECK, SHOP, INPUT_SARIF=str(sarif), INPUT_SINCE="none")
    outputs = runner.outputs()
    assert done.returncode == 1
    assert outputs["exit-code"] == "1"
    assert int(outputs["errors"]) > 0
    assert outputs["sarif"] == str(sarif)
    assert json.loads(Path(outputs["json"]).read_text())["findings"]
    assert json.loads(sarif.read_text())["runs"]
    assert "# archlint:" in runner.files["GITHUB_STEP_SUMMARY"].read_text()
    annotated = [line for line in done.stdout.splitlines() if line.startswith("::error ")]
    assert len(annotated) == int(outputs["errors"])


def test_without_annotations_summary_and_failure(runner: Runner) -> None:
    done = runner.run(
        CHECK,
        SHOP,
        INPUT_ANNOTATIONS="false",
        INPUT_SUMMARY="false",
        INPUT_FAIL_ON="never",
        INPUT_SINCE="none",
    )
    assert done.returncode == 0
    assert "::" not in done.stdout
    assert runner.files["GITHUB_STEP_SUMMARY"].read_text() == ""


def test_a_pull_request_is_compared_with_its_base(runner: Runner, tmp_path: Path) -> None:
    repo = Repo(tmp_path / "app")
    base = repo.commit(SERVICE)
    repo.commit({"main.go": with_route(SERVICE["main.go"])})
    done = runner.run(CHECK, repo.root, BASE_SHA=base)
    assert done.returncode == 1
    assert runner.outputs()["errors"] == "1"
    assert "1 finding introduced since" in runner.files["GITHUB_STEP_SUMMARY"].read_text()


def test_a_base_that_is_not_there_fails_the_step(runner: Runner, tmp_path: Path) -> None:
    repo = Repo(tmp_path / "app")
    repo.commit(SERVICE)
    done = runner.run(CHECK, repo.root, BASE_SHA="0123456789012345678901234567890123456789")
    assert done.returncode == 2
    assert runner.outputs()["exit-code"] == "2"
    assert "git fetch" in done.stderr


def test_a_step_that_fails_passes_off_no_earlier_result(runner: Runner, tmp_path: Path) -> None:
    repo = Repo(tmp_path / "app")
    base = repo.commit(SERVICE)
    repo.commit({"main.go": with_route(SERVICE["main.go"])})
    sarif = str(tmp_path / "x.sarif")
    assert runner.run(CHECK, repo.root, BASE_SHA=base, INPUT_SARIF=sarif).returncode == 1
    for file in runner.files.values():
        file.write_text("")
    done = runner.run(CHECK, repo.root, BASE_SHA="0" * 39 + "1", INPUT_SARIF=sarif)
    assert done.returncode == 2
    assert runner.outputs() == {"exit-code": "2"}
    assert runner.files["GITHUB_STEP_SUMMARY"].read_text() == ""


def test_arguments_are_never_commands(runner: Runner, tmp_path: Path) -> None:
    trap = tmp_path / "trap"
    done = runner.run(
        CHECK, SHOP, INPUT_ARGS=f"--select\nimport-cycle;touch {trap}\n$(touch {trap})"
    )
    assert done.returncode == 2
    assert not trap.exists()
    again = runner.run(CHECK, SHOP, INPUT_ARGS="--select\nimport-cycle", INPUT_SINCE="none")
    assert again.returncode == 0


def test_a_version_is_nothing_else(runner: Runner, tmp_path: Path) -> None:
    done = runner.run(INSTALL, tmp_path, VERSION="git+https://example.com/x", SOURCE=str(ROOT))
    assert done.returncode == 2
    assert "not a version" in done.stderr


@pytest.mark.parametrize(
    ("tool", "args"),
    [
        ("check-jsonschema", ("--builtin-schema", "vendor.github-actions", "action.yml")),
        (
            "check-jsonschema",
            ("--builtin-schema", "vendor.github-workflows", ".github/workflows/ci.yml"),
        ),
        (
            "zizmor",
            ("--offline", "--min-severity", "medium", "action.yml", ".github/workflows"),
        ),
    ],
)
def test_validators(tool: str, args: tuple[str, ...]) -> None:
    found = Path(sys.executable).parent / tool
    command = str(found) if found.exists() else shutil.which(tool)
    if command is None:
        pytest.skip(f"{tool} is not installed")
    done = subprocess.run([command, *args], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
