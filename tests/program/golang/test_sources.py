"""Signatures from outside the repo: tables, vendor folders, the module cache."""

from __future__ import annotations

from pathlib import Path

import pytest

from archlint.knowledge.golang import standard_library, third_party
from archlint.model.workspace import GoModule, GoRequire
from archlint.program.golang.tabled import TablePackage
from archlint.program.golang.types import Definition, Func, show
from archlint.program.golang.vendored import without_bodies
from tests.program.golang.code import linker, results

USE = 'package a\nimport "example.org/dep"\nfunc f() { dep.New().Close() }\n'
DEP = """package dep

type T struct{}

func New() *T {
	return &T{}
}

func (t *T) Close() error {
	return nil
}
"""


def _module(**more: object) -> GoModule:
    requires = (GoRequire("example.org/dep", "v1.2.3"),)
    return GoModule(path="go.mod", root="", module="example.com/a", requires=requires, **more)  # type: ignore[arg-type]


def test_vendor_folder(tmp_path: Path) -> None:
    folder = tmp_path / "vendor/example.org/dep"
    folder.mkdir(parents=True)
    (folder / "dep.go").write_text(DEP)
    go = linker({"a.go": USE}, _module(has_vendor=True), root=str(tmp_path))
    assert results(go, "Close") == ["error"]


def test_module_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "example.org/dep@v1.2.3"
    folder.mkdir(parents=True)
    (folder / "dep.go").write_text(DEP)
    monkeypatch.setenv("GOMODCACHE", str(tmp_path))
    go = linker({"a.go": USE}, _module(), root=str(tmp_path))
    assert results(go, "Close") == ["error"]


def test_nothing_at_hand(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GOMODCACHE", str(tmp_path))
    go = linker({"a.go": USE}, _module(), root=str(tmp_path))
    assert results(go, "Close") == ["unknown"]


def test_bodies_are_cut_out() -> None:
    source = DEP + "func one() int { return 1 }\n\nfunc asm(x int) int\n\nvar V = 1\n"
    cut = without_bodies(source.encode()).decode()
    assert "return &T{}" not in cut
    for kept in (
        "func New() *T {\n}",
        "func one() int { return 1 }",
        "func asm(x int) int",
        "var V",
    ):
        assert kept in cut


@pytest.mark.parametrize("table", [standard_library(), third_party()], ids=["std", "third-party"])
def test_header_says_where_the_facts_come_from(table: object) -> None:
    header = table.header  # type: ignore[attr-defined]
    assert header.source
    assert header.go.startswith("go1.")
    assert header.date.startswith("20")


@pytest.mark.parametrize(
    ("package", "name", "expected"),
    [
        ("net/http", "Get", "func(string) (*net/http.Response, error)"),
        ("os", "Args", "[]string"),
        ("time", "Second", "time.Duration"),
        ("maps", "Keys", "func(Map) (iter.Seq[K])"),
        ("io", "EOF", "error"),
    ],
)
def test_standard_symbols(package: str, name: str, expected: str) -> None:
    chunk = standard_library().chunk(package)
    assert chunk is not None
    found = TablePackage(chunk, Definition).lookup(name)
    assert found is not None
    assert show(found.type) == expected


@pytest.mark.parametrize("table", [standard_library(), third_party()], ids=["std", "third-party"])
def test_every_signature_of_a_sample_decodes(table: object) -> None:
    paths = table.packages()[::40]  # type: ignore[attr-defined]
    for path in paths:
        chunk = table.chunk(path)  # type: ignore[attr-defined]
        package = TablePackage(chunk, Definition)
        for name in chunk.functions:
            symbol = package.lookup(name)
            assert symbol is not None
            assert isinstance(symbol.type, Func), (path, name)
        for name in chunk.types:
            symbol = package.lookup(name)
            assert symbol is not None
            assert symbol.definition is not None
            assert all(
                method.signature is not None for method in symbol.definition.methods.values()
            )
