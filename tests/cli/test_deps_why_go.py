"""deps why for Go modules, through the command line."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from archlint.cli.app import app
from archlint.model.errors import ArchlintError

runner = CliRunner()

GO_MOD = """module example.com/app

go 1.24

require (
	example.com/far v1.2.0 // indirect
	example.com/near v1.0.0
	example.com/near/deep v0.3.0
	example.com/held v1.1.0 // indirect
	example.com/lib v0.0.0
)

tool example.com/far/cmd/gen

replace example.com/lib => ./lib

replace example.com/near v1.0.0 => example.com/fork v1.0.1

exclude example.com/near v0.9.0
"""
MODULES = """# example.com/far v1.2.0
## explicit; go 1.20
example.com/far/cmd/gen
example.com/far/text
# example.com/near v1.0.0 => example.com/fork v1.0.1
## explicit
example.com/near
# example.com/near/deep v0.3.0
## explicit
example.com/near/deep
# example.com/held v1.1.0
## explicit
"""
FILES = {
    "go.mod": GO_MOD,
    "cmd/app/main.go": (
        'package main\n\nimport "example.com/app/store"\n\nfunc main() { store.Go() }\n'
    ),
    "store/store.go": (
        'package store\n\nimport (\n\t"fmt"\n\n\t"example.com/lib"\n\t"example.com/near"\n)\n\n'
        "func Go() { fmt.Println(near.X, lib.Y) }\n"
    ),
    "store/store_test.go": 'package store\n\nimport _ "example.com/near/deep"\n',
    "lib/go.mod": "module example.com/lib\n\ngo 1.24\n",
    "lib/lib.go": "package lib\n\nvar Y = 1\n",
    "vendor/modules.txt": MODULES,
    "vendor/example.com/near/near.go": (
        'package near\n\nimport "example.com/far/text"\n\nvar X = text.Z\n'
    ),
    "vendor/example.com/near/deep/deep.go": "package deep\n",
    "vendor/example.com/far/text/text.go": "package text\n\nvar Z = 1\n",
    "vendor/example.com/far/cmd/gen/main.go": "package main\n\nfunc main() {}\n",
}


@pytest.fixture
def repo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("GOMODCACHE", str(tmp_path / "none"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    root = tmp_path / "repo"
    for name, text in FILES.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    return str(root)


def why(name: str, repo: str) -> list[str]:
    result = runner.invoke(app, ["deps", "why", name, repo], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return [line.strip() for line in result.stdout.splitlines()]


def test_a_direct_module_has_its_requirement_and_the_import_that_reaches_it(repo: str) -> None:
    assert why("example.com/near", repo) == [
        "go.mod",
        "example.com/near v1.0.0: required directly on line 7; replaced by example.com/fork "
        "v1.0.1; excludes v0.9.0; vendored",
        "cmd/app -> store -> store/store.go:7 -> example.com/near@v1.0.0",
    ]


def test_an_indirect_module_is_reached_through_vendored_sources_and_tools(repo: str) -> None:
    assert why("example.com/far", repo) == [
        "go.mod",
        "example.com/far v1.2.0: required indirectly on line 6; tools: example.com/far/cmd/gen; "
        "vendored",
        "tool example.com/far/cmd/gen -> example.com/far/cmd/gen@v1.2.0",
    ]
    assert why("example.com/far/text", repo)[2:] == [
        "cmd/app -> store -> store/store.go:7 -> example.com/near@v1.0.0 -> "
        "example.com/far/text@v1.2.0"
    ]


def test_a_package_belongs_to_the_longest_module_and_tests_come_last(repo: str) -> None:
    assert why("example.com/near/deep", repo)[1:] == [
        "example.com/near/deep v0.3.0: required directly on line 8; vendored",
        "store -> store/store_test.go:3 (test) -> example.com/near/deep@v0.3.0",
    ]


def test_a_replacement_in_the_repo_and_a_module_nobody_imports(repo: str) -> None:
    assert why("example.com/lib", repo)[1:] == [
        "example.com/lib v0.0.0: required directly on line 10; replaced by ./lib; not vendored",
        "cmd/app -> store -> store/store.go:6 -> example.com/lib@v0.0.0",
    ]
    assert why("example.com/held", repo)[1:] == [
        "example.com/held v1.1.0: required indirectly on line 9; not vendored",
        "no chain of imports to it was found in the sources that are here",
    ]


def test_requirements_lead_there_where_only_go_mod_files_are_at_hand(
    repo: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cached = tmp_path / "mod" / "cache" / "download" / "example.com" / "near" / "@v" / "v1.0.0.mod"
    cached.parent.mkdir(parents=True)
    cached.write_text("module example.com/near\n\nrequire example.com/held v1.0.5\n")
    monkeypatch.setenv("GOMODCACHE", str(tmp_path / "mod"))
    assert why("example.com/held", repo)[2:] == [
        "example.com/near@v1.0.0 -> example.com/held@v1.1.0"
    ]


def test_json_has_the_chains_of_npm_and_what_each_go_mod_says(repo: str) -> None:
    result = runner.invoke(app, ["deps", "why", "example.com/near", repo, "--format", "json"])
    data = json.loads(result.stdout)
    assert data["package"] == "example.com/near"
    assert data["chains"][0]["manifest"] == "go.mod"
    assert data["chains"][0]["steps"][-1] == "example.com/near@v1.0.0"
    assert data["modules"][0]["excluded"] == ["v0.9.0"]


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("net/http", "standard library"),
        ("example.com/nothing", "is not installed"),
        ("example.com/app/store", "the repo's own module"),
    ],
)
def test_what_no_module_brings_is_an_error(name: str, line: str, repo: str) -> None:
    with pytest.raises(ArchlintError, match=line):
        runner.invoke(app, ["deps", "why", name, repo], catch_exceptions=False)


def test_a_go_work_replaces_for_all_the_modules_it_uses(repo: str) -> None:
    root = Path(repo)
    work = "go 1.24\n\nuse .\n\nreplace example.com/near/deep => ../elsewhere\n"
    (root / "go.work").write_text(work)
    assert "replaced by ../elsewhere; vendored" in why("example.com/near/deep", repo)[1]
