"""Compare `--since` with from-scratch runs of both sides, commit by commit, as Markdown.

Usage: python benchmarks/since.py WORK REPO [REPO ...]

Each repo is cloned below WORK. For each of its last 20 commits (first parents; COMMITS and FROM in
the environment change number and start) both sides are checked out and checked as whole trees, and
the change is checked with ``since=PARENT, until=COMMIT``, which reads both from git's objects. The
sets are compared by fingerprint alone: what is only in the new tree, or graver there, must be what
`--since` calls introduced; what is only in the old tree, or graver there, what it calls fixed.
Findings whose file or function moved are in neither set of `--since` and are counted on their own.
Seconds are CPU seconds in one process, the cache of facts warm.
"""

from __future__ import annotations

import gc
import itertools
import os
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

import archlint
from archlint.model.finding import Context, Finding

COMMITS = int(os.environ.get("COMMITS", "20"))
START = os.environ.get("FROM", "origin/HEAD")
CONTEXTS = [
    Context(name)
    for name in ("request", "background", "startup", "cli", "unknown", "test", "build")
]
Found = dict[str, Finding]


def git(repo: Path, *args: str) -> str:
    done = subprocess.run(["git", *args], cwd=repo, capture_output=True, text=True, check=True)
    return done.stdout.strip()


def weight(finding: Finding) -> tuple[int, int]:
    return finding.severity.rank, CONTEXTS.index(finding.context)


def only_or_graver(here: Found, there: Found) -> set[str]:
    return {p for p, f in here.items() if p not in there or weight(f) < weight(there[p])}


class Trees:
    """From-scratch results by commit; consecutive commits share one."""

    def __init__(self, repo: Path) -> None:
        self.repo = repo
        self.known: dict[str, tuple[Found, float]] = {}

    def check(self, commit: str) -> tuple[Found, float]:
        if commit not in self.known:
            git(self.repo, "checkout", "-q", "--force", "--detach", commit)
            git(self.repo, "clean", "-fdxq")
            start = time.process_time()
            result = archlint.check(self.repo, jobs=1)
            seconds = time.process_time() - start
            found = {f.fingerprint: f for f in result.findings if not f.suppressed}
            self.known[commit] = found, seconds
        return self.known[commit]


@dataclass
class Row:
    """One commit's outcome."""

    commit: str
    files: int
    introduced: int = 0
    fixed: int = 0
    moved: int = 0
    equal: bool = False
    cpu: float = 0.0
    whole: float = 0.0
    deltas: list[str] = field(default_factory=list)


def judge(trees: Trees, parent: str, commit: str) -> Row:
    names = git(trees.repo, "diff", "--name-only", parent, commit).split("\n")
    row = Row(commit[:10], len(names))
    (old, before), (new, after) = trees.check(parent), trees.check(commit)
    row.whole = before + after
    start = time.process_time()
    result = archlint.check(trees.repo, since=parent, until=commit, jobs=1)
    row.cpu = time.process_time() - start
    introduced = {f.fingerprint for f in result.findings if not f.suppressed}
    fixed = {f.fingerprint for f in result.fixed}
    expected, gone = only_or_graver(new, old), only_or_graver(old, new)
    left, right = expected - introduced, gone - fixed
    row.moved = len(left)
    same = sorted(p[:16] for p in left) == sorted(p[:16] for p in right)
    row.equal = introduced <= expected and fixed <= gone and same
    row.introduced, row.fixed = len(introduced), len(fixed)
    for mark, found in (("+", result.findings), ("-", result.fixed)):
        for f in found:
            place = f"{f.location.path}:{f.location.line}"
            row.deltas.append(f"{mark} {f.severity} {f.rule} {place} ({f.context}): {f.message}")
    return row


def main() -> None:
    work = Path(sys.argv[1])
    print("| repo | commit | files | introduced | fixed | moved | equal | --since s | both s |")
    print("| --- " * 9 + "|", flush=True)
    details: list[str] = []
    gc.disable()
    for name in sys.argv[2:]:
        source = Path(name).resolve()
        repo = work / source.name
        if not repo.exists():
            git(work, "clone", "-q", "--shared", str(source), str(repo))
        commits = git(repo, "rev-list", "--first-parent", f"-n{COMMITS + 1}", START).split()
        trees = Trees(repo)
        for commit, parent in itertools.pairwise(commits):
            row = judge(trees, parent, commit)
            gc.collect()
            print(
                f"| {repo.name} | {row.commit} | {row.files} | {row.introduced} | {row.fixed} "
                f"| {row.moved} | {'yes' if row.equal else 'NO'} | {row.cpu:.1f} "
                f"| {row.whole:.1f} |",
                flush=True,
            )
            if row.deltas:
                details += [f"{repo.name} {row.commit}", *(f"  {line}" for line in row.deltas)]
                print(*details[-len(row.deltas) - 1 :], sep="\n", file=sys.stderr, flush=True)
    print("\n" + "\n".join(details))


if __name__ == "__main__":
    main()
