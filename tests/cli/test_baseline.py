"""The baseline as a user writes it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from archlint.cli.app import app

FILES = {
    "package.json": '{"name": "a", "private": true, "dependencies": {"left-pad": "^1.3.0"}}',
    "package-lock.json": '{"lockfileVersion": 3, "packages": {"": {"dependencies": '
    '{"left-pad": "^1.3.0"}}, "node_modules/left-pad": {"version": "1.3.0"}}}',
    "index.js": "require('http').createServer((req, res) => res.end()).listen(1)\n",
}


@pytest.mark.parametrize(
    ("settings", "name"),
    [("", "archlint-baseline.json"), ('baseline = "accepted.json"\n', "accepted.json")],
)
def test_a_baseline_is_no_use_of_the_packages_it_names(
    tmp_path: Path, settings: str, name: str
) -> None:
    for file, text in FILES.items():
        (tmp_path / file).write_text(text)
    if settings:
        (tmp_path / "archlint.toml").write_text(settings)
    runner = CliRunner()
    for _ in range(2):
        assert runner.invoke(app, ["baseline", "write", str(tmp_path)]).exit_code == 0
        written = json.loads((tmp_path / name).read_text())
        kept = [e["key"] for e in written["entries"] if e["rule"] == "unused-dependency"]
        assert kept == ["left-pad"]
