"""Every fixture under fixtures/link/node meets its want.txt.

Lines: ``edge A -> B [kind]``, ``no-edge A -> B``, ``import A -> B`` and ``entry KIND LABEL -> F``.
A case that lists entry points lists all of them (start-up aside).
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import FIXTURES
from tests.program.ecma.linking import link_repo

CASES = sorted(path for path in (FIXTURES / "link" / "node").iterdir() if path.is_dir())


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_case(case: Path) -> None:
    linked = link_repo(case)
    wants = [line.split(" ", 1) for line in (case / "want.txt").read_text().splitlines() if line]
    edges = linked.edges()
    pairs = {(caller, callee) for caller, callee, _ in edges}
    missed = []
    for kind, text in wants:
        left, _, right = text.partition(" -> ")
        if kind == "edge":
            name, _, sort = right.partition(" ")
            met = (left, name, sort) in edges if sort else (left, name) in pairs
        elif kind == "no-edge":
            met = bool(linked.functions(left) and linked.functions(right))
            met = met and (left, right) not in pairs
        elif kind == "import":
            met = (left, right) in linked.imports()
        else:
            met = True
        if not met:
            missed.append(f"{kind} {text}")
    assert not missed, sorted(edges)
    entries = {text for kind, text in wants if kind == "entry"}
    if entries:
        assert linked.entries() == entries
