"""How lockfiles and module graphs grow: seconds and megabytes for generated input.

    python benchmarks/dependency_scale.py lockfile FORMAT MEGABYTES FOLDER
    python benchmarks/dependency_scale.py tree FILES FOLDER

``lockfile`` writes a package.json and an npm, yarn, pnpm or bun lockfile of about that size into
FOLDER and runs ``archlint deps`` there; ``tree`` writes a Node.js package of that many files into
FOLDER and runs the architecture, dependency and deployment rules over it. Both measure the command
as a process of its own.
"""

from __future__ import annotations

import json
import os
import random
import sys
from pathlib import Path

from archlint.rules.registry import all_rules

NAMES = {
    "npm": "package-lock.json",
    "yarn": "yarn.lock",
    "pnpm": "pnpm-lock.yaml",
    "bun": "bun.lock",
}
CATEGORIES = {"architecture", "dependencies", "deployment"}
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


def write_lockfile(form: str, megabytes: float, folder: Path) -> None:
    text, made = lockfile(form, megabytes)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / NAMES[form]).write_text(text)
    manifest = {"name": "big", "dependencies": {name: "*" for name, _, _ in made[:200]}}
    (folder / "package.json").write_text(json.dumps(manifest))
    print(f"{form} {len(text) / 1e6:.1f} MB, {len(made)} packages", end=": ", flush=True)


def measured(command: list[str]) -> str:
    """CPU seconds and peak megabytes of a process and those below it."""
    silent = [(os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)]
    pid = os.posix_spawn(command[0], command, os.environ, file_actions=silent)
    _, status, used = os.wait4(pid, 0)
    code = os.waitstatus_to_exitcode(status)
    failed = f" (exit code {code})" if code > 1 else ""
    return f"{used.ru_utime + used.ru_stime:.1f} s CPU, peak {used.ru_maxrss / 1024:.0f} MB{failed}"


def measure_lockfile(form: str, megabytes: float, folder: Path) -> None:
    this = [sys.executable, __file__, "write", form, str(megabytes), str(folder)]
    measured(this)  # its memory is not that of this process, which the next one would inherit
    print(measured([sys.executable, "-m", "archlint", "deps", str(folder)]))


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
    write_tree(count, folder)
    command = [sys.executable, "-m", "archlint", "check", str(folder), "--no-cache", "--jobs", "1"]
    rules = [r.info.id for r in all_rules() if r.info.category in CATEGORIES]
    print(f"{count} files: {measured([*command, '--select', ','.join(rules)])}")


if __name__ == "__main__":
    if sys.argv[1] == "write":
        write_lockfile(sys.argv[2], float(sys.argv[3]), Path(sys.argv[4]))
    elif sys.argv[1] == "lockfile":
        measure_lockfile(sys.argv[2], float(sys.argv[3]), Path(sys.argv[4]))
    else:
        measure_tree(int(sys.argv[2]), Path(sys.argv[3]))
