"""Peak memory of a check, main process and workers together.

    python benchmarks/memory.py REPO...

Every 20 ms the proportional set sizes (PSS: shared pages count once among those who share them)
of the process and its children are read from /proc and summed; the largest sum is the peak. Beside
it stands the main process's own largest resident set. Cold and warm, with a cache folder of its
own.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

_PSS = re.compile(rb"^Pss:\s+(\d+) kB", re.MULTILINE)
_RSS = re.compile(rb"^VmHWM:\s+(\d+) kB", re.MULTILINE)


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("repos", nargs="+", type=Path)
    arguments.add_argument("--jobs", default="0", help="worker processes, 0: one per core")
    given = arguments.parse_args()
    print(f"{'repo':24} {'':5} {'all MB':>8} {'main MB':>8}")
    for repo in given.repos:
        with tempfile.TemporaryDirectory() as cache:
            for state in ("cold", "warm"):
                everything, own = peak(["check", str(repo), "--cache-dir", cache, "-j", given.jobs])
                print(f"{repo.name:24} {state:5} {everything:8.0f} {own:8.0f}", flush=True)


def peak(options: list[str]) -> tuple[float, float]:
    """Megabytes: the largest sum of all processes, the main process's largest."""
    command = [sys.executable, "-m", "archlint", *options]
    started = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    everything = own = 0
    while started.poll() is None:
        everything = max(
            everything, sum(_size(pid, "smaps_rollup", _PSS) for pid in _tree(started))
        )
        own = max(own, _size(started.pid, "status", _RSS))
        time.sleep(0.02)
    return everything / 1024, own / 1024


def _tree(process: subprocess.Popen[bytes]) -> list[int]:
    """The process and all below it."""
    found = [process.pid]
    for pid in found:
        for task in Path(f"/proc/{pid}/task").glob("*/children"):
            try:
                found += [int(child) for child in task.read_text().split()]
            except OSError:
                continue
    return found


def _size(pid: int, file: str, pattern: re.Pattern[bytes]) -> int:
    try:
        found = pattern.search(Path(f"/proc/{pid}/{file}").read_bytes())
    except OSError:
        return 0
    return int(found[1]) if found is not None else 0


if __name__ == "__main__":
    main()
