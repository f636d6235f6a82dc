"""archlint and the oracles, each run on one checkout: what they report and what that costs."""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from benchmarks.node_oracles.processes import NPM, complain, gist, timed

PACKAGES = {
    "eslint": "9",
    "typescript-eslint": "8",
    "typescript": "5.9",
    "eslint-plugin-n": "17",
    "oxlint": "latest",
    "oxlint-tsgolint": "latest",
    "@types/node": "22",
}
FLOATING, MISUSED, BLOCKING = "floating-promise", "misused-promise", "blocking-call"
TSGOLINT = "node_modules/.bin/tsgolint"
TYPESCRIPT = (".ts", ".tsx", ".mts", ".cts")
Lines = frozenset[tuple[str, int]]

RUNNER = Path(__file__).with_name("run.mjs")


@dataclass(frozen=True)
class Found:
    """What one tool reports, by rule, and its CPU seconds; without lines where it could not run."""

    lines: dict[str, Lines] | None
    cpu: float

    def of(self, rule: str) -> Lines | None:
        return None if self.lines is None else self.lines[rule]


def install_oracles(place: Path) -> None:
    """Installs what is not there yet, package by package where all together fail."""
    place.mkdir(parents=True, exist_ok=True)
    shutil.copy(RUNNER, place / "run.mjs")
    if not (place / "package.json").exists():
        (place / "package.json").write_text('{"private": true}\n')
    missing = [p for p in PACKAGES if not (place / "node_modules" / p).exists()]
    wanted = [f"{name}@{PACKAGES[name]}" for name in missing]
    if not wanted or timed(["npm", "install", *NPM, *wanted], place)[0] == 0:
        return
    for spec in wanted:
        code, _, err, _ = timed(["npm", "install", *NPM, spec], place)
        if code:
            complain(f"{spec} is not installed: {gist(err)}")


def versions(place: Path) -> str:
    found = []
    for name in PACKAGES:
        manifest = place / "node_modules" / name / "package.json"
        version = json.loads(manifest.read_text())["version"] if manifest.exists() else "missing"
        found.append(f"{name} {version}")
    return ", ".join(found)


def by_rule(found: list[tuple[str, str, int]], names: dict[str, str]) -> dict[str, Lines]:
    """Reported lines by archlint's name of the rule."""
    return {
        ours: frozenset((path, line) for rule, path, line in found if rule.endswith(theirs))
        for theirs, ours in names.items()
    }


def ours(root: Path) -> Found:
    args = ["check", str(root), "--format", "json", "--no-cache", "--min-confidence", "medium"]
    args += ["--select", ",".join((FLOATING, MISUSED, BLOCKING))]
    code, out, err, cpu = timed([sys.executable, "-m", "archlint", *args], Path.cwd())
    if code not in {0, 1}:
        complain(f"{root.name}: archlint ends with {code}: {gist(err)}")
        return Found(None, cpu)
    found = [(f["rule"], f["path"], f["line"]) for f in json.loads(out)["findings"]]
    return Found(by_rule(found, {rule: rule for rule in (FLOATING, MISUSED, BLOCKING)}), cpu)


def eslint(place: Path, root: Path, mode: str, names: dict[str, str]) -> Found:
    args = ["node", "--max-old-space-size=4096", str(place / "run.mjs"), mode]
    code, out, err, cpu = timed([*args, str(place / f"{mode}.json")], root)
    if code:
        complain(f"{root.name}: ESLint ({mode}) ends with {code}: {gist(err)}")
        return Found(None, cpu)
    found = [(rule, path, line) for rule, path, line in json.loads(out)]
    unread = Counter(rule for rule, _, _ in found if not rule.endswith(tuple(names)))
    for message, count in sorted(unread.items()):
        complain(f"{root.name}: ESLint ({mode}), {count} files: {gist(message)}")
    return Found(by_rule(found, names), cpu)


def oxlint(place: Path, root: Path) -> Found:
    args = [str(place / "node_modules/.bin/oxlint"), "--type-aware", "-A", "all"]
    args += ["-D", "typescript/no-floating-promises", "--format", "json", "--no-ignore"]
    args += json.loads((place / "typed.json").read_text())
    code, out, err, cpu = timed(args, root, {"OXLINT_TSGOLINT_PATH": str(place / TSGOLINT)})
    try:
        reported = json.loads(out)["diagnostics"]
    except ValueError:
        complain(f"{root.name}: oxlint ends with {code}: {gist(out + err)}")
        return Found(None, cpu)
    other = Counter(d["message"] for d in reported if "no-floating-promises" not in str(d["code"]))
    for message, count in sorted(other.items()):
        complain(f"{root.name}: oxlint, {count} times: {gist(message)}")
    lines = frozenset(
        (os.path.normpath(d["filename"]), d["labels"][0]["span"]["line"])
        for d in reported
        if "no-floating-promises" in str(d.get("code", ""))
    )
    return Found({FLOATING: lines}, cpu)


def prepare(place: Path, root: Path, files: list[str]) -> bool:
    """Writes the lists of files and the generated tsconfig.json; says whether that worked."""
    typed = [path for path in files if path.endswith(TYPESCRIPT)]
    declared = [p for p in typed if p.endswith(".d.ts")]
    (place / "sync.json").write_text(json.dumps(files))
    (place / "typed.json").write_text(json.dumps([p for p in typed if p not in declared]))
    (place / "tsconfig.json").write_text(json.dumps(typed))
    own = root / "tsconfig.own.json"
    if (root / "tsconfig.json").exists() and not own.exists():
        (root / "tsconfig.json").rename(own)
    args = ["node", str(place / "run.mjs"), "tsconfig", str(place / "tsconfig.json")]
    code, _, err, _ = timed(args, root)
    if code or not typed:
        complain(f"{root.name}: nothing to type: {gist(err)}")
    return code == 0 and bool(typed)


def restore(root: Path) -> None:
    """The repo's own tsconfig.json back in its place."""
    own = root / "tsconfig.own.json"
    if own.exists():
        own.replace(root / "tsconfig.json")
