"""The hooks under pre-commit itself: stashes, deletions, merges, refs, names in batches."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.conftest import ROOT
from tests.gitrepo import SERVICE, Repo, with_route

pytest.importorskip("pre_commit")

HOOKS = {hook["id"]: hook for hook in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())}
OTHER = {"id": "other", "name": "other", "language": "system", "entry": "true", "always_run": True}


def local(hook: str, **changes: Any) -> dict[str, Any]:
    """The published hook, run by this environment's archlint in place of one that is installed."""
    found = {**HOOKS[hook], "language": "system", "stages": ["pre-commit"], **changes}
    found["entry"] = found["entry"].replace("archlint", f"{sys.executable} -m archlint", 1)
    return found


class Hooked(Repo):
    """A repository with pre-commit's configuration."""

    def use(self, *hooks: dict[str, Any]) -> None:
        """Configure and commit the hooks."""
        config = {"repos": [{"repo": "local", "hooks": list(hooks)}]}
        self.write({".pre-commit-config.yaml": yaml.safe_dump(config)})
        self.git("add", ".pre-commit-config.yaml")
        self.git("commit", "-q", "--no-verify", "-m", "hooks")

    def run(self, *args: str) -> subprocess.CompletedProcess[str]:
        """``pre-commit run`` here."""
        clean = {k: v for k, v in os.environ.items() if not k.startswith(("GIT_", "PRE_COMMIT"))}
        return subprocess.run(
            [sys.executable, "-m", "pre_commit", "run", "--color", "never", *args],
            cwd=self.root,
            capture_output=True,
            text=True,
            check=False,
            env={**clean, "PRE_COMMIT_HOME": str(self.root.parent / "pre-commit")},
        )


@pytest.fixture
def repo(tmp_path: Path) -> Hooked:
    """The service with the hook for staged changes."""
    made = Hooked(tmp_path / "app")
    made.commit(SERVICE)
    made.use(local("archlint"))
    return made


def test_a_new_route_fails_the_commit(repo: Hooked) -> None:
    repo.write({"main.go": with_route(SERVICE["main.go"])})
    repo.git("add", "-A")
    done = repo.run()
    assert done.returncode == 1, done.stdout
    assert "POST /rows" in done.stdout


def test_what_was_there_does_not(repo: Hooked) -> None:
    repo.write({"README.md": "x"})
    repo.git("add", "-A")
    assert repo.run().returncode == 0


def test_only_the_staged_part_of_a_file_counts(repo: Hooked) -> None:
    repo.write({"main.go": SERVICE["main.go"].replace("func index", "// The root.\nfunc index")})
    repo.git("add", "-A")
    repo.write({"main.go": with_route(SERVICE["main.go"])})
    done = repo.run()
    assert done.returncode == 0, done.stdout
    assert "POST /rows" in (repo.root / "main.go").read_text(), "the work tree is as it was"


def test_a_deletion_is_judged(repo: Hooked) -> None:
    checked = SERVICE["export/export.go"].replace("defer f.Close()", "_ = f")
    repo.commit({"export/export.go": checked, "export/kept.go": "package export\n"})
    repo.git("rm", "-q", "export/kept.go")
    done = repo.run("--verbose")
    assert done.returncode == 0, done.stdout
    assert "introduced since HEAD" in done.stdout, "the hook ran though no file is left to name"


def test_a_merge_brings_nothing_new(repo: Hooked) -> None:
    repo.git("checkout", "-q", "-b", "side")
    repo.commit({"main.go": with_route(SERVICE["main.go"])})
    repo.git("checkout", "-q", "main")
    repo.commit({"README.md": "x"})
    repo.git("merge", "--no-commit", "--no-ff", "side")
    assert repo.run().returncode == 0


def test_from_ref_and_to_ref(repo: Hooked) -> None:
    start = repo.git("rev-parse", "HEAD")
    repo.commit({"main.go": with_route(SERVICE["main.go"])})
    assert repo.run("--from-ref", start, "--to-ref", "HEAD").returncode == 1
    assert repo.run("--from-ref", "HEAD", "--to-ref", "HEAD").returncode == 0


def test_beside_other_hooks_and_their_stash(repo: Hooked) -> None:
    repo.use(OTHER, local("archlint"))
    repo.write({"main.go": with_route(SERVICE["main.go"])})
    repo.git("add", "-A")
    repo.write({"main.go": "unfinished"})
    assert repo.run().returncode == 1
    assert (repo.root / "main.go").read_text() == "unfinished"


def test_names_in_batches_are_a_filter(repo: Hooked) -> None:
    repo.use(local("archlint-full", pass_filenames=True, always_run=False))
    repo.write({f"gen/f{n}.go": "package gen\n" for n in range(30)})
    repo.write({"main.go": with_route(SERVICE["main.go"])})
    repo.git("add", "-A")
    assert repo.run("--files", "gen/f1.go", "gen/f2.go").returncode == 0
    done = repo.run("--all-files")
    assert done.returncode == 1
    assert done.stdout.count("error[unchecked-error]") == 1


def test_the_whole_repo(repo: Hooked) -> None:
    repo.use(local("archlint-full"))
    assert repo.run("--all-files").returncode == 1


def test_the_configuration(repo: Hooked) -> None:
    repo.use(local("archlint-config"))
    repo.write({"archlint.toml": 'ignore = ["import-cycle"]\n'})
    repo.git("add", "-A")
    assert repo.run().returncode == 0
    repo.write({"archlint.toml": 'ignroe = ["import-cycle"]\n'})
    repo.git("add", "-A")
    done = repo.run()
    assert done.returncode == 1
    assert "did you mean 'ignore'?" in done.stdout


def test_the_manifest_is_valid() -> None:
    manifest = str(ROOT / ".pre-commit-hooks.yaml")
    command = [sys.executable, "-m", "pre_commit", "validate-manifest", manifest]
    assert subprocess.run(command, check=False).returncode == 0


@pytest.mark.parametrize(
    "name", ["src/a.mts", "a.cts", "x/yarn.lock", "go.work", "web/Dockerfile.prod", "a.jsx"]
)
def test_files_that_identify_has_no_tag_for(name: str) -> None:
    import re

    assert re.search(HOOKS["archlint"]["files"], name)
