"""Compares archlint with typed ESLint, eslint-plugin-n and oxlint on the same checkouts.

    python -m benchmarks.node_oracles WORKDIR REPO[:SUBDIR] ... [--install] [--show N]

The oracles are installed by npm into WORKDIR/oracles, and each repo is copied to WORKDIR/checkouts,
so that neither the project nor the repo is written to. With --install each repo is compared a
second time, in a second copy into which npm has put its dependencies (scripts do not run). Copies
are kept and used again; remove them to start over.

Findings are compared by file and line, in the files that archlint takes for production code: those
in TypeScript for the promise rules, all for the synchronous calls. The type checker gets one
generated tsconfig.json: strict, with the paths, lib and decorator settings of the repo's own.
CPU seconds are user + system of the whole process tree, cold; an oracle that cannot run leaves "-".
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
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from archlint.config import load_config
from archlint.discovery.files import WorkTree
from archlint.session import Options, analyse
from benchmarks.repos import commit

PACKAGES = {
    "eslint": "9",
    "typescript-eslint": "8",
    "typescript": "5.9",
    "eslint-plugin-n": "17",
    "oxlint": "latest",
    "oxlint-tsgolint": "latest",
    "@types/node": "22",
}
NPM = ["--ignore-scripts", "--no-audit", "--no-fund"]
FLOATING, MISUSED, BLOCKING = "floating-promise", "misused-promise", "blocking-call"
TSGOLINT = "node_modules/.bin/tsgolint"
TYPESCRIPT = (".ts", ".tsx", ".mts", ".cts")
Lines = frozenset[tuple[str, int]]

RUNNER = r"""
import fs from "node:fs";
import path from "node:path";
const [mode, list] = process.argv.slice(2);
const cwd = process.cwd();
const files = JSON.parse(fs.readFileSync(list, "utf8"));
if (mode === "tsconfig") {
  const { default: ts } = await import("typescript");
  const own = path.join(cwd, "tsconfig.own.json");
  let from = {};
  if (fs.existsSync(own)) {
    const raw = ts.readConfigFile(own, ts.sys.readFile).config ?? {};
    from = ts.parseJsonConfigFileContent(raw, ts.sys, cwd).options;
  }
  const base = from.baseUrl ?? from.pathsBasePath ?? cwd;
  const local = (p) => "./" + path.posix.join(path.relative(cwd, base) || ".", p);
  const paths = {};
  for (const [key, targets] of Object.entries(from.paths ?? {})) paths[key] = targets.map(local);
  if (from.baseUrl) paths["*"] ??= [local("*")];
  const compilerOptions = {
    strict: true, noEmit: true, skipLibCheck: true, target: "es2022", module: "esnext",
    moduleResolution: "bundler", esModuleInterop: true, resolveJsonModule: true,
    allowImportingTsExtensions: true, jsx: "preserve", paths, types: ["node"],
    experimentalDecorators: from.experimentalDecorators ?? false,
    emitDecoratorMetadata: from.emitDecoratorMetadata ?? false,
    typeRoots: ["./node_modules/@types", path.join(import.meta.dirname, "node_modules/@types")],
  };
  if (from.lib) compilerOptions.lib = from.lib.map((l) => l.replace(/^lib\.|\.d\.ts$/g, ""));
  fs.writeFileSync("tsconfig.json", JSON.stringify({ compilerOptions, files, include: [] }));
} else {
  const { ESLint } = await import("eslint");
  const { default: tseslint } = await import("typescript-eslint");
  const typed = mode === "typed";
  const plugins = { "@typescript-eslint": tseslint.plugin };
  if (!typed) plugins.n = (await import("eslint-plugin-n")).default;
  const rules = typed
    ? { "@typescript-eslint/no-floating-promises": 2, "@typescript-eslint/no-misused-promises": 2 }
    : { "n/no-sync": 2 };
  // n/no-sync takes a parser's services for type information; without them it goes by names.
  const plain = (...given) => ({ ...tseslint.parser.parseForESLint(...given), services: {} });
  const parser = typed ? tseslint.parser : { meta: { name: "plain" }, parseForESLint: plain };
  const parserOptions = typed ? { project: ["./tsconfig.json"], tsconfigRootDir: cwd } : {};
  const eslint = new ESLint({
    cwd, overrideConfigFile: true, allowInlineConfig: false, warnIgnored: false,
    overrideConfig: [{ files: ["**/*.{js,jsx,mjs,cjs,ts,tsx,mts,cts}"], plugins, rules,
      languageOptions: { parser, parserOptions } }],
  });
  const found = [];
  for (const result of await eslint.lintFiles(files))
    for (const m of result.messages)
      found.push([m.ruleId ?? m.message, path.relative(cwd, result.filePath), m.line ?? 0]);
  console.log(JSON.stringify(found));
}
"""


@dataclass(frozen=True)
class Found:
    """What one tool reports, by rule, and its CPU seconds; without lines where it could not run."""

    lines: dict[str, Lines] | None
    cpu: float

    def of(self, rule: str) -> Lines | None:
        return None if self.lines is None else self.lines[rule]


@dataclass(frozen=True)
class Checkout:
    """A copy to compare on: its root, where the repo's commit is and how its dependencies stand."""

    name: str
    root: Path
    commit: str
    installed: str


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


