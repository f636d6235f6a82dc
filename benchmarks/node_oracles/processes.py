"""Running processes: what they print, what they cost, what went wrong with them."""

from __future__ import annotations

import os
import re
import resource
import subprocess
import sys
from pathlib import Path

NPM = ["--ignore-scripts", "--no-audit", "--no-fund"]


def complain(text: str) -> None:
    print(f"node_oracles: {text}", file=sys.stderr)


def timed(
    args: list[str], cwd: Path, env: dict[str, str] | None = None
) -> tuple[int, str, str, float]:
    """Exit code, stdout, stderr and CPU seconds (of the whole tree) of one process."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    try:
        done = subprocess.run(
            args,
            cwd=cwd,
            env={**os.environ, **(env or {})},
            capture_output=True,
            text=True,
            check=False,
        )
    except OSError as error:
        return 127, "", str(error), 0.0
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return done.returncode, done.stdout, done.stderr, cpu


def gist(text: str) -> str:
    """The line that names the error, or else the last."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    named = [
        line for line in lines if re.match(r"\w*Error\b|npm error (?!code |A complete log)", line)
    ]
    return (named or lines[-1:] or ["no message"])[0][:200]
