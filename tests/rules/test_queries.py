"""A repo's own rules: queries with predicates about the program."""

from __future__ import annotations

from pathlib import Path

import pytest

from archlint.config import Config
from archlint.discovery import discover
from archlint.discovery.files import WorkTree
from archlint.extract import ExtractOptions, extract_all
from archlint.extract.queries import user_queries
from archlint.model.errors import ArchlintError
from archlint.model.finding import Context
from archlint.program.build import build_program
from archlint.rules.queries import repo_rules
from archlint.session import Options, check

SERVER = """const express = require('express');
const { readFile, stat } = require('fs');
const app = express();
readFile('at-start', () => {});
app.get('/', (req, res) => {
  readFile('x', () => res.end());
  stat('x', () => {});
  req.readFile('x');
});
app.listen(1);
"""


def found(tmp_path: Path, query: str) -> list[tuple[int, str, str]]:
    (tmp_path / ".archlint/rules").mkdir(parents=True)
    (tmp_path / ".archlint/rules/no-read.scm").write_text(query)
    (tmp_path / "package.json").write_text('{"name": "a", "dependencies": {"express": "4"}}')
    (tmp_path / "server.js").write_text(SERVER)
    source = WorkTree(tmp_path)
    workspace = discover(source, Config())
    options = ExtractOptions(cache=False, rules=user_queries(workspace.documents))
    facts = extract_all(source, workspace.files, options).facts
    program = build_program(workspace, Config(), facts)
    (rule,) = repo_rules(workspace.documents)
    return [(r.location.line, r.message, str(r.severity)) for r in rule.check(program)]


HEAD = "; message: do not call {callee} here\n; severity: error\n; languages: javascript\n"
CALL = "((call_expression function: (_) @callee) @report"


def test_predicates_narrow_the_matches(tmp_path: Path) -> None:
    query = f'{HEAD}{CALL} (#on-request-path? @report) (#resolves-to? @callee "node:fs.readFile"))'
    assert found(tmp_path, query) == [(6, "do not call readFile here", "error")]


def test_negated_and_module_wide(tmp_path: Path) -> None:
    query = f'{HEAD}{CALL} (#not-on-request-path? @report) (#resolves-to? @callee "node:fs"))'
    assert [line for line, *_ in found(tmp_path, query)] == [4]


def test_components(tmp_path: Path) -> None:
    query = f'{HEAD}{CALL} (#in-component? @report "other"))'
    assert found(tmp_path, query) == []


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("(nonsense) @a", "does not fit javascript"),
        ("; languages: cobol\n(identifier) @a", "unknown language 'cobol'"),
        ("; severity: fatal\n(identifier) @a", "fatal"),
    ],
)
def test_mistakes_are_told(text: str, error: str) -> None:
    with pytest.raises(ArchlintError, match=error):
        repo_rules({".archlint/rules/x.scm": text})


GO = """package main

import "net/http"

func home(w http.ResponseWriter, r *http.Request) { http.Get("x") }

func main() {
	http.HandleFunc("/", home)
	http.Get("y")
	http.ListenAndServe(":1", nil)
}
"""


def test_the_whole_run_knows_them_in_go_too(tmp_path: Path) -> None:
    (tmp_path / ".archlint/rules").mkdir(parents=True)
    (tmp_path / ".archlint/rules/no-get.scm").write_text(
        "; message: {callee} on a request path\n; severity: error\n; languages: go\n"
        "((call_expression function: (_) @callee) @report (#on-request-path? @report)"
        ' (#resolves-to? @callee "net/http.Get"))'
    )
    (tmp_path / "go.mod").write_text("module example.com/a\n\ngo 1.22\n")
    (tmp_path / "main.go").write_text(GO)
    options = Options(cache=False, jobs=1, select=("no-get",))
    result = check(tmp_path, options)
    assert [(f.rule, f.location.line, f.context) for f in result.findings] == [
        ("no-get", 5, Context.REQUEST)
    ]
    with pytest.raises(ArchlintError, match="no rule is called 'no-put'"):
        check(tmp_path, Options(cache=False, jobs=1, select=("no-put",)))
