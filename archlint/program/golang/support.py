"""Go files that only help tests although their names do not say so."""

from __future__ import annotations

from collections import defaultdict
from posixpath import dirname

from archlint.knowledge.golang.calls import names
from archlint.model.facts import FileFacts

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
    table = names("test_support")
    return any(
        part in table for item in facts.imports if item.specifier for part in _parts(item.specifier)
    )


def _parts(specifier: str) -> list[str]:
    """An import path and the paths above it."""
    parts = specifier.split("/")
    return ["/".join(parts[: i + 1]) for i in range(len(parts))]
