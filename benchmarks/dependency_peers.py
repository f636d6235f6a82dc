"""Compare unused dependencies, import cycles and CPU time with knip, depcheck, madge and
dependency-cruiser.

    python benchmarks/dependency_peers.py TOOLS REPO [REPO ...]

TOOLS is a folder in which the four are installed with npm. Each runs on the same checkout without
node_modules, as archlint does; CPU seconds are user plus system of all processes. Cycles are
compared as strongly connected components of each tool's own graph of run-time imports.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import networkx as nx

TIMEOUT = 300
FOLDERS = ("server", "src", "client", "app", "lib", "packages", "apps", "shared", "plugins", "bin")


def timed(command: list[str], folder: Path) -> tuple[str, float]:
    """Standard output and the CPU seconds of the command and its children."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    try:
        done = subprocess.run(
            command,
            cwd=folder,
            capture_output=True,
            text=True,
            check=False,
            timeout=TIMEOUT,
            env={**os.environ, "NODE_OPTIONS": "--max-old-space-size=3000"},
        )
        text = done.stdout
    except subprocess.TimeoutExpired:
        text = ""
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return text, cpu


def loaded(text: str) -> Any:
    start = min((i for i in (text.find("{"), text.find("[")) if i >= 0), default=-1)
    try:
        return json.loads(text[start:]) if start >= 0 else {}
    except ValueError:
        return {}


def circles(edges: Iterable[tuple[str, str]]) -> set[frozenset[str]]:
    graph = nx.DiGraph((a, b) for a, b in edges if a != b)
    return {frozenset(part) for part in nx.strongly_connected_components(graph) if len(part) > 1}


def archlint(folder: Path) -> tuple[set[str], set[frozenset[str]], float]:
    """Top-tier unused names, circles, and the CPU time of a cold check of both rules."""
    command = [
        sys.executable,
        "-m",
        "archlint",
        "check",
        ".",
        "--format",
        "json",
        "--no-cache",
        "--select",
        "unused-dependency,import-cycle",
        "--jobs",
        "1",
    ]
    text, cpu = timed(command, folder)
    unused = {
        f"{f['path']}:{f['message'].split()[0]}"
        for f in loaded(text).get("findings", ())
        if f["rule"] == "unused-dependency" and f["confidence"] == "high"
    }
    graph, _ = timed(
        [sys.executable, "-m", "archlint", "graph", ".", "--level", "modules", "--format", "json"],
        folder,
    )
    parts: dict[int, set[str]] = {}
    for node in loaded(graph).get("nodes", ()):
        parts.setdefault(node["cycle"], set()).add(node["id"])
    return unused, {frozenset(part) for number, part in parts.items() if number}, cpu


def madge(tools: Path, folder: Path) -> tuple[set[frozenset[str]], float]:
    found = [name for name in FOLDERS if (folder / name).is_dir()]
    config = folder / ".madgerc-none"
    command = [
        str(tools / "node_modules/.bin/madge"),
        "--json",
        "--extensions",
        "js,jsx,ts,tsx,mjs,cjs,vue",
        "--basedir",
        ".",
        "--exclude",
        r"\.d\.ts$",
    ]
    if (folder / "tsconfig.json").exists():
        command += ["--ts-config", "tsconfig.json"]
    text, cpu = timed([*command, *found], folder)
    del config
    return circles((a, b) for a, bs in loaded(text).items() for b in bs), cpu


def cruiser(tools: Path, folder: Path) -> tuple[set[frozenset[str]], float]:
    found = [name for name in FOLDERS if (folder / name).is_dir()]
    command = [
        str(tools / "node_modules/.bin/depcruise"),
        "--no-config",
        "--output-type",
        "json",
        "--do-not-follow",
        "node_modules",
    ]
    if (folder / "tsconfig.json").exists():
        command += ["--ts-config", "tsconfig.json"]
    text, cpu = timed([*command, *found], folder)
    edges = [
        (module["source"], item["resolved"])
        for module in loaded(text).get("modules", ())
        for item in module["dependencies"]
        if "type-only" not in item.get("dependencyTypes", ()) and not item.get("couldNotResolve")
    ]
    return circles(edges), cpu


def depcheck(tools: Path, folder: Path) -> tuple[set[str], float]:
    text, cpu = timed([str(tools / "node_modules/.bin/depcheck"), "--json", "."], folder)
    return {f"package.json:{name}" for name in loaded(text).get("dependencies", ())}, cpu


def knip(tools: Path, folder: Path) -> tuple[set[str], float]:
    command = [
        str(tools / "node_modules/.bin/knip"),
        "--reporter",
        "json",
        "--include",
        "dependencies",
        "--no-exit-code",
        "--no-progress",
    ]
    text, cpu = timed(command, folder)
    return {
        f"{issue['file']}:{item['name']}"
        for issue in loaded(text).get("issues", ())
        for item in issue.get("dependencies", ())
    }, cpu


def compare(tools: Path, folder: Path) -> None:
    unused, own, cpu = archlint(folder)
    print(f"== {folder.name}: archlint {cpu:.1f} s CPU, {len(unused)} unused, {len(own)} circles")
    print("   unused:", " ".join(sorted(unused)))
    for name, tool in (("madge", madge), ("dependency-cruiser", cruiser)):
        found, spent = tool(tools, folder)
        print(f"   {name}: {spent:.1f} s, {len(found)} circles, {len(found & own)} equal")
        for title, parts in (("only archlint", own - found), (f"only {name}", found - own)):
            for part in sorted(parts, key=sorted)[:6]:
                print(f"      {title} ({len(part)}): {' '.join(sorted(part))[:150]}")
    for name, check in (("depcheck", depcheck), ("knip", knip)):
        names, spent = check(tools, folder)
        shared = len(names & unused)
        print(f"   {name}: {spent:.1f} s, {len(names)} unused, {shared} of ours")
        print("      only archlint:", " ".join(sorted(unused - names)))
        print(f"      only {name}:", " ".join(sorted(names - unused))[:400])


if __name__ == "__main__":
    for argument in sys.argv[2:]:
        compare(Path(sys.argv[1]).resolve(), Path(argument).resolve())
