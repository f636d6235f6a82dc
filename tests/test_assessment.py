"""The report's pipeline reads a git history, where there is one, and never fails for it."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from archlint import report
from archlint.assessment import history_of
from archlint.model.history import History
from archlint.model.suitability import Answer, SuitabilityReport
from archlint.render.report.html import render_html
from archlint.render.report.markdown import render_markdown
from archlint.render.report.text import render_text
from archlint.suitability.cadence import MONTH
from tests.gitrepo import SERVICE, Repo

START = 1_600_000_000
WORDS = "4 commits and 4 tagged releases a month over the last 4 months of the history"


def at(time: int) -> dict[str, str]:
    return {"GIT_AUTHOR_DATE": f"{time} +0000", "GIT_COMMITTER_DATE": f"{time} +0000"}


@pytest.fixture
def repo(tmp_path: Path) -> Repo:
    """A commit a week for four months, each tagged, some twice and with annotation."""
    made = Repo(tmp_path / "app")
    made.write(SERVICE)
    made.git("add", "-A")
    for week in range(17):
        time = START + week * MONTH // 4
        made.git("commit", "-q", "--allow-empty", "--no-verify", "-m", "x", env=at(time))
        if week % 2:
            made.git("tag", f"v{week}")
            made.git("tag", f"also-v{week}")
        else:
            made.git("tag", "-a", f"v{week}", "-m", "x", env=at(time + 3600))
    return made


def made(root: Path) -> SuitabilityReport:
    return report(root, cache=False, jobs=1)


def suggested(found: SuitabilityReport):
    return next(q for q in found.questions if q.id == "growth.pattern").hint


def test_times_of_commits_and_of_tagged_commits(repo: Repo) -> None:
    times = tuple(START + week * MONTH // 4 for week in reversed(range(17)))
    assert history_of(repo.root) == History(times, times, cut=False)


def test_tags_that_lead_to_no_commit_do_not_count(repo: Repo) -> None:
    blob = repo.git("rev-parse", "HEAD:main.go")
    repo.git("tag", "light", blob)
    repo.git("tag", "-a", "heavy", "-m", "x", blob)
    assert len(history_of(repo.root).releases) == 17


def test_the_suggestion_shows_in_every_form_and_is_never_applied(repo: Repo) -> None:
    found = made(repo.root)
    hint = suggested(found)
    assert hint is not None
    assert (hint.value, hint.text) == ("rapid-iteration", WORDS)
    assert found.cadence.commits == 4
    assert [unit.context_lean for unit in found.units] == [None]
    line = next(i for i in found.units[0].checklist if i.id == "growth.iteration")
    assert (line.status, line.note) == ("question", f"Suggested by the repo: {WORDS}")
    for render in (render_html, render_markdown, render_text):
        assert WORDS in " ".join(render(found).split())
    shutil.rmtree(repo.root / ".git")
    assert made(repo.root).units[0].lean == found.units[0].lean
    assert made(repo.root).units[0].verdict == found.units[0].verdict


def test_a_shallow_clone_is_unknown(repo: Repo, tmp_path: Path) -> None:
    url = repo.root.as_uri()
    command = ["git", "clone", "-q", "--depth", "5", url, str(tmp_path / "clone")]
    subprocess.run(command, check=True, capture_output=True)
    assert made(tmp_path / "clone").cadence.unknown == "the clone is shallow"


def test_a_part_of_a_repository_has_no_history_of_its_own(repo: Repo) -> None:
    assert "only a part" in history_of(repo.root / "export").unknown


def test_without_git_the_report_is_whole_and_the_cadence_unknown(
    repo: Repo, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("archlint.discovery.git.shutil.which", lambda _name: None)
    found = made(repo.root)
    assert found.cadence.unknown == "no git history can be read"
    assert suggested(found) is None


@pytest.mark.parametrize("damage", ["no-repository", "no-commit", "broken-head", "no-objects"])
def test_what_git_cannot_read_is_unknown(repo: Repo, damage: str) -> None:
    git = repo.root / ".git"
    if damage == "no-repository":
        shutil.rmtree(git)
    elif damage == "no-commit":
        (git / "HEAD").write_text("ref: refs/heads/none\n")
    elif damage == "broken-head":
        (git / "HEAD").write_text("nonsense")
    else:
        shutil.rmtree(git / "objects")
        (git / "objects").mkdir()
    found = made(repo.root)
    assert found.cadence.unknown == "no git history can be read"
    assert found.units
    assert suggested(found) is None


def test_an_answer_takes_the_suggestion_away(repo: Repo) -> None:
    (repo.root / "archlint.toml").write_text(
        '[context."growth.pattern"]\nvalue = "large-traffic"\n'
    )
    found = made(repo.root)
    question = next(q for q in found.questions if q.id == "growth.pattern")
    assert (question.answer, question.hint) == (Answer(value="large-traffic"), None)
