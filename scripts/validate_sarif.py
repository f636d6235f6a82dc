"""Validate SARIF files by Microsoft's multitool with GitHub's rules; it exits 0 even on errors.

Usage: python scripts/validate_sarif.py FILE... (needs npm's @microsoft/sarif-multitool-linux in
node_modules, or SARIF_MULTITOOL naming the binary).
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

BINARY = "node_modules/@microsoft/sarif-multitool-linux/Sarif.Multitool"


def problems(file: Path, tool: str) -> list[str]:
    """What the multitool calls an error in the file."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "out.sarif"
        subprocess.run(
            [tool, "validate", str(file), "--rule-kind", "Sarif;Ghas", "--output", str(out)],
            check=True,
            stdout=subprocess.DEVNULL,
            env={**os.environ, "DOTNET_SYSTEM_GLOBALIZATION_INVARIANT": "1"},
        )
        data = json.loads(out.read_text("utf-8-sig"))
    return [
        f"{file}: {found['ruleId']}: {found.get('message')}"
        for run in data["runs"]
        for found in run.get("results", [])
        if found.get("level", "warning") == "error"
    ]


def main() -> None:
    tool = os.environ.get("SARIF_MULTITOOL", BINARY)
    found = [line for name in sys.argv[1:] for line in problems(Path(name), tool)]
    print("\n".join(found) or f"{len(sys.argv) - 1} files: no error")
    sys.exit(bool(found))


if __name__ == "__main__":
    main()
