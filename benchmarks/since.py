"""Compare `--since` with from-scratch runs of both sides, commit by commit, as Markdown.

Usage: python benchmarks/since.py WORK REPO [REPO ...]

Each repo is cloned below WORK. For its last 20 commits that touch production source, both sides
are checked out and checked as whole trees, and the change is checked with
`--since PARENT --until COMMIT`. The sets are compared by fingerprint alone: what is only in the new
tree, or graver there, must be what `--since` calls introduced; what is only in the old tree, or
graver there, what it calls fixed. Findings whose file or function moved are in neither set of
`--since` and are counted on their own. Seconds are CPU seconds of a process tree, the cache warm.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

COMMITS = int(os.environ.get("COMMITS", "20"))
SOURCES = ("*.js", "*.mjs", "*.ts", "*.tsx", "*.go", ":(exclude)*test*", ":(exclude)*spec*")
GRAVITY = ["error", "warning", "note"]
CONTEXTS = ["request", "background", "startup", "cli", "unknown", "test", "build"]
Found = dict[str, dict[str, Any]]


def git(repo: Path, *args: str) -> str:
    done = subprocess.run(["git", *args], cwd=repo, capture_output=True, text=True, check=True)
    return done.stdout.strip()


def check(repo: Path, *args: str) -> tuple[dict[str, Any], float]:
    """The JSON result and the CPU seconds."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    command = [sys.executable, "-m", "archlint", "check", str(repo), "--format", "json", *args]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode not in {0, 1}:
        raise SystemExit(f"{repo.name}: {done.stderr}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return json.loads(done.stdout), cpu


def open_findings(result: dict[str, Any]) -> Found:
    return {f["fingerprint"]: f for f in result["findings"] if not f["suppressed"]}


def weight(finding: dict[str, Any]) -> tuple[int, int]:
    return GRAVITY.index(finding["severity"]), CONTEXTS.index(finding["context"])


def only_or_graver(here: Found, there: Found) -> set[str]:
    return {p for p, f in here.items() if p not in there or weight(f) < weight(there[p])}


@dataclass
class Row:
    """One commit's outcome."""

    commit: str
    introduced: int = 0
    fixed: int = 0
    moved: int = 0
    equal: bool = False
    cpu: float = 0.0
    whole: float = 0.0
    files: int = 0
    deltas: list[str] = field(default_factory=list)


def judge(repo: Path, commit: str) -> Row:
    sides = []
    row = Row(commit[:10], files=len(git(repo, "show", "--format=", "--name-only", commit).split()))
    for side in (f"{commit}^", commit):
        git(repo, "checkout", "-q", "--force", "--detach", side)
        git(repo, "clean", "-fdxq")
        result, cpu = check(repo)
        sides.append(open_findings(result))
        row.whole += cpu
    old, new = sides
    result, row.cpu = check(repo, "--since", f"{commit}^", "--until", commit)
    introduced = {f["fingerprint"] for f in result["findings"] if not f["suppressed"]}
    fixed = {f["fingerprint"] for f in result["fixed"]}
    expected, gone = only_or_graver(new, old), only_or_graver(old, new)
    left, right = expected - introduced, gone - fixed
    row.moved = len(left)
    same = sorted(p[:16] for p in left) == sorted(p[:16] for p in right)
    row.equal = introduced <= expected and fixed <= gone and same
    row.introduced, row.fixed = len(introduced), len(fixed)
    for mark, found in (("+", result["findings"]), ("-", result["fixed"])):
        for f in found:
            place = f"{f['path']}:{f['line']}"
            text = f"{mark} {f['severity']} {f['rule']} {place} ({f['context']}): {f['message']}"
            row.deltas.append(text)
    return row


def main() -> None:
    work = Path(sys.argv[1])
    print(
        "| repo | commit | files | introduced | fixed | moved | equal "
        "| --since CPU s | both CPU s |"
    )
    print("| --- " * 9 + "|")
    details: list[str] = []
    for name in sys.argv[2:]:
        source = Path(name).resolve()
        repo = work / source.name
        if not repo.exists():
            git(work, "clone", "-q", "--shared", str(source), str(repo))
        listed = git(repo, "rev-list", "--no-merges", f"-n{COMMITS}", "origin/HEAD", "--", *SOURCES)
        for commit in listed.split():
            row = judge(repo, commit)
            print(
                f"| {repo.name} | {row.commit} | {row.files} | {row.introduced} | {row.fixed} "
                f"| {row.moved} | {'yes' if row.equal else 'NO'} | {row.cpu:.1f} "
                f"| {row.whole:.1f} |",
                flush=True,
            )
            if row.deltas:
                details += [f"{repo.name} {row.commit}", *(f"  {line}" for line in row.deltas)]
    print("\n" + "\n".join(details))


if __name__ == "__main__":
    main()