def install_oracles(place: Path) -> None:
    """Installs what is not there yet, package by package where all together fail."""
    place.mkdir(parents=True, exist_ok=True)
    (place / "run.mjs").write_text(RUNNER)
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


def copied(repo: Path, target: Path) -> None:
    """The repo's work tree at ``target``, without its history; a copy already there stays."""
    if not target.exists():
        shutil.copytree(repo, target, symlinks=True, ignore=shutil.ignore_patterns(".git"))


def without_siblings(manifest: Path) -> None:
    """Takes out of a manifest what only its workspace resolves (``workspace:``, ``catalog:``)."""
    data = json.loads(manifest.read_text())
    for group in ("dependencies", "devDependencies"):
        specs = data.get(group, {})
        kept = {k: v for k, v in specs.items() if not v.startswith(("workspace:", "catalog:"))}
        for name in sorted(specs.keys() - kept.keys()):
            complain(f"{manifest.parent.name}: {name} is of the workspace and is not installed")
        if kept != specs:
            data[group] = kept
    manifest.write_text(json.dumps(data, indent=2))


def install(root: Path, inner: bool) -> bool:
    """Puts the dependencies of a copy into it; says whether that worked.

    ``inner``: the folder stands by itself, though a workspace above may name it.
    """
    if (root / "node_modules").exists():
        return True
    if not (root / "package.json").exists():
        complain(f"{root.name}: no package.json to install from")
        return False
    without_siblings(root / "package.json")
    ways = [["install", "--no-package-lock"], ["install", "--no-package-lock", "--force"]]
    if (root / "package-lock.json").exists():
        ways.insert(0, ["ci"])
    alone = ["--no-workspaces"] if inner else []
    err = ""
    for way in ways:
        code, _, err, _ = timed(["npm", *way, *NPM, *alone], root)
        if code == 0:
            return True
    complain(f"{root.name}: its dependencies are not installed: {gist(err)}")
    shutil.rmtree(root / "node_modules", ignore_errors=True)
    return False


def checkouts(work: Path, spec: str, installing: bool) -> list[Checkout]:
    """The copies to compare on: as it stands and, where asked for, with dependencies."""
    given, _, sub = spec.partition(":")
    repo = Path(given).resolve()
    if not (repo / sub).is_dir():
        complain(f"{spec}: no such folder")
        return []
    place = work / "checkouts"
    name = f"{repo.name}/{sub}" if sub else repo.name
    copied(repo, place / repo.name)
    root = place / repo.name / sub
    state = "installed" if (root / "node_modules").exists() else "not installed"
    found = [Checkout(name, root, commit(repo), state)]
    if installing and state != "installed":
        target = place / f"{repo.name}+dependencies"
        copied(repo, target)
        if install(target / sub, bool(sub)):
            found.append(Checkout(name, target / sub, commit(repo), "installed"))
    return found


def production(root: Path) -> list[str]:
    """The JavaScript and TypeScript files that archlint takes for production code."""
    program = analyse(WorkTree(root), load_config(root), Options(jobs=1, cache=False)).program
    languages = {"javascript", "typescript", "tsx"}
    return sorted(
        file.path
        for file in program.workspace.files
        if file.language in languages
        and program.roles.get(file.path, "production") == "production"
        and "node_modules" not in file.path.split("/")
    )


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


