"""Signatures from outside the repo: tables, vendor folders, the module cache."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from archlint.extract.golang.part import extract_part
from archlint.knowledge.golang import Chunk, standard_library, third_party
from archlint.model.facts import FileFacts
from archlint.model.workspace import GoModule, GoRequire
from archlint.program.golang import outlined
from archlint.program.golang.qualifiers import guesses
from archlint.program.golang.show import show
from archlint.program.golang.tabled import TablePackage
from archlint.program.golang.types import Definition, Func, Struct
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


MORE = """// Package odd is called otherwise than its path.
package odd // import "example.org/dep"

import (
	"io"
	other "net/http"
)

/* An old note:
func New() int
*/

type (
	A = B
	B struct {
		io.Closer
		Server *other.Server
	}
)

const (
	First Level = iota
	Second
)

type Level int

func (l Level) Fails() error { return nil }

var Default, Spare = New(), &B{}

func New[T any](
	options ...T,
) (*B, error) {
	return nil, nil
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


def test_vendor_folder_without_a_list_of_modules(tmp_path: Path) -> None:
    _vendored(tmp_path, DEP)
    tree = frozenset({"vendor/example.org/dep/0.go"})
    go = linker({"a.go": USE}, _module(), root=str(tmp_path), tree=tree)
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


def _vendored(folder: Path, *files: str) -> None:
    """A vendored example.org/dep with these files."""
    home = folder / "vendor/example.org/dep"
    home.mkdir(parents=True)
    for i, text in enumerate(files):
        (home / f"{i}.go").write_text(text)


def _asked(tmp_path: Path, body: str) -> list[str]:
    """What the calls of ``Close``, ``Fails`` and ``ListenAndServe`` in a function give."""
    text = f'package a\nimport "example.org/dep"\nfunc f() {{\n{body}\n}}\n'
    go = linker({"a.go": text}, _module(has_vendor=True), root=str(tmp_path))
    return [found for name in ("Close", "Fails", "ListenAndServe") for found in results(go, name)]


@pytest.mark.parametrize(
    "body",
    [
        "var b odd.B; b.Close()",
        "var a odd.A; a.Close()",
        "odd.Spare.Server.ListenAndServe()",
        "odd.Second.Fails()",
        "b, _ := odd.New(1); b.Close()",
    ],
)
def test_declarations_of_every_form(tmp_path: Path, body: str) -> None:
    _vendored(tmp_path, MORE)
    assert _asked(tmp_path, body) == ["error"]


def test_only_what_is_named_is_parsed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    parsed: list[bytes] = []

    def extract(path: str, data: bytes) -> FileFacts:
        parsed.append(data)
        return extract_part(path, data)

    monkeypatch.setattr(outlined, "extract_part", extract)
    unread = "".join(f"type T{i} struct{{ U{i} int }}\n\n" for i in range(100))
    _vendored(tmp_path, DEP + unread, "package dep\n\nfunc Other() {\n}\n")
    assert _asked(tmp_path, "dep.New().Close()") == ["error"]
    assert sum(map(len, parsed)) < 200


def test_files_of_no_build_and_of_other_packages_do_not_count(tmp_path: Path) -> None:
    ignored = "//go:build ignore\n\npackage main\n\nfunc New() int { return 1 }\n"
    other = DEP.replace("package dep", "package other").replace("error", "int")
    _vendored(tmp_path, ignored, DEP, other)
    assert _asked(tmp_path, "dep.New().Close()") == ["error"]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_a_pipe_among_the_files_is_passed_over(tmp_path: Path) -> None:
    _vendored(tmp_path, DEP)
    os.mkfifo(tmp_path / "vendor/example.org/dep/a.go")
    assert _asked(tmp_path, "dep.New().Close()") == ["error"]


def test_paths_of_the_standard_library_tell_the_packages_names() -> None:
    table = standard_library()
    names = {path: chunk.name for path in table.packages() if (chunk := table.chunk(path))}
    assert [path for path, name in names.items() if name not in guesses(path)] == []


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


def test_nested_types_of_a_table() -> None:
    fields = "M {string:(int,.T)(error);F (..I{A (int)();B ()(string)})();G ((..int)(),int)()"
    fields += ";!T S{X ]byte;Y <K:any>($K)()}"
    chunk = Chunk("example.com/p", "p", (), f"\nT T S{{{fields};Last *.T}}\n")
    found = TablePackage(chunk, Definition).lookup("T")
    assert found is not None
    assert found.definition is not None
    shape = found.definition.underlying
    assert isinstance(shape, Struct)
    assert {field.name: show(field.type) for field in shape.fields} == {
        "M": "map[string]func(int, example.com/p.T) (error)",
        "F": "func(interface{A; B}) ()",
        "G": "func(func(int) (), int) ()",
        "T": "struct{X; Y}",
        "Last": "*example.com/p.T",
    }
    variadic = [field.type.variadic for field in shape.fields if isinstance(field.type, Func)]
    assert variadic == [True, False]
    assert [field.name for field in shape.embedded] == ["T"]


@pytest.mark.parametrize("table", [standard_library(), third_party()], ids=["std", "third-party"])
def test_every_signature_of_a_sample_decodes(table: object) -> None:
    paths = table.packages()[::40]  # type: ignore[attr-defined]
    for path in paths:
        chunk = table.chunk(path)  # type: ignore[attr-defined]
        package = TablePackage(chunk, Definition)
        for name in chunk.names("F"):
            symbol = package.lookup(name)
            assert symbol is not None
            assert isinstance(symbol.type, Func), (path, name)
        for name in chunk.names("T"):
            symbol = package.lookup(name)
            assert symbol is not None
            assert symbol.definition is not None
            assert all(
                method.signature is not None for method in symbol.definition.methods.values()
            )
