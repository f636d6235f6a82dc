"""What is installed beside the code is read, unless the configuration says otherwise."""

from __future__ import annotations

from pathlib import Path

import pytest

import archlint

CODE = """package main

import "example.org/dep"

func main() {
	dep.New().Close()
}
"""
DEP = "package dep\n\ntype T struct{}\n\nfunc New() *T\n\nfunc (t *T) Close() error\n"


@pytest.mark.parametrize(("config", "found"), [("", 1), ("read_dependencies = false\n", 0)])
def test_vendored_signatures(tmp_path: Path, config: str, found: int) -> None:
    for name, text in {
        "go.mod": "module example.com/a\n",
        "main.go": CODE,
        "vendor/modules.txt": "# example.org/dep v1.0.0\n",
        "vendor/example.org/dep/dep.go": DEP,
        "archlint.toml": config,
    }.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    result = archlint.check(tmp_path, select=("unchecked-error",), cache=False, jobs=1)
    assert len(result.findings) == found


PROMISES = "export declare function save(): Promise<void>;\n"


@pytest.mark.parametrize(("config", "found"), [("", 1), ("read_dependencies = false\n", 0)])
def test_declared_promises(tmp_path: Path, config: str, found: int) -> None:
    home = "node_modules/some-store"
    for name, text in {
        "package.json": '{"dependencies": {"some-store": "1.0.0"}}',
        "index.ts": 'import { save } from "some-store";\nexport function f() {\n  save();\n}\n',
        f"{home}/package.json": '{"name": "some-store", "types": "index.d.ts"}',
        f"{home}/index.d.ts": PROMISES,
        "archlint.toml": config,
    }.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    result = archlint.check(tmp_path, select=("floating-promise",), cache=False, jobs=1)
    assert len(result.findings) == found
