"""Go files that only help tests although their names do not say so."""

from __future__ import annotations

from collections import defaultdict
from posixpath import dirname

from archlint.knowledge.golang.calls import names
from archlint.model import ir
from archlint.model.facts import FileFacts

_TESTS = {"testing.T", "testing.B", "testing.F", "testing.TB"}
_NAMES = ("test", "tests", "testing", "testutil", "testutils", "testkit", "harness")
"""What the names of packages end with that serve tests, where they import a test library."""


def test_support(files: dict[str, FileFacts], roles: dict[str, str]) -> set[str]:
    """Production files by their path that import a test library, with packages made of them.

    Nothing where that would be most of the code: then testing is what the repo is about.
    """
    folders: dict[str, list[FileFacts]] = defaultdict(list)
    for path, facts in files.items():
        if facts.language == "go" and roles.get(path, "production") == "production":
            folders[dirname(path)].append(facts)
    found: set[str] = set()
    for package in folders.values():
        importing = [facts for facts in package if _imports_tests(facts)]
        whole = len(importing) * 2 >= len(package) or package[0].package.endswith(_NAMES)
        found.update(facts.path for facts in (package if importing and whole else importing))
    return found if len(found) * 2 < sum(map(len, folders.values())) else set()


def _imports_tests(facts: FileFacts) -> bool:
    """A test library; the standard one only where functions are given a test to work with."""
    table = names("test_support")
    found = {
        part
        for item in facts.imports
        if item.specifier
        for part in _parts(item.specifier)
        if part in table
    }
    return bool(found - {"testing"}) or ("testing" in found and _takes_tests(facts))


def _takes_tests(facts: FileFacts) -> bool:
    for function in facts.functions:
        for param in function.params:
            type_ = param.type.elem if isinstance(param.type, ir.TPointer) else param.type
            if isinstance(type_, ir.TName) and type_.name in _TESTS:
                return True
    return False


def _parts(specifier: str) -> list[str]:
    """An import path and the paths above it."""
    parts = specifier.split("/")
    return ["/".join(parts[: i + 1]) for i in range(len(parts))]
