"""CPU time of a cold check as a multiple of parsing the same files with tree-sitter alone.

    python benchmarks/cold.py REPO...

Both run in fresh processes; children count. Per repo: files, megabytes, seconds of CPU for parsing
and for the check, their ratio, then (``--stages``) the wall and CPU seconds of each stage
in the main process that took 5 ms or more; workers' time is in the total alone. Both run from
bytecode, as an installed archlint does.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import time
from pathlib import Path

import archlint

PARSE = """
import sys, time
from pathlib import Path
from archlint.config import Config
from archlint.discovery import discover
from archlint.discovery.files import WorkTree
from archlint.extract.grammars import parser
from archlint.extract.prepare import obstacle, scripts_only
source = WorkTree(Path(sys.argv[1]))
texts = []
for file in discover(source, Config()).files:
    try:
        data = source.read(file.path, 1_000_000)
    except Exception:
        continue
    if obstacle(data):
        continue
    language = file.language
    if file.path.endswith((".vue", ".svelte")):
        data, language = scripts_only(data)
    texts.append((language, data))
for language in {language for language, _ in texts}:
    parser(language)
start = time.process_time()
for language, data in texts:
    parser(language).parse(data)
print(len(texts), sum(len(data) for _, data in texts), time.process_time() - start)
"""


def compile_all() -> None:
    """Write archlint's bytecode, as installing it does: runs shall not pay for that."""
    package = Path(archlint.__file__).parent
    subprocess.run([sys.executable, "-m", "compileall", "-q", package], check=True)


def parse_alone(repo: str) -> tuple[int, int, float]:
    told = subprocess.run(
        [sys.executable, "-c", PARSE, repo], capture_output=True, text=True, check=True
    )
    files, size, seconds = told.stdout.split()
    return int(files), int(size), float(seconds)


def check(repo: str, *options: str) -> tuple[float, float, str]:
    """CPU and wall seconds of a check, and what it says about its stages."""
    before, start = os.times(), time.perf_counter()
    told = subprocess.run(
        [sys.executable, "-m", "archlint", "check", repo, "--verbose", *options],
        capture_output=True,
        text=True,
        check=False,
    )
    if told.returncode not in {0, 1}:
        raise SystemExit(told.stderr)
    after = os.times()
    cpu = after.children_user + after.children_system
    cpu -= before.children_user + before.children_system
    stages = [line for line in told.stderr.splitlines() if _is_shown(line)]
    return cpu, time.perf_counter() - start, "\n".join(stages)


def _is_shown(line: str) -> bool:
    """Whether a line on stderr is a stage (wall seconds, CPU seconds, name) that took 5 ms."""
    found = re.match(r" *(\d+\.\d{3}) +(\d+\.\d{3})  \S", line)
    return found is not None and float(found[2]) >= 0.005


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("repos", nargs="+", type=Path)
    arguments.add_argument("--stages", action="store_true", help="print what each stage took")
    given = arguments.parse_args()
    compile_all()
    report(given.repos, stages=given.stages)


def report(repos: list[Path], *, stages: bool) -> None:
    """Measure each repo and print its row."""
    heads = f"{'files':>6} {'MB':>6} {'parse s':>8} {'check s':>8} {'ratio':>6} {'wall s':>7}"
    print(f"{'repo':24} {heads}")
    for repo in repos:
        files, size, parsing = parse_alone(str(repo))
        cpu, wall, told = check(str(repo), "--no-cache")
        print(
            f"{repo.name:24} {files:6} {size / 1e6:6.1f} {parsing:8.2f} {cpu:8.2f}"
            f" {cpu / parsing:6.2f} {wall:7.2f}",
            flush=True,
        )
        if stages:
            print(told)


if __name__ == "__main__":
    main()
