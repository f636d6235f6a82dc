"""errcheck and archlint on the same checkouts: recall, precision and CPU time.

    python benchmarks/go_errors.py --errcheck BIN REPO [REPO...]

BIN is errcheck (``go install github.com/kisielk/errcheck@latest``); each REPO is a checkout whose
modules have been downloaded (``go mod download``) or vendored. Production code only: no tests,
helpers of tests, examples or generated files, and only files that Go builds on this system, since
errcheck sees no others. Findings are matched by file and line; all tiers count, the hidden one
included.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import resource
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import archlint
from archlint.config import load_config
from archlint.discovery.files import WorkTree
from archlint.session import Options, analyse

_PLACE = re.compile(r"^(.*?\.go):(\d+):(\d+):\t?(.*)$")
Key = tuple[str, int]


@dataclass
class Run:
    """One tool's findings by (path, line) and its CPU seconds, cold and warm."""

    found: dict[Key, str] = field(default_factory=dict)
    cold: float = 0.0
    warm: float = 0.0
    whole: float = 0.0
    """Warm, with all rules in place of one."""
    lines: int = 0
    production: set[str] = field(default_factory=set)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("repos", nargs="+", type=Path)
    parser.add_argument("--errcheck", required=True)
    parser.add_argument(
        "--no-sources", action="store_true", help="hide vendor/ and the module cache from archlint"
    )
    parser.add_argument(
        "--skip-cold", action="store_true", help="do not time errcheck with a cold build cache"
    )
    parser.add_argument(
        "--root-module", action="store_true", help="leave nested modules out of the comparison"
    )
    parser.add_argument(
        "--show", type=int, default=0, help="print this many misses and extras of each repo"
    )
    parser.add_argument(
        "--keep", type=Path, help="write both lists of each repo into this folder, as JSON"
    )
    args = parser.parse_args()
    compile_all()
    for repo in args.repos:
        folders = [repo] if args.root_module else modules(repo)
        seen = seen_files(repo, folders)
        theirs = run_errcheck(repo, folders, args.errcheck, cold=not args.skip_cold)
        ours = run_archlint(repo, sources=not args.no_sources)
        report(repo, seen & ours.production, theirs, ours, args.show)
        if args.keep:
            keep(args.keep / f"{repo.name}.json", theirs, ours)


def compile_all() -> None:
    """Write archlint's bytecode, as installing it does: runs shall not pay for that."""
    package = Path(archlint.__file__).parent
    subprocess.run([sys.executable, "-m", "compileall", "-q", package], check=True)


def modules(repo: Path) -> list[Path]:
    """Folders of the repo's modules, the root first."""
    found = sorted(
        p.parent
        for p in repo.rglob("go.mod")
        if "vendor" not in p.parts and "testdata" not in p.parts
    )
    return found or [repo]


def environment(**extra: str) -> dict[str, str]:
    return {**os.environ, "GOFLAGS": "-mod=mod" if extra.pop("mod", "") else "", **extra}


def seen_files(repo: Path, folders: list[Path]) -> set[str]:
    """Non-test, non-generated files that Go builds here, relative to the repo."""
    found: set[str] = set()
    for folder in folders:
        command = ["go", "list", "-e", "-json=Dir,GoFiles,CgoFiles", "./..."]
        output = subprocess.run(
            command, cwd=folder, capture_output=True, text=True, check=False
        ).stdout
        decoder, at = json.JSONDecoder(), 0
        while (at := output.find("{", at)) >= 0:
            package, at = decoder.raw_decode(output, at)
            for name in package.get("GoFiles", []) + package.get("CgoFiles", []):
                path = Path(package["Dir"]) / name
                if path.is_relative_to(repo.resolve()) and not generated(path):
                    found.add(str(path.relative_to(repo.resolve())))
    return found


def generated(path: Path) -> bool:
    head = path.read_text(errors="replace").partition("\npackage ")[0]
    return re.search(r"(?m)^// Code generated .* DO NOT EDIT\.$", head) is not None


