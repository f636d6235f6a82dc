"""Which of several ways in a trace starts with."""

from __future__ import annotations

from pathlib import Path

from archlint import check

CODE = """
const fs = require('fs');
const app = require('express')();

function work() { return fs.readFileSync(process.env.NAME); }
function any(req, res) { res.send(work()); }
function one(req, res) { res.send(work()); }

for (const path of JSON.parse(process.env.PATHS)) app[path.method](path.text, any);
app.get('/one', one);
app.listen(3000);
"""


def test_a_trace_starts_where_a_path_is_known(tmp_path: Path) -> None:
    (tmp_path / "package.json").write_text('{"name": "x", "dependencies": {"express": "4.18.2"}}')
    (tmp_path / "index.js").write_text(CODE)
    result = check(tmp_path, cache=False, select=("blocking-call",))
    assert [f.trace[0].label for f in result.findings] == ["GET /one"]
