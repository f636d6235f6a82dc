"""Every fixture under fixtures/link/go meets its want.txt and its comments.

Lines of want.txt: ``edge A -> B [kind] [note]``, ``no-edge A -> B`` and ``entry KIND LABEL -> F``
(``nothing`` for a handler of outside code). A case that lists entry points lists all of them
(start-up aside). A comment ``//: TYPES`` says what some call on its line gives.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.conftest import FIXTURES
from tests.program.golang.linking import Case, link_repo

CASES = sorted(path for path in (FIXTURES / "link" / "go").iterdir() if path.is_dir())
_GIVES = re.compile(r"//: (.*)$")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_case(case: Path) -> None:
    linked = link_repo(case)
    wants = [line.split(" ", 1) for line in _lines(case / "want.txt")]
    missed = [f"{kind} {text}" for kind, text in wants if not _met(linked, kind, text)]
    assert not missed, sorted(linked.edges().items())
    entries = {text for kind, text in wants if kind == "entry"}
    if entries:
        assert linked.entries() == entries


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_calls_give_what_comments_say(case: Path) -> None:
    gives = link_repo(case).gives()
    for file in sorted(case.rglob("*.go")):
        path = file.relative_to(case).as_posix()
        for number, line in enumerate(file.read_text().splitlines(), 1):
            found = _GIVES.search(line)
            if found is not None:
                place = (path, number)
                assert found[1] in gives.get(place, set()), (place, line.strip(), gives.get(place))


def _lines(file: Path) -> list[str]:
    return [line for line in file.read_text().splitlines() if line] if file.exists() else []


def _met(linked: Case, kind: str, text: str) -> bool:
    left, _, right = text.partition(" -> ")
    right, _, rest = right.partition(" ")
    edges = linked.edges().get((left, right), set())
    if kind == "no-edge":
        return bool(linked.functions(left) and linked.functions(right)) and not edges
    if kind != "edge":
        return kind == "entry"
    sort, _, note = rest.partition(" ")
    return any(sort in ("", edge[0]) and note in edge[1] for edge in edges)