def cpu(command: list[str], cwd: Path, env: dict[str, str]) -> tuple[float, str]:
    """CPU seconds of a command and everything it starts, and its output."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(command, cwd=cwd, env=env, capture_output=True, text=True, check=False)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return seconds, done.stdout or done.stderr


def run_errcheck(repo: Path, folders: list[Path], binary: str, *, cold: bool) -> Run:
    run = Run()
    command = [binary, "-abspath", "-ignoretests", "-ignoregenerated", "./..."]
    for folder in folders:
        with build_cache(fresh=cold) as cache:
            first, _ = cpu(command, folder, environment(**cache))
            seconds, output = cpu(command, folder, environment(**cache))
        run.cold += first if cold else 0.0
        run.warm += seconds
        for line in output.splitlines():
            place = _PLACE.match(line)
            if place and Path(place[1]).is_relative_to(repo.resolve()):
                path = str(Path(place[1]).relative_to(repo.resolve()))
                run.found[path, int(place[2])] = place[4]
    return run


@contextmanager
def build_cache(*, fresh: bool) -> Iterator[dict[str, str]]:
    """The environment that has a build cache of its own, empty, or the user's."""
    if not fresh:
        yield {}
        return
    with tempfile.TemporaryDirectory() as folder:
        yield {"GOCACHE": folder}


def run_archlint(repo: Path, *, sources: bool) -> Run:
    run = Run()
    env = dict(os.environ)
    with tempfile.TemporaryDirectory() as scratch:
        if not sources:
            env |= {"GOMODCACHE": f"{scratch}/none", "GOPATH": f"{scratch}/none", "HOME": scratch}
            repo_seen = without_vendor(repo, Path(scratch) / "copy")
        else:
            repo_seen = repo
        command = [sys.executable, "-m", "archlint", "check", str(repo_seen)]
        command += ["--select", "unchecked-error", "--min-confidence", "low", "--output", "json"]
        command += ["--jobs", "1", "--cache-dir", f"{scratch}/cache"]
        run.cold, _ = cpu(command, Path.cwd(), env)
        run.warm, output = cpu(command, Path.cwd(), env)
        everything = [*command[:5], *command[-4:]]
        run.whole, _ = cpu(everything, Path.cwd(), env)
        run.production = production(repo_seen)
    data = json.loads(output)
    run.lines = data["coverage"]["lines"]
    for found in data["findings"]:
        callee = found["evidence"].get("callee")
        text = f"{found['severity']} {found['confidence']} {found['message']} [{callee}]"
        run.found[found["path"], found["line"]] = text
    return run


def production(repo: Path) -> set[str]:
    """Files that are no tests, examples or generated, and no helpers of tests."""
    analysis = analyse(
        WorkTree(repo.resolve()), load_config(repo), Options(cache=False, jobs=1), None, "calls"
    )
    return {path for path, role in analysis.program.roles.items() if role == "production"}


def keep(file: Path, theirs: Run, ours: Run) -> None:
    """Both tools' findings, for reading the differences without running errcheck again."""
    lists = [
        {f"{path}:{line}": text for (path, line), text in sorted(run.found.items())}
        for run in (theirs, ours)
    ]
    file.write_text(json.dumps({"errcheck": lists[0], "archlint": lists[1]}, indent=1))


def without_vendor(repo: Path, copy: Path) -> Path:
    """A copy of the checkout that has no vendor folder."""
    ignore = shutil.ignore_patterns("vendor", ".git")
    shutil.copytree(repo, copy, ignore=ignore, symlinks=True)
    return copy


def report(repo: Path, seen: set[str], theirs: Run, ours: Run, show: int) -> None:
    expected = {key for key in theirs.found if key[0] in seen}
    found = {key for key in ours.found if key[0] in seen}
    both = expected & found
    recall = len(both) / len(expected) if expected else 1.0
    precision = len(both) / len(found) if found else 1.0
    cold = f"{theirs.cold / ours.cold:.0f}x" if theirs.cold else "-"
    print(
        f"{repo.name}: lines {ours.lines}, errcheck {len(expected)}, archlint {len(found)}, "
        f"both {len(both)}, recall {recall:.3f}, precision {precision:.3f}; CPU s "
        f"errcheck cold {theirs.cold:.1f} warm {theirs.warm:.1f}, "
        f"archlint cold {ours.cold:.1f} warm {ours.warm:.1f} ({cold}), "
        f"all rules warm {ours.whole:.1f}",
        flush=True,
    )
    for key in sorted(expected - found)[:show]:
        print(f"  missed {key[0]}:{key[1]} {theirs.found[key]}")
    for key in sorted(found - expected)[:show]:
        print(f"  extra  {key[0]}:{key[1]} {ours.found[key]}")


if __name__ == "__main__":
    main()
