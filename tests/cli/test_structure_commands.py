"""deps, graph and init, through the command line."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from archlint.cli.app import app
from archlint.config import load_config
from archlint.model.errors import ArchlintError

runner = CliRunner()


def run(*words: str) -> str:
    result = runner.invoke(app, list(words), catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.stdout


@pytest.fixture
def shop(fixtures: Path) -> str:
    return str(fixtures / "repos" / "shop-api")


def test_deps_prints_every_manifest(shop: str) -> None:
    assert "package.json" in run("deps", shop)
    data = json.loads(run("deps", shop, "--format", "json"))
    assert {m["runtime"] for m in data["manifests"]} == {"node", "go"}


def test_deps_why(fixtures: Path) -> None:
    case = str(fixtures / "rules" / "duplicate-dependency" / "singleton")
    text = run("deps", "why", "graphql", case)
    assert "old-gateway@1.0.0 -> graphql@14.7.0" in text
    with pytest.raises(ArchlintError, match="nothing is not installed"):
        run("deps", "why", "nothing", case)


def test_deps_usage() -> None:
    with pytest.raises(ArchlintError):
        run("deps", "why")
    with pytest.raises(ArchlintError):
        run("deps", "a", "b")


@pytest.mark.parametrize("level", ["components", "modules", "calls"])
def test_graph_levels(shop: str, level: str) -> None:
    data = json.loads(run("graph", shop, "--level", level, "--format", "json"))
    assert data["level"] == level
    ids = {node["id"] for node in data["nodes"]}
    assert ids
    assert all(e["source"] in ids and e["target"] in ids for e in data["edges"])


def test_init_proposes_what_holds(shop: str, tmp_path: Path) -> None:
    text = run("init", shop)
    (tmp_path / "archlint.toml").write_text(text)
    config = load_config(tmp_path)
    assert config.components
    with pytest.raises(ArchlintError, match="exists already"):
        run("init", str(tmp_path), "--write")


@pytest.mark.parametrize("command", ["check", "report", "graph", "init", "fix", "deps"])
def test_help_tells_what_the_arguments_are_and_nothing_about_completion(command: str) -> None:
    text = run(command, "-h")
    arguments = text.partition("Arguments:")[2].partition("Options:")[0]
    assert "folder" in arguments.lower() or "why" in arguments
    assert "completion" not in text


@pytest.mark.parametrize("words", [["graph"], ["init"], ["fix"]])
def test_the_cache_can_be_placed_or_left_out(words: list[str], shop: str, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    cold = run(*words, shop, "--cache-dir", str(cache))
    assert any(cache.rglob("*"))
    assert run(*words, shop, "--no-cache") == cold


LAPSED = """
[components]
api = ["api/**"]
db = ["db/**"]
[[contracts]]
name = "layers"
type = "layers"
layers = ["api", "db"]
ignore = [{from = "db", to = "api", reason = "for now", until = 2026-06-30}]
"""


def test_an_import_that_was_ignored_until_a_day_is_found_after_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, text in {
        "package.json": '{"name": "x"}',
        "archlint.toml": LAPSED,
        "db/x.js": "require('../api/a');\n",
        "api/a.js": "exports.a = 1;\n",
    }.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    command = ["check", str(tmp_path), "--select", "contract-violation", "--no-cache"]
    monkeypatch.setenv("COLUMNS", "200")

    def found(*more: str) -> tuple[int, str]:
        done = runner.invoke(app, [*command, *more])
        return done.exit_code, done.output

    assert found("--today", "2026-06-30")[0] == 0
    code, text = found("--today", "2026-07-01")
    assert code == 1
    assert "it was ignored until 2026-06-30" in text
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1780000000")  # 2026-05-28
    assert found()[0] == 0
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1790000000")  # 2026-09-21
    assert found()[0] == 1
    (tmp_path / "db" / "x.js").write_text("require('../api/a'); // fine\n")
    (tmp_path / "archlint.toml").write_text(LAPSED.replace('["api", "db"]', '["db", "api"]'))
    code, text = found()
    assert code == 0
    assert "ignores db -> api, which ended on 2026-06-30" in text
    for wrong in ("soon", "2026-13-01"):
        with pytest.raises(ArchlintError, match="expected a day"):
            runner.invoke(app, [*command, "--today", wrong], catch_exceptions=False)
