"""Which Go files only help tests."""

from __future__ import annotations

from archlint.extract.engine import extract_file
from archlint.extract.options import ExtractOptions
from archlint.model.facts import FileFacts
from archlint.program.golang.support import test_support as supporting

PLAIN = {f"shop/{i}.go": 'package shop\nimport "net/http"\nvar _ = http.StatusOK' for i in range(9)}


def _support(files: dict[str, str]) -> set[str]:
    facts = {}
    for path, text in files.items():
        found = extract_file(path, "go", text.encode(), ExtractOptions(cache=False, jobs=1))
        assert isinstance(found, FileFacts)
        facts[path] = found
    return supporting(facts, {})


def test_a_file_that_imports_a_test_library_is_a_helper() -> None:
    files = {"shop/helper.go": 'package shop\nimport "github.com/stretchr/testify/require"\n'}
    assert _support(PLAIN | files) == {"shop/helper.go"}


def test_a_package_made_for_tests_is_one_as_a_whole() -> None:
    files = {
        "shoptest/server.go": 'package shoptest\nimport "net/http/httptest"\n',
        "shoptest/cases.go": "package shoptest\n",
        "shoptest/assert.go": 'package shoptest\nimport "testing"\nfunc F(t testing.TB) {}\n',
    }
    assert _support(PLAIN | files) == set(files)


def test_packages_by_name_alone_are_not() -> None:
    assert _support(PLAIN | {"contest/a.go": "package contest\n"}) == set()


def test_a_test_library_is_production_code() -> None:
    text = 'package check\nimport "testing"\nfunc F(t *testing.T) {}\n'
    files = {f"check/{i}.go": text for i in range(4)}
    assert _support(files) == set()


def test_a_file_that_only_asks_whether_it_is_tested_is_production_code() -> None:
    text = 'package shop\nimport "testing"\nvar quiet = testing.Testing()\n'
    assert _support(PLAIN | {"shop/quiet.go": text}) == set()
