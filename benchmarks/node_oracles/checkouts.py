"""Copies of repos to compare on, with and without their dependencies."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from pathlib import Path

from archlint.config import load_config
from archlint.discovery.files import WorkTree
from archlint.session import Options, analyse
from benchmarks.node_oracles.processes import NPM, complain, gist, timed
from benchmarks.repos import commit


@dataclass(frozen=True)
class Checkout:
    """A copy to compare on: its root, where the repo's commit is and how its dependencies stand."""

    name: str
    root: Path
    commit: str
    installed: str


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
