"""Fixes: only what removes its finding is kept, and nothing else changes."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archlint.config import Config
from archlint.discovery.files import WorkTree
from archlint.fixes import Fixed, fix
from archlint.fixes.propose import apply, span
from archlint.model.finding import Edit
from archlint.model.location import Location
from archlint.session import Options, analyse

anywhere = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
"""A busy machine is no failure."""

SERVER = """const express = require('express');
const fs = require('fs');
const app = express();

async function audit(line) {
  await fetch('http://log/' + line);
}

%s

app.listen(3000);
"""


GUARDED = """app.get('/', async (req, res, next) => {
  try {
    audit('x');
    res.end();
  } catch (e) {
    next(e);
  }
});"""
UNGUARDED = """app.get('/', async (req, res) => {
  audit('x');
  res.end();
});"""


def fixed(root: Path, body: str) -> Fixed:
    (root / "package.json").write_text(
        '{"name": "app", "main": "app.js", "dependencies": {"express": "^4.19.0"}}\n'
    )
    (root / "app.js").write_text(SERVER % body)
    source, options = WorkTree(root), Options(cache=False, jobs=1)
    return fix(source, analyse(source, Config(), options), options)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (
            "app.get('/', async (req, res, next) => {\n  try {\n    audit('ü');\n"
            "    res.end();\n  } catch (e) {\n    next(e);\n  }\n});",
            "    await audit('ü');\n",
        ),
        (
            "app.get('/', async (req, res, next) => {\n  try {\n"
            "    res.send(fs.readFileSync(req.query.p, 'utf8'));\n"
            "  } catch (e) {\n    next(e);\n  }\n});",
            "    res.send(await fs.promises.readFile(req.query.p, 'utf8'));\n",
        ),
        (
            "app.get('/', async (req, res, next) => {\n  try {\n"
            "    res.send(fs.readFileSync(req.query.p).toString());\n"
            "  } catch (e) {\n    next(e);\n  }\n});",
            "    res.send((await fs.promises.readFile(req.query.p)).toString());\n",
        ),
    ],
    ids=["await", "twin", "twin with a member behind"],
)
def test_fixes(tmp_path: Path, body: str, expected: str) -> None:
    found = fixed(tmp_path, body)
    assert len(found.fixes) == 1
    new = found.files["app.js"].decode()
    old = (tmp_path / "app.js").read_text()
    changed = set(new.splitlines(keepends=True)) - set(old.splitlines(keepends=True))
    assert changed == {expected}


@pytest.mark.parametrize(
    "body",
    [
        "app.get('/', (req, res) => {\n  audit('x');\n  res.end();\n});",
        "app.get('/', (req, res) => {\n  res.send(fs.readFileSync(req.query.p));\n});",
        "app.get('/', async (req, res) => {\n  [1].map(() => { audit('x'); });\n  res.end();\n});",
    ],
    ids=["no async function", "sync handler", "sync closure"],
)
def test_nothing_is_fixed_where_await_cannot_stand(tmp_path: Path, body: str) -> None:
    assert fixed(tmp_path, body) == Fixed((), {})


def test_a_fix_that_brings_another_finding_is_dropped(tmp_path: Path) -> None:
    """Express 4 drops the rejection that ``await`` would now pass on."""
    assert fixed(tmp_path, UNGUARDED) == Fixed((), {})


def test_the_command_shows_first_and_writes_when_told(tmp_path: Path) -> None:
    body = GUARDED
    fixed(tmp_path, body)
    before = (tmp_path / "app.js").read_text()
    command = [sys.executable, "-m", "archlint", "fix", str(tmp_path)]
    shown = subprocess.run(command, capture_output=True, text=True, check=True)
    assert "+    await audit('x');" in shown.stdout
    assert (tmp_path / "app.js").read_text() == before
    subprocess.run([*command, "--write"], capture_output=True, check=True)
    assert "    await audit('x');" in (tmp_path / "app.js").read_text()
    again = subprocess.run(command, capture_output=True, text=True, check=True)
    assert again.stdout == ""


def test_span_counts_code_points() -> None:
    data = "é\n  ü = f(a)\n".encode()
    at, end = span(Location("x", 2, 7, 2, 11), data)
    assert data[at:end] == b"f(a)"


@anywhere
@given(
    st.binary(max_size=40),
    st.lists(st.tuples(st.integers(0, 40), st.integers(0, 5), st.text("xy", max_size=3))),
)
def test_edits_leave_the_rest_alone(data: bytes, wanted: list[tuple[int, int, str]]) -> None:
    edits = [
        Edit("f", min(at, len(data)), min(at + size, len(data)), text) for at, size, text in wanted
    ]
    out = apply(data, edits)
    assert len(out) <= len(data) + sum(len(e.text) for e in edits)
    if not edits:
        assert out == data
