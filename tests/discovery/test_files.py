"""The walk: what it enters, what it leaves out and what it says about that."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from archlint.discovery.files import WorkTree
from archlint.discovery.source import Unreadable


def write(root: Path, *paths: str) -> None:
    for path in paths:
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text("x\n")


def listed(root: Path) -> list[str]:
    return [entry.path for entry in WorkTree(root).listing().entries]


def reasons(root: Path) -> dict[str, str]:
    return {skip.path: skip.reason for skip in WorkTree(root).listing().skipped}


def test_ignored_folders_and_nested_ignore_files(tmp_path: Path) -> None:
    write(tmp_path, "a.js", "node_modules/x/i.js", "sub/b.js", "sub/c.log", "sub/deep/d.log")
    write(tmp_path, "sub/keep.log", "out/e.js", ".git/info/exclude")
    (tmp_path / ".gitignore").write_text("out/\n*.log\n")
    (tmp_path / "sub/.gitignore").write_text("!keep.log\n")
    (tmp_path / ".git/info/exclude").write_text("b.js\n")
    assert listed(tmp_path) == [".gitignore", "a.js", "sub/.gitignore", "sub/keep.log"]
    assert reasons(tmp_path) == {}


def test_node_modules_that_an_ignore_file_takes_back_hold_source(tmp_path: Path) -> None:
    own = "packages/node_modules"
    write(tmp_path, "node_modules/x/i.js", f"{own}/@us/web/i.js", f"{own}/@us/node_modules/y/i.js")
    (tmp_path / ".gitignore").write_text("node_modules\n!packages/node_modules\n")
    assert listed(tmp_path) == [".gitignore", f"{own}/@us/web/i.js"]


def test_dist_is_built_only_beside_a_manifest(tmp_path: Path) -> None:
    write(tmp_path, "app/package.json", "app/dist/x.js", "pkg/dist/x.go")
    assert listed(tmp_path) == ["app/package.json", "pkg/dist/x.go"]


def test_links_are_never_followed(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    write(outside, "secret.js")
    root = tmp_path / "root"
    write(root, "a.js")
    (root / "loop").symlink_to(".")
    (root / "away").symlink_to(outside)
    (root / "b.js").symlink_to(outside / "secret.js")
    (root / "self.js").symlink_to("self.js")
    assert listed(root) == ["a.js"]
    assert set(reasons(root).values()) == {"symbolic link, not followed"}
    with pytest.raises(Unreadable):
        WorkTree(root).read("b.js", 1000)


def test_special_files_are_reported_and_not_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "fifo.js")
    os.mkfifo(tmp_path / ".gitignore")
    server = socket.socket(socket.AF_UNIX)
    here = Path.cwd()
    os.chdir(tmp_path)
    try:
        server.bind("socket.js")
    finally:
        server.close()
        os.chdir(here)
    assert listed(tmp_path) == []
    assert reasons(tmp_path) == dict.fromkeys(
        [".gitignore", "fifo.js", "socket.js"], "not a regular file"
    )
    with pytest.raises(Unreadable, match="not a regular file"):
        WorkTree(tmp_path).read("fifo.js", 1000)


def test_names_that_are_not_text_are_reported_escaped(tmp_path: Path) -> None:
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff.js")).write_text("")
    assert listed(tmp_path) == []
    assert reasons(tmp_path) == {"\\xff.js": "its name is not valid UTF-8"}


def test_limits_on_size_and_number(tmp_path: Path) -> None:
    write(tmp_path, "a.js", "b.js", "c/d.js")
    (tmp_path / "big.js").write_bytes(b"x" * 3_000_000)
    tree = WorkTree(tmp_path)
    with pytest.raises(Unreadable, match=r"larger than 1 MB \(3.0 MB\)"):
        tree.read("big.js", 1_000_000)
    assert tree.read("a.js", 10) == b"x\n"
    few = WorkTree(tmp_path, max_files=2).listing()
    assert [skip.path for skip in few.skipped] == ["."]


@pytest.mark.parametrize("path", ["../x", "/etc/passwd", "a/../../x", "nul\0.js", "missing"])
def test_reading_stays_inside(tmp_path: Path, path: str) -> None:
    with pytest.raises(Unreadable):
        WorkTree(tmp_path).read(path, 1000)


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_unreadable_folders_are_reported(tmp_path: Path) -> None:
    (tmp_path / "locked").mkdir(mode=0)
    assert reasons(tmp_path) == {"locked": "cannot be read: Permission denied"}
