"""A small Go service around some code, and how grave the rules find what they see in it."""

from __future__ import annotations

from pathlib import Path

from archlint.model.finding import Confidence
from archlint.session import Options, check

HEAD = """package main

import "net/http"

func main() { http.HandleFunc("/", serve) }
"""


def found(tmp_path: Path, text: str, *rules: str) -> list[str]:
    """What the rules say of a program: rule, severity and a low confidence, by place."""
    (tmp_path / "go.mod").write_text("module example.com/shop\n\ngo 1.24\n")
    imports, _, rest = text.partition("\n") if text.startswith("import") else ("", "", text)
    source = HEAD.replace('import "net/http"\n', f'import "net/http"\n{imports}\n') + rest
    (tmp_path / "main.go").write_text(source + "\n")
    options = Options(select=rules, min_confidence=Confidence.LOW, cache=False, jobs=1)
    return [
        f"{f.rule} {f.severity}{' low' if f.confidence is Confidence.LOW else ''}"
        for f in check(tmp_path, options).findings
    ]
