"""Test suites: of JavaScript's, a run that follows calls reads an outline, too."""

from __future__ import annotations

from pathlib import Path

import pytest

from archlint.config import Config
from archlint.discovery import discover
from archlint.discovery.files import WorkTree
from archlint.discovery.roles import is_suite_name
from archlint.extract import ExtractOptions, QueryRule, extract_all
from archlint.extract.engine import extract_file
from archlint.model.facts import FileFacts

SUITE = """
import request from 'supertest';
export { helper } from './helper';
// it isn't a string, and don't count
describe('the api', () => {
  const { app } = require('../src/app');
  jest.mock('redis', () => ({}));
  it(`answers`, async () => {
    const late = await import('./late');
    new Promise((resolve) => resolve(app));
    const place = require.resolve('pkg/file');
    expect(text).toBe("import x from 'no-import'");
  });
});
"""


@pytest.mark.parametrize(
    ("path", "suite"),
    [
        ("a.test.ts", True),
        ("a_test.js", True),
        ("spec/A.spec.js", True),
        ("src/__tests__/helper.ts", True),
        ("test/acceptance/UserTests.mjs", True),
        ("e2e/a.e2e-spec.ts", True),
        ("test/helper.ts", False),
        ("src/contest.ts", False),
        ("src/latest.js", False),
        ("src/spec/schema.ts", False),
    ],
)
def test_suites_are_told_by_name(path: str, suite: bool) -> None:
    assert is_suite_name(path) is suite


@pytest.mark.parametrize("path", ["a.test.js", "a.spec.ts"])
def test_the_outline_of_a_suite(path: str) -> None:
    language = "typescript" if path.endswith("ts") else "javascript"
    short = extract_file(path, language, SUITE.encode(), ExtractOptions(outline=True))
    whole = extract_file(path, language, SUITE.encode(), ExtractOptions())
    assert isinstance(short, FileFacts)
    assert isinstance(whole, FileFacts)
    assert short.outline
    assert not whole.outline

    def told(facts: FileFacts) -> list[tuple[int, str, str, bool]]:
        found = [(i.at, i.kind, i.specifier, i.function > 0) for i in facts.imports]
        return sorted(found)

    assert told(short) == told(whole)
    assert [i.specifier for i in short.imports][:3] == ["supertest", "./helper", "../src/app"]
    assert {"redis", "the api", "answers"} <= set(short.strings)
    assert {"supertest", "./late"}.isdisjoint(short.strings)


def _repo(root: Path) -> WorkTree:
    for name, text in {
        "package.json": '{"name": "x"}',
        "src/app.js": "export function app() { return 1; }\n",
        "src/app.test.js": "import { app } from './app';\ntest('x', () => app());\n",
        "src/noted.test.js": "// archlint-ignore-file busy-wait: slow\ntest('x', () => {});\n",
        "test/helper.js": "export function helper() { return 2; }\n",
        "app_test.go": "package x\n\nfunc TestX() {}\n",
    }.items():
        (root / name).parent.mkdir(exist_ok=True)
        (root / name).write_text(text)
    return WorkTree(root)


def _outlines(source: WorkTree, options: ExtractOptions) -> set[str]:
    files = discover(source, Config()).files
    facts = extract_all(source, files, options).facts
    assert len(facts) == 5
    return {path for path, found in facts.items() if found.outline}


def test_only_suites_without_suppressions_are_outlined(tmp_path: Path) -> None:
    source = _repo(tmp_path)
    assert _outlines(source, ExtractOptions(cache=False)) == {"src/app.test.js"}


def test_own_rules_look_into_suites(tmp_path: Path) -> None:
    rule = QueryRule("own", "javascript", "(call_expression) @call")
    assert _outlines(_repo(tmp_path), ExtractOptions(cache=False, rules=(rule,))) == set()


def test_outlines_and_whole_facts_of_a_suite_never_meet_in_the_cache(tmp_path: Path) -> None:
    root, cache = tmp_path / "repo", tmp_path / "cache"
    root.mkdir()
    source = _repo(root)
    rule = QueryRule("busy-wait", "go", "(identifier) @x", needs=(b"nowhere",))
    plain, own = ExtractOptions(cache_dir=cache), ExtractOptions(cache_dir=cache, rules=(rule,))
    for _ in range(2):
        assert _outlines(source, plain) == {"src/app.test.js"}
        assert _outlines(source, own) == set()


def test_module_runs_take_the_outlines_of_runs_that_follow_calls(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root, cache = tmp_path / "repo", tmp_path / "cache"
    root.mkdir()
    source = _repo(root)
    _outlines(source, ExtractOptions(cache_dir=cache))
    monkeypatch.setattr("archlint.extract.task.extract_file", lambda *_: pytest.fail("not cached"))
    assert _outlines(source, ExtractOptions(cache_dir=cache, outline=True)) == {"src/app.test.js"}
