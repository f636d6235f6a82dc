"""Frameworks that a repo describes in its configuration."""

from __future__ import annotations

from pathlib import Path

import pytest

from archlint.session import Options, check

CASES = {
    "go": (
        """[[frameworks]]
name = "shopweb"
runtime = "go"

[[frameworks.call]]
callee = ["example.org/shopweb.App.On"]
path = "0"
handlers = ["1"]
verb = "ANY"

[[frameworks.alias]]
name = ["example.org/shopweb.New()"]
means = "example.org/shopweb.App"
""",
        {
            "go.mod": "module example.com/shop\n\ngo 1.24\n",
            "main.go": """package main

import "example.org/shopweb"

func list(text string) {}

func main() { shopweb.New().On("users", list) }
""",
        },
        "ANY users",
    ),
    "node": (
        """[[frameworks]]
name = "shopweb"

[[frameworks.call]]
callee = ["npm:shopweb().on"]
path = "0"
handlers = ["1"]
label = "ANY {path}"
""",
        {
            "package.json": '{"name": "shop", "dependencies": {"shopweb": "1"}}',
            "main.js": """const web = require('shopweb')
web().on('/users', (q, s) => {})
""",
        },
        "ANY /users",
    ),
}


@pytest.mark.parametrize("runtime", CASES)
def test_configured_frameworks_have_entry_points(tmp_path: Path, runtime: str) -> None:
    config, files, label = CASES[runtime]
    (tmp_path / "archlint.toml").write_text(config)
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    result = check(tmp_path, Options(cache=False, jobs=1))
    labels = {e.label for c in result.components for e in c.entry_points if e.kind == "request"}
    assert label in labels