def share(part: int, whole: int) -> str:
    return f"{part / whole:.2f}" if whole else "-"


def row(checkout: Checkout, rule: str, oracle: str, pair: tuple[Found, Found]) -> str:
    """One line of the table: the rule's findings of an oracle and of archlint."""
    theirs, mine = pair[0].of(rule), pair[1].of(rule)
    head = f"| {checkout.name} | {checkout.commit} | {checkout.installed} | {rule} | {oracle} "
    if theirs is None or mine is None:
        counts = ["-" if lines is None else str(len(lines)) for lines in (theirs, mine)]
        return head + f"| {' | '.join(counts)} " + "| - " * 8 + "|"
    both = len(theirs & mine)
    return head + (
        f"| {len(theirs)} | {len(mine)} | {both} | {len(theirs - mine)} | {len(mine - theirs)} "
        f"| {share(both, len(theirs))} | {share(both, len(mine))} "
        f"| {pair[0].cpu:.1f} | {pair[1].cpu:.1f} | {pair[0].cpu / pair[1].cpu:.1f} |"
    )


def differences(root: Path, rule: str, pair: tuple[Found, Found], limit: int) -> list[str]:
    """The first lines that only one of two tools reports, with their code."""
    theirs, mine = pair[0].of(rule), pair[1].of(rule)
    if theirs is None or mine is None:
        return []
    shown = []
    for title, only in (("only theirs", theirs - mine), ("only ours", mine - theirs)):
        for path, line in sorted(only)[:limit]:
            code = (root / path).read_text(errors="replace").split("\n")[line - 1].strip()
            shown.append(f"- {rule}, {title}: {path}:{line} `{code[:100]}`")
    return shown


def within(found: Found, files: set[str]) -> Found:
    """The findings in the given files."""
    if found.lines is None:
        return found
    kept = {r: frozenset(x for x in lines if x[0] in files) for r, lines in found.lines.items()}
    return Found(kept, found.cpu)


def compare(place: Path, checkout: Checkout, limit: int) -> tuple[list[str], list[str]]:
    """The rows of one checkout and, up to ``limit`` a side, where the tools differ."""
    root = checkout.root
    restore(root)
    mine, files = ours(root), production(root)
    nothing = Found(None, 0.0)
    sync = typed = quick = nothing
    try:
        ready = prepare(place, root, files)
        sync = eslint(place, root, "sync", {"n/no-sync": BLOCKING})
        if ready:
            names = {"no-floating-promises": FLOATING, "no-misused-promises": MISUSED}
            typed = eslint(place, root, "typed", names)
            quick = oxlint(place, root)
    finally:
        restore(root)
    in_typescript = {p for p in files if p.endswith(TYPESCRIPT) and not p.endswith(".d.ts")}
    rows, shown = [], []
    for rule, oracle, found in (
        (FLOATING, "typescript-eslint", typed),
        (MISUSED, "typescript-eslint", typed),
        (FLOATING, "oxlint", quick),
        (BLOCKING, "eslint-plugin-n", sync),
    ):
        scope = set(files) if rule == BLOCKING else in_typescript
        pair = (within(found, scope), within(mine, scope))
        rows.append(row(checkout, rule, oracle, pair))
        different = differences(root, rule, pair, limit)
        if different:
            shown += [f"\n{checkout.name} ({checkout.installed}), {oracle}:\n", *different]
    return rows, shown


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("work", type=Path, metavar="WORKDIR")
    options.add_argument("repos", nargs="+", metavar="REPO[:SUBDIR]")
    options.add_argument("--install", action="store_true")
    options.add_argument("--show", type=int, default=0, metavar="N")
    args = options.parse_args()
    work = args.work.resolve()
    install_oracles(work / "oracles")
    rows, shown = [], []
    for spec in args.repos:
        for checkout in checkouts(work, spec, args.install):
            more, different = compare(work / "oracles", checkout, args.show)
            rows += more
            shown += different
    print(f"Oracles: {versions(work / 'oracles')}.\n")
    print(
        "| repo | commit | dependencies | rule | oracle | theirs | archlint | both | only theirs "
        "| only ours | recall | precision | CPU s, theirs | CPU s, archlint | ratio |"
    )
    print("| --- " * 15 + "|")
    print("\n".join(rows))
    print("\n".join(shown))


if __name__ == "__main__":
    main()
