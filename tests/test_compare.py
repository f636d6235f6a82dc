"""Judging a change: against commits and the index, never open on failure."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

import archlint
from archlint.model.finding import Context, Result
from tests.gitrepo import SERVICE, Repo, with_route


@pytest.fixture
def repo(tmp_path: Path) -> Repo:
    """The service, committed."""
    made = Repo(tmp_path / "app")
    made.commit(SERVICE)
    return made


def brief(result: Result) -> list[tuple[str, str, str]]:
    return [(f.rule, f.context.value, f.location.path) for f in result.findings]


NEW_ROUTE = [("unchecked-error", "request", "export/export.go")]
UNUSED = {
    "export/export.go": SERVICE["export/export.go"]
    + '\nfunc More() {\n\tf, _ := os.Create("x")\n\tf.Close()\n}\n'
}


def test_an_untouched_line_that_a_new_route_reaches_is_introduced(repo: Repo) -> None:
    repo.write({"main.go": with_route(SERVICE["main.go"])})
    result = archlint.check(repo.root, since="HEAD")
    assert brief(result) == NEW_ROUTE
    assert result.since == "HEAD"
    assert [hop.path for hop in result.findings[0].trace][-1] == "export/export.go"


def test_removing_the_route_fixes(repo: Repo) -> None:
    repo.commit({"main.go": with_route(SERVICE["main.go"])})
    repo.write({"main.go": SERVICE["main.go"]})
    result = archlint.check(repo.root, since="HEAD")
    assert not result.findings
    assert [f.context for f in result.fixed] == [Context.REQUEST]


def test_nothing_changed(repo: Repo) -> None:
    result = archlint.check(repo.root, since="HEAD")
    assert not result.findings
    assert not result.fixed


@pytest.mark.parametrize(
    "change",
    [
        {"export/export.go": "// Package export writes rows.\n\n" + SERVICE["export/export.go"]},
        {"export/export.go": SERVICE["export/export.go"].replace("\tdefer", "\n\n\tdefer")},
    ],
    ids=["moved down", "reformatted"],
)
def test_moved_lines_are_no_change(repo: Repo, change: dict[str, str]) -> None:
    repo.write(change)
    result = archlint.check(repo.root, since="HEAD")
    assert not result.findings
    assert not result.fixed


def test_a_renamed_file_is_no_change(repo: Repo) -> None:
    (repo.root / "export/export.go").rename(repo.root / "export/rows.go")
    result = archlint.check(repo.root, since="HEAD")
    assert not result.findings
    assert not result.fixed


def test_a_copied_finding_is_introduced(repo: Repo) -> None:
    text = SERVICE["export/export.go"].replace("Rows", "Again")
    repo.write({"export/again.go": text})
    result = archlint.check(repo.root, since="HEAD")
    assert [f.location.path for f in result.findings] == ["export/again.go"]


def test_staged_sees_the_index_only(repo: Repo) -> None:
    repo.write({"main.go": with_route(SERVICE["main.go"])})
    assert not archlint.check(repo.root, staged=True).findings
    repo.git("add", "main.go")
    repo.write(UNUSED)
    assert brief(archlint.check(repo.root, staged=True)) == NEW_ROUTE
    assert len(archlint.check(repo.root, since="HEAD").findings) > 1


def test_a_staged_deletion_fixes(repo: Repo) -> None:
    repo.git("rm", "-q", "export/export.go")
    result = archlint.check(repo.root, staged=True)
    assert "export/export.go" in {f.location.path for f in result.fixed}


def test_a_merge_is_not_to_blame_for_what_a_parent_had(repo: Repo) -> None:
    repo.git("checkout", "-q", "-b", "side")
    repo.commit({"main.go": with_route(SERVICE["main.go"])})
    repo.git("checkout", "-q", "main")
    repo.commit({"README.md": "x"})
    repo.git("merge", "--no-commit", "--no-ff", "side")
    assert not archlint.check(repo.root, staged=True).findings


def test_since_compares_with_the_merge_base(repo: Repo) -> None:
    repo.git("checkout", "-q", "-b", "feature")
    repo.git("checkout", "-q", "main")
    repo.commit({"main.go": with_route(SERVICE["main.go"])})
    repo.git("checkout", "-q", "feature")
    repo.commit({"README.md": "x"})
    result = archlint.check(repo.root, since="main")
    assert not result.findings
    assert not result.fixed, "what main gained is not what the feature lost"


def test_until_judges_a_commit_whatever_the_work_tree_holds(repo: Repo) -> None:
    start = repo.git("rev-parse", "HEAD")
    end = repo.commit({"main.go": with_route(SERVICE["main.go"])})
    shutil.rmtree(repo.root / "export")
    assert brief(archlint.check(repo.root, since=start, until=end)) == NEW_ROUTE


def test_a_folder_below_the_top(repo: Repo) -> None:
    repo.git("mv", "export", "x")
    shutil.rmtree(repo.root / ".git")
    outer = Repo(repo.root.parent)
    (repo.root / "x").rename(repo.root / "export")
    outer.commit()
    repo.write({"main.go": with_route(SERVICE["main.go"])})
    assert brief(archlint.check(repo.root, since="HEAD")) == NEW_ROUTE


def test_the_first_commit_is_compared_with_nothing(tmp_path: Path) -> None:
    fresh = Repo(tmp_path / "fresh")
    fresh.write(SERVICE)
    fresh.git("add", "-A")
    assert archlint.check(fresh.root, staged=True).findings


def test_only_named_files_are_shown(repo: Repo) -> None:
    repo.write({"main.go": with_route(SERVICE["main.go"])})
    assert not archlint.check(repo.root, since="HEAD", paths=("main.go",)).findings
    assert archlint.check(repo.root, since="HEAD", paths=("export/export.go",)).findings


def test_silencing_is_not_fixing_and_unsilencing_introduces(repo: Repo) -> None:
    text = SERVICE["export/export.go"]
    silenced = text.replace("f.Close()", "f.Close() // archlint-ignore unchecked-error: scratch")
    repo.write({"export/export.go": silenced})
    result = archlint.check(repo.root, since="HEAD")
    assert not result.findings
    assert not result.fixed
    repo.commit()
    repo.write({"export/export.go": text})
    assert [f.rule for f in archlint.check(repo.root, since="HEAD").findings] == ["unchecked-error"]


def test_an_unknown_base_names_the_fetch_command(repo: Repo) -> None:
    with pytest.raises(archlint.ArchlintError, match="git fetch origin main"):
        archlint.check(repo.root, since="origin/main")


def test_a_shallow_clone_names_the_fetch_command(repo: Repo, tmp_path: Path) -> None:
    first = repo.git("rev-parse", "HEAD")
    repo.git("checkout", "-q", "--orphan", "other")
    repo.commit({"README.md": "x"})
    repo.git("clone", "-q", "--depth", "1", f"file://{repo.root}", str(tmp_path / "shallow"))
    shallow = Repo(tmp_path / "shallow")
    shallow.git("fetch", "-q", "--depth", "1", "origin", first)
    with pytest.raises(archlint.ArchlintError, match="git fetch --unshallow"):
        archlint.check(shallow.root, since="FETCH_HEAD")


def test_missing_objects_are_an_error_not_an_empty_base(repo: Repo) -> None:
    oid = repo.git("rev-parse", "HEAD:export/export.go")
    repo.commit({"export/export.go": SERVICE["export/export.go"] + "\n// more\n"})
    file = repo.root / ".git/objects" / oid[:2] / oid[2:]
    file.chmod(0o644)
    file.unlink()
    with pytest.raises(archlint.ArchlintError, match="git fetch --refetch"):
        archlint.check(repo.root, since="HEAD~1")


def test_outside_git(tmp_path: Path) -> None:
    (tmp_path / "go.mod").write_text(SERVICE["go.mod"])
    with pytest.raises(archlint.ArchlintError, match="not in a git repository"):
        archlint.check(tmp_path, since="HEAD")


def test_verdicts_that_move_are_named(tmp_path: Path) -> None:
    package = '{"name": "api", "main": "app.js", "dependencies": {"express": "^5.0.0"}}\n'
    quiet = "const app = require('express')();\napp.get('/', (req, res) => res.send('x'));\n"
    heavy = (
        "const crypto = require('crypto');\nconst app = require('express')();\n"
        "app.get('/', (req, res) => res.send(crypto.pbkdf2Sync(req.query.p, 's', 1e6, 64, "
        "'sha512')));\n"
    )
    start = "app.listen(3000);\n"
    repo = Repo(tmp_path / "api")
    repo.commit({"package.json": package, "app.js": quiet + start})
    repo.write({"app.js": heavy + start})
    result = archlint.check(repo.root, since="HEAD", verdicts=True)
    assert [(v.component, v.before != v.after) for v in result.verdicts] == [("api", True)]
    assert not archlint.check(repo.root, since="HEAD").verdicts
