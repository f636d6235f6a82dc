"""What counts as computation: long work, not a short text run through a cipher."""

from __future__ import annotations

from pathlib import Path

import pytest

from archlint import report

APP = """const express = require("express");
const CryptoJS = require("crypto-js");
express().get("/", (req, res) => res.send(CryptoJS.{call}.toString())).listen(3000);
"""


@pytest.mark.parametrize(
    ("call", "heavy"),
    [('AES.decrypt(settings, "key")', False), ('PBKDF2("word", "salt")', True)],
)
def test_a_cipher_over_a_setting_is_no_load(tmp_path: Path, call: str, heavy: bool) -> None:
    (tmp_path / "package.json").write_text(
        '{"name": "x", "scripts": {"start": "node server.js"},'
        ' "dependencies": {"express": "4", "crypto-js": "4"}}'
    )
    (tmp_path / "server.js").write_text(APP.replace("{call}", call))
    unit = report(tmp_path).units[0]
    assert (unit.verdict.kind == "isolate") is heavy
