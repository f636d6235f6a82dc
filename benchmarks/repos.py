"""Run `check` and `report` on repos and print what each costs and finds, as Markdown.

Usage: python benchmarks/repos.py REPO [REPO ...]

Seconds are CPU seconds of the whole process tree (user + system), cold (no cache); peak memory is
the largest single process in MB.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
from collections import Counter
from pathlib import Path

ARCHLINT = [sys.executable, "-m", "archlint"]


def run(args: list[str]) -> tuple[int, str, str, float, float]:
    """Exit code, stdout, stderr, CPU seconds and peak MB of one run in a process of its own."""
    read, write = os.pipe()
    pid = os.fork()
    if pid == 0:
        done = subprocess.run([*ARCHLINT, *args], capture_output=True, text=True, check=False)
        usage = resource.getrusage(resource.RUSAGE_CHILDREN)
        payload = {
            "code": done.returncode,
            "out": done.stdout,
            "err": done.stderr[-2000:],
            "cpu": usage.ru_utime + usage.ru_stime,
            "mb": usage.ru_maxrss / 1024,
        }
        with os.fdopen(write, "w") as stream:
            json.dump(payload, stream)
        os._exit(0)
    os.close(write)
    with os.fdopen(read) as stream:
        got = json.load(stream)
    os.waitpid(pid, 0)
    return got["code"], got["out"], got["err"], got["cpu"], got["mb"]


def commit(repo: Path) -> str:
    """The checked-out commit, abbreviated; "-" outside git."""
    args = ["git", "-C", str(repo), "rev-parse", "--short=10", "HEAD"]
    done = subprocess.run(args, capture_output=True, text=True, check=False)
    return done.stdout.strip() or "-"


def measure(repo: Path) -> tuple[str, str]:
    """One table row and one line of findings by rule."""
    code, out, err, cpu, mb = run(["check", str(repo), "--format", "json", "--no-cache"])
    if code not in {0, 1}:
        return f"| {repo.name} | {commit(repo)} | exit {code}: {err.strip()[-200:]} |", ""
    result = json.loads(out)
    rcode, _, rerr, rcpu, rmb = run(["report", str(repo), "--output", "json", "--no-cache"])
    report = f"{rcpu:.1f} s, {rmb:.0f} MB" if rcode == 0 else f"exit {rcode} {rerr.strip()[-80:]}"
    coverage = result["coverage"]
    kinds = Counter(e["kind"] for c in result["components"] for e in c["entry_points"])
    calls = coverage["calls"] or 1
    imports = coverage["imports"] or 1
    row = (
        f"| {repo.name} | {commit(repo)} | {coverage['parsed']} | {coverage['lines']} "
        f"| {cpu:.1f} s, {mb:.0f} MB | {report} "
        f"| {kinds['request']} / {kinds['background']} / {kinds['cli']} "
        f"| {100 * coverage['calls_resolved'] / calls:.0f} % "
        f"| {100 * coverage['imports_resolved'] / imports:.0f} % "
        f"| {len(result['skipped'])} |"
    )
    by_rule = Counter((f["rule"], f["severity"]) for f in result["findings"])
    rules = ", ".join(f"{rule} {sev} {n}" for (rule, sev), n in sorted(by_rule.items()))
    return row, f"- {repo.name}: {rules or 'nothing'}"


def main() -> None:
    rows = [measure(Path(arg)) for arg in sys.argv[1:]]
    print(
        "| repo | commit | files | lines | check | report "
        "| request / background / cli entry points | calls resolved | imports resolved | skipped |"
    )
    print("| --- " * 10 + "|")
    print("\n".join(row for row, _ in rows))
    print()
    print("\n".join(line for _, line in rows if line))


if __name__ == "__main__":
    main()
