"""``archlint report`` from the command line: forms, answers, questions, diff, mistakes."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

SHOP = Path(__file__).parents[2] / "fixtures" / "repos" / "shop-api"


def run(*args: str | Path, stdin: str = "") -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "archlint", "report", *map(str, args)]
    return subprocess.run(command, input=stdin, capture_output=True, text=True, check=False)


def test_several_forms_in_one_run(tmp_path):
    page, data = tmp_path / "report.html", tmp_path / "report.json"
    done = run(SHOP, "--output", "text", "--output", f"html:{page}", "--output", str(data))
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("Runtime suitability: shop-api")
    assert page.read_text().startswith("<!DOCTYPE html>")
    assert json.loads(data.read_text())["schema_version"] == 1
    assert str(SHOP.parent) not in data.read_text()


def test_answers_from_a_file_change_the_context_and_not_the_lean(tmp_path):
    answers = tmp_path / "answers.toml"
    answers.write_text('[context."team.main_language"]\nvalue = "js-ts"\n')
    plain = json.loads(run(SHOP, "--format", "json").stdout)
    told = json.loads(run(SHOP, "--format", "json", "--answers", answers).stdout)
    for before, after in zip(plain["units"], told["units"], strict=True):
        assert before["lean"] == after["lean"]
    assert plain["units"][0]["context_lean"] is None
    assert told["units"][0]["context_lean"]["value"] == -1


def test_questions_are_asked_and_the_answers_shown_as_toml():
    done = run(SHOP, "--ask", stdin="1\nwe all do\n" + "\n" * 20)
    assert done.returncode == 0, done.stderr
    assert '[context."team.main_language"]' in done.stderr
    assert 'rationale = "we all do"' in done.stderr


def test_diff_of_a_report_with_itself_is_empty(tmp_path):
    data = tmp_path / "a.json"
    run(SHOP, "--output", f"json:{data}")
    done = run("diff", data, data)
    assert (done.returncode, done.stdout) == (0, "Nothing moved.\n")


def test_diff_says_that_the_model_changed(tmp_path):
    first, second = tmp_path / "a.json", tmp_path / "b.json"
    run(SHOP, "--output", f"json:{first}")
    second.write_text(first.read_text().replace('"version": "1.', '"version": "9.'))
    assert "The model changed" in run("diff", first, second).stdout


@pytest.mark.parametrize(
    ("args", "says"),
    [
        (["/no/such/folder"], "no such file or folder"),
        ([str(SHOP), "--output", "pdf"], "no format is called 'pdf'"),
        ([str(SHOP), "--answers", "/no/answers.toml"], "cannot be read"),
        (["diff", "/no/a.json", "/no/b.json"], "cannot be read"),
        (["diff", __file__, __file__], "is no report"),
    ],
)
def test_mistakes_are_one_line_and_exit_code_2(args, says):
    done = run(*args)
    assert done.returncode == 2
    assert says in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
