"""A language's linker is made only where the language is there or somebody asks for it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

LIST = """
import sys
from pathlib import Path
from archlint import session
session.check(Path(sys.argv[1]), session.Options(cache=False))
print("\\n".join(sys.modules))
"""


@pytest.mark.parametrize(
    ("files", "there", "absent"),
    [
        (
            {"main.go": "package main\n\nfunc main() {}\n", "go.mod": "module x\n\ngo 1.22\n"},
            "archlint.program.golang.linker",
            "archlint.program.ecma.linker",
        ),
        (
            {"index.js": "require('http').createServer(() => {}).listen(1)\n"},
            "archlint.program.ecma.linker",
            "archlint.program.golang.linker",
        ),
    ],
)
def test_the_other_language_is_not_imported(
    tmp_path: Path, files: dict[str, str], there: str, absent: str
) -> None:
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    told = subprocess.run(
        [sys.executable, "-c", LIST, str(tmp_path)], capture_output=True, text=True, check=True
    )
    modules = set(told.stdout.split())
    assert there in modules
    assert absent not in modules
