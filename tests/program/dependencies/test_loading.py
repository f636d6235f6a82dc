"""What computed imports may load, by what is written of their paths."""

from __future__ import annotations

import msgspec
import pytest

from archlint.model.facts import ImportFacts
from archlint.model.workspace import Package
from archlint.program.dependencies.loading import by_pattern, loaded
from archlint.program.program import Program
from tests.program.architecture.handmade import program

FILES = (
    "src/a.js",
    "src/models/user.js",
    "src/models/deep/x.js",
    "src/jobs/index.js",
    "other/b.js",
)


def made(pattern: str) -> Program:
    """A program whose src/a.js imports by this pattern."""
    found = program(
        *(f"{path} -> npm:x" for path in FILES), packages=(Package(path="package.json", root=""),)
    )
    item = ImportFacts(0, 1, "require", None, pattern=pattern)
    facts = msgspec.structs.replace(found.files["src/a.js"], imports=(item,))
    found.files["src/a.js"] = facts
    return found


@pytest.mark.parametrize(
    ("pattern", "targets"),
    [
        ("./models/*", ["src/models/user.js"]),
        ("./models/*.js", ["src/models/user.js"]),
        ("./*/index", ["src/jobs/index.js"]),
        ("../other/*", ["other/b.js"]),
        ("*/models/*", ["src/models/user.js"]),
        ("../../*", []),
        ("*", []),
        ("*/*", []),
        ("package/*", []),
        ("", []),
    ],
)
def test_patterns(pattern: str, targets: list[str]) -> None:
    assert by_pattern(made(pattern), "src/a.js") == targets


def test_what_an_entry_loads() -> None:
    assert loaded(made("./models/*"), ("src/a.js",)) == {"src/a.js", "npm:x", "src/models/user.js"}
    assert loaded(made(""), ("gone.js",)) == frozenset()
