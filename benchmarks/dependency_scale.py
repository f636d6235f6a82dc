"""How lockfiles and module graphs grow: seconds and megabytes for generated input.

    python benchmarks/dependency_scale.py lockfile FORMAT MEGABYTES
    python benchmarks/dependency_scale.py tree FILES FOLDER

``lockfile`` parses a generated npm, yarn, pnpm or bun lockfile of about that size and counts its
production packages; ``tree`` writes a Node.js package of that many files into FOLDER and runs the
architecture and dependency rules over it.
"""

from __future__ import annotations

import json
import random
import resource
import sys
import time
from pathlib import Path

from archlint.discovery.lockfiles import parse_lockfile
from archlint.model.workspace import Package, Workspace
from archlint.program.dependencies import LockedRepo, node_figures, tree_of

NAMES = {
    "npm": "package-lock.json",
    "yarn": "yarn.lock",
    "pnpm": "pnpm-lock.yaml",
    "bun": "bun.lock",
}
BYTES = {"npm": 480, "yarn": 330, "pnpm": 330, "bun": 270}
"""What a package takes in the generated files, about."""


def packages(count: int) -> list[tuple[str, str, list[int]]]:
    """Name, version and the numbers of the packages that each one depends on."""
    draw = random.Random(1)
    return [
        (
            f"@scope{i % 97}/package-{i}" if i % 3 else f"package-{i}",
            f"{i % 9}.{i % 31}.{i % 7}",
            sorted({draw.randrange(i + 1, count) for _ in range(4)}) if i + 1 < count else [],
        )
        for i in range(count)
    ]


def lockfile(form: str, megabytes: float) -> tuple[str, list[tuple[str, str, list[int]]]]:
    made = packages(int(megabytes * 1_000_000 / BYTES[form]))
    name = [item[0] for item in made]
    digest = "sha512-" + "a" * 86 + "=="
    if form == "npm":
        entries: dict[str, object] = {"": {"dependencies": {n: "*" for n, _, _ in made[:200]}}}
        for n, v, below in made:
            entries[f"node_modules/{n}"] = {
                "version": v,
                "resolved": f"https://registry.example/{n}/-/x-{v}.tgz",
                "integrity": digest,
                "license": "MIT",
                "engines": {"node": ">=10"},
                "dependencies": {name[i]: "*" for i in below},
            }
        return json.dumps({"lockfileVersion": 3, "packages": entries}, indent=2), made
    parts: list[str] = []
    if form == "yarn":
        for n, v, below in made:
            needs = "".join(f'    "{name[i]}" "*"\n' for i in below)
            needs = f"  dependencies:\n{needs}" if needs else ""
            parts.append(
                f'"{n}@*":\n  version "{v}"\n  resolved "https://registry.example/{n}.tgz'
                f'#{digest[:40]}"\n  integrity {digest}\n{needs}'
            )
        return "# yarn lockfile v1\n\n\n" + "\n".join(parts), made
    if form == "pnpm":
        top = "".join(
            f"      '{n}':\n        specifier: '*'\n        version: {v}\n"
            for n, v, _ in made[:200]
        )
        for n, v, _ in made:
            parts.append(f"  '{n}@{v}':\n    resolution: {{integrity: {digest}}}\n")
        parts.append("snapshots:\n")
        for n, v, below in made:
            needs = "".join(f"      '{name[i]}': {made[i][1]}\n" for i in below)
            parts.append(
                f"  '{n}@{v}':\n    dependencies:\n{needs}" if needs else f"  '{n}@{v}': {{}}\n"
            )
        head = "lockfileVersion: '9.0'\n\nimporters:\n\n  .:\n    dependencies:\n"
        return f"{head}{top}\npackages:\n\n" + "\n".join(parts), made
    rows = []
    for n, v, below in made:
        info = json.dumps({"dependencies": {name[i]: "*" for i in below}})
        rows.append(f'    "{n}": ["{n}@{v}", "", {info}, "{digest}"],\n')
    head = json.dumps({n: "*" for n, _, _ in made[:200]})
    root = f'  "workspaces": {{ "": {{ "dependencies": {head}, }}, }},\n'
    return f'{{\n  "lockfileVersion": 1,\n{root}  "packages": {{\n{"".join(rows)}  }}\n}}\n', made


def measure_lockfile(form: str, megabytes: float) -> None:
    text, made = lockfile(form, megabytes)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    start = time.process_time()
    path = NAMES[form]
    lock = parse_lockfile(path, text)
    parsed = time.process_time() - start
    package = Package(path="package.json", root="", dependencies={n: "*" for n, _, _ in made[:200]})
    repo = LockedRepo(Workspace(root="/", packages=(package,), documents={path: text}))
    repo._read[path] = lock
    figures = node_figures(tree_of(repo, package))
    total = time.process_time() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    size = f"{form} {len(text) / 1e6:.1f} MB, {len(made)} packages"
    print(
        f"{size}: parse {parsed:.2f} s, with figures {total:.2f} s, "
        f"peak {peak / 1024:.0f} MB ({(peak - before) / 1024:.0f} above the text), "
        f"{figures.transitive} in production"
    )


def write_tree(count: int, folder: Path) -> None:
    draw = random.Random(2)
    for i in range(count):
        path = folder / f"src/p{i // 500}/m{i}.js"
        path.parent.mkdir(parents=True, exist_ok=True)
        targets = {draw.randrange(max(0, i - 2_000), i) for _ in range(3)} if i else set()
        if i % 1_000 == 999:
            targets.add(i - 998)
        lines = [f'const m{t} = require("../p{t // 500}/m{t}");' for t in sorted(targets)]
        lines.append(f'const pkg = require("package-{i % 200}");')
        lines.append(
            f"exports.run{i} = () => [pkg, {', '.join(f'm{t}' for t in sorted(targets))}];"
        )
        path.write_text("\n".join(lines) + "\n")
    main = f'require("./src/p{(count - 1) // 500}/m{count - 1}");\n'
    main += 'require("node:http").createServer().listen(1);\n'
    (folder / "server.js").write_text(main)
    manifest = {
        "name": "big",
        "scripts": {"start": "node server.js"},
        "dependencies": {f"package-{i}": "*" for i in range(210)},
    }
    (folder / "package.json").write_text(json.dumps(manifest, indent=1))


def measure_tree(count: int, folder: Path) -> None:
    from archlint.config import load_config
    from archlint.discovery.files import WorkTree
    from archlint.rules.registry import all_rules
    from archlint.session import Options, analyse

    write_tree(count, folder)
    start = time.process_time()
    analysis = analyse(
        WorkTree(folder.resolve()), load_config(folder), Options(cache=False, jobs=1)
    )
    linked = time.process_time() - start
    children = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
    for stage in analysis.stages:
        print(f"  {stage.name}: {stage.cpu:.1f} s CPU, {stage.wall:.1f} s")
    start = time.process_time()
    found = 0
    for rule in all_rules():
        if rule.info.category in {"architecture", "dependencies", "deployment"}:
            found += sum(1 for _ in rule.check(analysis.program))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{count} files: analysis {linked + children:.1f} s CPU, rules "
        f"{time.process_time() - start:.2f} s, {found} findings, peak {peak:.0f} MB"
    )


if __name__ == "__main__":
    if sys.argv[1] == "lockfile":
        measure_lockfile(sys.argv[2], float(sys.argv[3]))
    else:
        measure_tree(int(sys.argv[2]), Path(sys.argv[3]))
