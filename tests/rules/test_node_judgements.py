"""How grave the Node.js rules take a place to be, where it is its weight that was misjudged."""

from __future__ import annotations

from pathlib import Path

import pytest

from archlint.session import Options, check

MANIFEST = (
    '{"name": "x", "scripts": {"start": "node server.js"}, "dependencies": {"express": "^4.0.0"}}'
)
HEAD = (
    "const express = require('express');\nconst { gzipSync } = require('node:zlib');\n"
    "const PAGE = '<main></main>';\nconst app = express();\n"
)


def _judged(root: Path, body: str) -> list[str]:
    (root / "package.json").write_text(MANIFEST)
    (root / "server.js").write_text(HEAD + body + "\napp.listen(3000);\n")
    result = check(root, Options(cache=False, jobs=1, select=("eventloop", "promises")))
    return [f"{f.rule} {f.severity}" for f in result.findings if f.context == "request"]


@pytest.mark.parametrize(
    ("packed", "severity"),
    [
        ("PAGE", "note"),
        ("Buffer.from(PAGE)", "note"),
        ("req.body.text", "error"),
        ("'<main>' + req.body.text + '</main>'", "error"),
        ("`<main>${req.body.text}</main>`", "error"),
        ("Buffer.from(req.body.text)", "error"),
    ],
)
def test_compressing_a_constant_costs_little(tmp_path: Path, packed: str, severity: str) -> None:
    body = f"app.get('/', (req, res) => res.send(gzipSync({packed})));"
    assert _judged(tmp_path, body) == [f"blocking-call {severity}"]


@pytest.mark.parametrize("name", ["isInitialized", "isDbInitialized", "is_app_initialised"])
def test_what_a_set_up_does_once(tmp_path: Path, name: str) -> None:
    body = (
        "app.post('/done', (req, res) => { "
        f"if (!store.{name}()) {{ res.send(gzipSync(req.body.text)); }} }});"
    )
    assert _judged(tmp_path, body) == ["blocking-call note"]
