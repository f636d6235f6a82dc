"""Reading git objects: the same files as the work tree's walk, and nothing of the repo is run."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from archlint.discovery.files import WorkTree
from archlint.discovery.git import blob_id, open_repository
from archlint.discovery.gitfiles import GitFiles
from archlint.discovery.source import Unreadable
from archlint.model.errors import ArchlintError
from tests.gitrepo import Repo


@pytest.fixture
def repo(tmp_path: Path) -> Repo:
    """Ignored folders, built folders, links, odd names."""
    made = Repo(tmp_path / "app")
    made.write(
        {
            "package.json": "{}",
            "dist/out.js": "x",
            "src/dist/kept.js": "x",
            "src/a b\tc.js": "x",
            "src/ü.js": "ü",
            "node_modules/x/index.js": "x",
            ".gitignore": "*.log\n/skipped/\n",
            "x.log": "x",
            "skipped/a.js": "x",
            "src/.gitignore": "!y.log\n",
            "src/y.log": "x",
        }
    )
    (made.root / "link.js").symlink_to("src/ü.js")
    made.git("add", "-f", "-A")
    made.git("commit", "-q", "-m", "all")
    return made


def test_a_commit_lists_what_the_work_tree_does(repo: Repo) -> None:
    opened = open_repository(repo.root)
    try:
        commit = GitFiles(opened, opened.tree(opened.head())).listing()
        index = GitFiles(opened, opened.index()).listing()
    finally:
        opened.close()
    walked = WorkTree(repo.root).listing()
    assert [(e.path, e.size) for e in commit.entries] == [(e.path, e.size) for e in walked.entries]
    assert commit == index
    assert commit.skipped == walked.skipped
    assert "src/y.log" in {e.path for e in commit.entries}
    assert "x.log" not in {e.path for e in commit.entries}


def test_reading(repo: Repo) -> None:
    opened = open_repository(repo.root)
    files = GitFiles(opened, opened.tree("HEAD"))
    assert files.read("src/ü.js", 100) == "ü".encode()
    assert files.oid("src/ü.js") == blob_id("ü".encode(), files.oid("src/ü.js"))
    with pytest.raises(Unreadable, match="larger than"):
        files.read("src/ü.js", 1)
    with pytest.raises(Unreadable, match="not a regular file"):
        files.read("link.js", 100)
    opened.close()


def test_below_the_top(repo: Repo) -> None:
    opened = open_repository(repo.root / "src")
    assert opened.prefix == "src/"
    assert [e.path for e in opened.tree("HEAD")] == [e.path for e in opened.index()]
    assert "ü.js" in {e.path for e in opened.tree("HEAD")}
    opened.close()


def test_a_folder_that_a_commit_lacks_is_empty(repo: Repo) -> None:
    repo.write({"new/a.js": "x"})
    opened = open_repository(repo.root / "new")
    assert opened.tree(opened.head()) == []
    opened.close()


def test_options_in_disguise_are_refs(repo: Repo) -> None:
    opened = open_repository(repo.root)
    for ref in ("--all", "--output=x", "HEAD:package.json", ""):
        with pytest.raises(ArchlintError):
            opened.resolve(ref)
    opened.close()


def test_nothing_that_the_repo_configures_is_run(repo: Repo, tmp_path: Path) -> None:
    trap = tmp_path / "trap.sh"
    sprung = tmp_path / "sprung"
    trap.write_text(f"#!/bin/sh\ntouch '{sprung}'\nexit 0\n")
    trap.chmod(0o755)
    for key in (
        "core.fsmonitor",
        "core.pager",
        "core.editor",
        "core.sshCommand",
        "diff.external",
        "filter.x.smudge",
        "filter.x.clean",
        "filter.x.process",
        "diff.x.textconv",
        "credential.helper",
    ):
        repo.git("config", key, str(trap))
    (repo.root / ".git/info").mkdir(exist_ok=True)
    (repo.root / ".git/info/attributes").write_text("* filter=x diff=x\n")
    hooks = repo.root / ".git/hooks"
    hooks.mkdir(exist_ok=True)
    for name in ("post-index-change", "fsmonitor-watchman", "post-checkout"):
        os.symlink(trap, hooks / name)
    opened = open_repository(repo.root)
    GitFiles(opened, opened.index()).listing()
    files = GitFiles(opened, opened.tree(opened.head()))
    for entry in files.listing().entries:
        files.read(entry.path, 1_000)
    opened.merge_base("HEAD", "HEAD")
    opened.merging()
    opened.history()
    opened.close()
    assert not sprung.exists()


def test_the_index_of_a_commit_in_the_making(
    repo: Repo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = tmp_path / "index"
    repo.write({"only.js": "x"})
    repo.git("read-tree", "HEAD", env={"GIT_INDEX_FILE": str(other)})
    repo.git("add", "only.js", env={"GIT_INDEX_FILE": str(other)})
    monkeypatch.setenv("GIT_INDEX_FILE", str(other))
    opened = open_repository(repo.root)
    assert "only.js" in {entry.path for entry in opened.index()}
    opened.close()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a repo to another owner")
def test_another_owner_is_no_obstacle(repo: Repo) -> None:
    for path in [repo.root, *repo.root.rglob("*")]:
        os.chown(path, 65534, 65534, follow_symlinks=False)
    opened = open_repository(repo.root)
    try:
        assert opened.head()
    finally:
        opened.close()
