"""Compare archlint's production packages with what the package managers themselves say.

    python benchmarks/lockfile_counts.py FOLDER [FOLDER ...]

Each folder holds a package.json with its lockfile, or a go.mod. The other side is, by format:
`npm ls`, `yarn list`, `pnpm list --lockfile-only`, the graph that `yarn info` prints (berry),
`go mod edit -json`; for bun.lock, which no command lists without an installation, and
older pnpm formats a second count in this file that shares no code with archlint. Sets of
``name@version`` are compared, and every difference is printed.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import yaml

from archlint.config import load_config
from archlint.discovery import discover
from archlint.discovery.files import WorkTree
from archlint.model.workspace import Package
from archlint.program.dependencies import LockedRepo, Tree, go_figures, tree_of

YARN = ("yarn",)
BERRY = tuple(os.environ.get("BERRY_COMMAND", "yarn").split())
"""A Yarn whose lockfile version is that of the files: others refuse to read them."""


def run(command: Iterable[str], folder: Path) -> str:
    """Standard output; managers exit with 1 over unmet peers and print the tree all the same."""
    done = subprocess.run(list(command), cwd=folder, capture_output=True, text=True, check=False)
    return done.stdout


def ours(tree: Tree) -> set[str]:
    """Name and version of every third-party package that archlint counts."""
    packages = tree.lockfile.packages if tree.lockfile else {}
    return {
        f"{packages[key].name}@{packages[key].version}"
        for key in tree.depths
        if key in packages and packages[key].local is None
    }


def nested(data: dict[str, Any], found: set[str]) -> set[str]:
    """The name@version of a tree of ``dependencies`` as npm and pnpm print it."""
    for group in ("dependencies", "optionalDependencies"):
        for name, item in (data.get(group) or {}).items():
            version = item.get("version")
            if version and not item.get("missing") and not version.startswith("link:"):
                resolved = re.search(r"/((?:@[^/]+/)?[^/]+)/-/", item.get("resolved") or "")
                real = item.get("from") or name
                found.add(f"{resolved[1] if resolved else real}@{version}")
            nested(item, found)
    return found


def npm(folder: Path) -> set[str]:
    text = run(["npm", "ls", "--omit=dev", "--all", "--json", "--package-lock-only"], folder)
    return nested(json.loads(text), set())


def npm_flags(folder: Path) -> set[str]:
    """What `npm ci --omit=dev` installs: every locked package that npm has not marked dev."""
    packages = json.loads((folder / "package-lock.json").read_text()).get("packages") or {}
    return {
        f"{item.get('name') or key.rpartition('node_modules/')[2]}@{item['version']}"
        for key, item in packages.items()
        if "node_modules/" in key and not item.get("dev") and not item.get("link")
    }


def yarn(folder: Path) -> set[str]:
    text = run([*YARN, "list", "--production", "--json", "--frozen-lockfile", "--offline"], folder)
    found: set[str] = set()
    for line in text.splitlines():
        record = json.loads(line)
        if record.get("type") == "tree":
            stack = list(record["data"]["trees"])
            while stack:
                item = stack.pop()
                if not item.get("shadow"):
                    found.add(item["name"])
                stack.extend(item.get("children") or ())
    return found


def berry(folder: Path, package: Package, workspaces: Iterable[Package]) -> set[str]:
    """What Yarn's own graph reaches from a workspace's production dependencies.

    Other workspaces on the way count with what they need in production.
    """
    text = run([*BERRY, "info", "--all", "--recursive", "--json"], folder)
    records = (json.loads(line) for line in text.splitlines())
    graph = {record["value"]: record["children"] for record in records}
    production = {p.root: {**p.dependencies, **p.optional_dependencies} for p in workspaces}
    found: set[str] = set()
    seen: set[str] = set()
    stack = [name for name in graph if name.endswith(f"@workspace:{package.root or '.'}")]
    while stack:
        name = stack.pop()
        if name in seen:
            continue
        seen.add(name)
        _, inside, root = name.partition("@workspace:")
        if not inside:
            found.add(f"{name[: name.index('@', 1)]}@{graph[name]['Version']}")
        for item in graph[name].get("Dependencies") or ():
            wanted = item["descriptor"][: item["descriptor"].index("@", 1)]
            if not inside or wanted in production[root if root != "." else ""]:
                stack.append(re.sub(r"@virtual:[0-9a-f]+#", "@", item["locator"]))
    return found


def pnpm(folder: Path, package: Package) -> set[str] | None:
    """Modern pnpm for its own format, else the independent count."""
    text = run(
        ["pnpm", "list", "--prod", "--depth", "Infinity", "--json", "--lockfile-only"],
        folder / package.root,
    )
    try:
        return nested(json.loads(text)[0], set())
    except (ValueError, IndexError):
        return None


def pnpm_recount(folder: Path, root: str, names: Iterable[str]) -> set[str]:
    """A recursive count over the raw YAML of any pnpm format."""
    document = yaml.safe_load((folder / "pnpm-lock.yaml").read_text().replace("---\n", ""))
    graph = document.get("snapshots") or document.get("packages") or {}
    importers = document.get("importers") or {".": document}
    found: set[str] = set()
    linked: set[str] = set()

    def visit(name: str, reference: Any, base: str = "") -> None:
        value = str(reference["version"] if isinstance(reference, dict) else reference)
        if value.startswith("link:"):
            target = os.path.normpath(os.path.join(base, value[5:]))
            if target not in linked and target in importers:
                linked.add(target)
                enter(target)
            return
        options = (f"{name}@{value}", f"/{name}@{value}", f"/{name}/{value}", value)
        key = next((option for option in options if option in graph), None)
        if key is None or key in found:
            return
        found.add(key)
        for group in ("dependencies", "optionalDependencies"):
            for below, version in (graph[key].get(group) or {}).items():
                visit(below, version)

    def enter(importer: str) -> None:
        for group in ("dependencies", "optionalDependencies"):
            for name, reference in (importers[importer].get(group) or {}).items():
                visit(name, reference, importer)

    enter(root or ".")
    return {_pnpm_label(key) for key in found}


def _pnpm_label(key: str) -> str:
    plain = re.sub(r"\(.*", "", key.lstrip("/"))
    match = re.match(r"((?:@[^/]+/)?[^/@]+)[@/]([^_]+)", plain)
    return f"{match[1]}@{match[2]}" if match else plain


def bun_recount(folder: Path, root: str) -> set[str]:
    """A recursive count over bun.lock read as YAML, of which it is nearly a subset."""
    document = yaml.safe_load((folder / "bun.lock").read_text())
    packages = document["packages"]
    workspace = document["workspaces"][root]
    top = [workspace["name"]] if root else []
    found: set[str] = set()

    def visit(path: list[str], name: str) -> None:
        for depth in range(len(path), -1, -1):
            key = "/".join([*path[:depth], name])
            if key in packages:
                break
        else:
            return
        if key in found:
            return
        found.add(key)
        facts = next((item for item in packages[key] if isinstance(item, dict)), {})
        optional = set(facts.get("optionalPeers") or ())
        for group in ("dependencies", "optionalDependencies", "peerDependencies"):
            for below in facts.get(group) or {}:
                if below not in optional or group != "peerDependencies":
                    visit([*path[:depth], name], below)

    for group in ("dependencies", "optionalDependencies"):
        for name in workspace.get(group) or {}:
            visit(top, name)
    return {packages[key][0] for key in found}


def go(folder: Path) -> tuple[set[str], set[str]]:
    workspace = discover(WorkTree(folder), load_config(folder))
    module = next(m for m in workspace.go_modules if not m.root)
    data = json.loads(run(["go", "mod", "edit", "-json"], folder))
    theirs = {
        f"{r['Path']}@{r['Version']}{' indirect' if r.get('Indirect') else ''}"
        for r in data.get("Require") or ()
    }
    mine = {f"{r.module}@{r.version}{' indirect' if r.indirect else ''}" for r in module.requires}
    for r in data.get("Replace") or ():
        theirs.add(
            f"replace {r['Old']['Path']} => {r['New']['Path']} {r['New'].get('Version', '')}"
        )
    for item in module.replaces:
        mine.add(f"replace {item.module} => {item.target} {item.target_version}")
    assert go_figures(workspace, module).direct == sum(" " not in name for name in mine)
    return mine, theirs


def compare(folder: Path) -> None:
    """Print one line a manifest, and the differences below it."""
    if (folder / "go.mod").exists():
        show(folder, "go.mod", *go(folder))
    if not (folder / "package.json").exists():
        return
    workspace = discover(WorkTree(folder), load_config(folder))
    repo = LockedRepo(workspace)
    for package in workspace.packages:
        tree = tree_of(repo, package)
        if tree.lockfile is None or not tree.production or "/" in tree.lock_path:
            continue
        form = tree.lockfile.format
        mine = ours(tree)
        label = f"{package.path} {form}"
        if form.startswith("npm") and not package.root:
            for other in workspace.packages:  # npm speaks of all workspaces at once
                beside = tree_of(repo, other)
                mine |= ours(beside) if beside.lock_path == tree.lock_path else set()
            if form != "npm-1":
                show(folder, f"{label} dev flags", mine, npm_flags(folder))
            if not package.workspaces:  # of workspaces it lists development, too
                show(folder, f"{label} npm ls", mine, npm(folder))
        elif form == "yarn-1":
            show(folder, label, mine, yarn(folder))
        elif form.startswith("berry"):
            show(folder, f"{label} yarn info", mine, berry(folder, package, workspace.packages))
        elif form.startswith("pnpm"):
            again = pnpm_recount(folder, package.root, tree.production)
            listed = pnpm(folder, package) if form == "pnpm-9" else None
            show(folder, f"{label} recount", mine, again)
            if listed is not None:
                show(folder, f"{label} pnpm list", mine, listed)
        elif form.startswith("bun"):
            show(folder, f"{label} recount", mine, bun_recount(folder, package.root))


def show(folder: Path, label: str, mine: set[str], theirs: set[str]) -> None:
    verdict = "equal" if mine == theirs else "DIFFERENT"
    print(f"{folder.name}: {label}: archlint {len(mine)}, theirs {len(theirs)}: {verdict}")
    for title, names in (("only archlint", mine - theirs), ("only theirs", theirs - mine)):
        for name in sorted(names)[:12]:
            print(f"    {title}: {name}")


if __name__ == "__main__":
    for argument in sys.argv[1:]:
        compare(Path(argument).resolve())
