"""Compare unused dependencies, import cycles and CPU time with knip, depcheck, madge and
dependency-cruiser.

    python benchmarks/dependency_peers.py TOOLS REPO [REPO ...]

TOOLS is a folder in which the four are installed with npm. Each runs on the same checkout without
node_modules, as archlint does; CPU seconds are user plus system of all processes. Where TOOLS holds
``<repo>.knip.json``, knip gets it: without its entries it leaves most of a repo unread. madge gets
the repo's aliases with the ``baseUrl`` that it cannot do without. Cycles are
compared as strongly connected components of each tool's own graph of run-time imports; where they
differ, the imports that only one side has are printed with what they say.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import networkx as nx

from archlint.config import load_config
from archlint.discovery.files import WorkTree
from archlint.discovery.manifests.structured import decode_jsonc
from archlint.program.architecture.cycles import cycles
from archlint.program.architecture.graph import inner_graph
from archlint.program.program import ModuleEdge
from archlint.session import Options, analyse

TIMEOUT = 900
ENVIRONMENT = {
    "NODE_OPTIONS": "--max-old-space-size=3000",
    "madge_detectiveOptions__es6__mixedImports": "true",
    "madge_detectiveOptions__ts__mixedImports": "true",
    "madge_detectiveOptions__tsx__mixedImports": "true",
    "madge_detectiveOptions__ts__skipTypeImports": "true",
    "madge_detectiveOptions__tsx__skipTypeImports": "true",
}
SHOWN = 4
Edge = tuple[str, str]
Parts = set[frozenset[str]]


def timed(command: list[str], folder: Path) -> tuple[Any, float]:
    """What the command prints as JSON, {} for nothing, and the CPU seconds of its processes.

    The output goes to a file: some of the tools exit before a pipe is drained.
    """
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    with tempfile.TemporaryFile("w+") as out:
        try:
            subprocess.run(
                command,
                cwd=folder,
                stdout=out,
                stderr=subprocess.DEVNULL,
                check=False,
                timeout=TIMEOUT,
                env={**environment, **ENVIRONMENT},
            )
        except subprocess.TimeoutExpired:
            print(f"   {Path(command[0]).name}: no answer in {TIMEOUT} s")
        out.seek(0)
        text = out.read()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return loaded(text), cpu


def loaded(text: str) -> Any:
    start = min((i for i in (text.find("{"), text.find("[")) if i >= 0), default=-1)
    try:
        return json.loads(text[start:]) if start >= 0 else {}
    except ValueError:
        return {}


def circles(edges: Iterable[Edge]) -> Parts:
    graph = nx.DiGraph((a, b) for a, b in edges if a != b)
    return {frozenset(part) for part in nx.strongly_connected_components(graph) if len(part) > 1}


def archlint(folder: Path) -> tuple[set[str], float]:
    """Top-tier unused names, and the CPU time of a cold check of both rules."""
    rules = "unused-dependency,import-cycle"
    command = [sys.executable, "-m", "archlint", "check", ".", "--format", "json", "--no-cache"]
    found, cpu = timed([*command, "--select", rules, "--jobs", "1"], folder)
    return {
        f"{f['path']}:{f['message'].split()[0]}"
        for f in found.get("findings", ())
        if f["rule"] == "unused-dependency" and f["confidence"] == "high"
    }, cpu


class Own:
    """archlint's own graph of modules."""

    def __init__(self, folder: Path) -> None:
        options = Options(cache=False, jobs=1)
        program = analyse(WorkTree(folder), load_config(folder), options, depth="modules").program
        self.circles: Parts = {frozenset(cycle.modules) for cycle in cycles(program)}
        self.edges: set[Edge] = set(inner_graph(program).edges)
        imports = [edge for linked in program.linked for edge in linked.modules]
        self.imports: dict[Edge, ModuleEdge] = {(e.source, e.target): e for e in imports}

    def differences(self, name: str, edges: set[Edge]) -> None:
        """Print the circles that only one side has, and the imports that make the difference."""
        found = circles(edges)
        for title, parts, mine, others in (
            ("archlint", self.circles - found, self.edges, edges),
            (name, found - self.circles, edges, self.edges),
        ):
            for part in sorted(parts, key=sorted):
                inner = {(a, b) for a, b in mine if a in part and b in part}
                print(f"      only {title}: {len(part)} modules, {len(inner)} imports")
                for pair in sorted(inner - others)[:SHOWN]:
                    print(f"         {pair[0]} -> {pair[1]}: {self._said(pair)}")

    def _said(self, pair: Edge) -> str:
        edge = self.imports.get(pair)
        if edge is None:
            return "not seen by archlint"
        kept = "types only" if edge.type_only else "kept at run time or erased"
        return f"{edge.kind} {edge.specifier!r}, {kept}"


def madge(tools: Path, folder: Path) -> tuple[set[Edge], float]:
    command = [str(tools / "node_modules/.bin/madge"), "--json", "--basedir", "."]
    command += ["--extensions", "js,jsx,ts,tsx,mjs,cjs,vue", "--exclude", r"\.d\.ts$"]
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        json.dump(aliases(folder), file)
        file.flush()
        if (folder / "tsconfig.json").exists():
            command += ["--ts-config", file.name]
        found, cpu = timed([*command, *folders(folder)], folder)
    return {(a, b) for a, bs in found.items() for b in bs}, cpu


def aliases(folder: Path) -> dict[str, Any]:
    """The options of the repo's tsconfig.json, with a ``baseUrl`` for its paths."""
    file = folder / "tsconfig.json"
    given = decode_jsonc(file.name, file.read_text()) if file.exists() else {}
    options = {**given.get("compilerOptions", {}), "jsx": "preserve", "allowJs": True}
    options["baseUrl"] = str(folder / options.get("baseUrl", "."))
    return {"compilerOptions": options}


def cruiser(tools: Path, folder: Path) -> tuple[set[Edge], float]:
    """A tsconfig.json that only refers to others makes it give up: then once more without."""
    command = [str(tools / "node_modules/.bin/depcruise"), "--no-config", "--output-type", "json"]
    command += ["--do-not-follow", "node_modules", *folders(folder)]
    typed = [*command, "--ts-config", "tsconfig.json"]
    found, cpu = timed(typed if (folder / "tsconfig.json").exists() else command, folder)
    if not found:
        found, cpu = timed(command, folder)
    return {
        (module["source"], item["resolved"])
        for module in found.get("modules", ())
        for item in module["dependencies"]
        if "type-only" not in item.get("dependencyTypes", ()) and not item.get("couldNotResolve")
    }, cpu


def folders(folder: Path) -> list[str]:
    """All folders of the checkout: those tools take no whole tree as it is."""
    found = (entry for entry in sorted(folder.iterdir()) if entry.is_dir())
    return [e.name for e in found if e.name[0] != "." and e.name not in {"node_modules", "dist"}]


def depcheck(tools: Path, folder: Path) -> tuple[set[str], float]:
    found, cpu = timed([str(tools / "node_modules/.bin/depcheck"), "--json", "."], folder)
    return {f"package.json:{name}" for name in found.get("dependencies", ())}, cpu


def knip(tools: Path, folder: Path) -> tuple[set[str], float]:
    command = [str(tools / "node_modules/.bin/knip"), "--reporter", "json"]
    command += ["--include", "dependencies", "--no-exit-code", "--no-progress"]
    config = tools / f"{folder.name}.knip.json"
    command += ["--config", str(config)] if config.exists() else []
    found, cpu = timed(command, folder)
    return {
        f"{issue['file']}:{item['name']}"
        for issue in found.get("issues", ())
        for item in issue.get("dependencies", ())
    }, cpu


def compare(tools: Path, folder: Path) -> None:
    unused, cpu = archlint(folder)
    own = Own(folder)
    print(f"== {folder.name}: archlint {cpu:.2f} s, {len(unused)} unused", end="")
    print(f", {len(own.circles)} circles: {' '.join(sorted(unused))}")
    for name, tool in (("madge", madge), ("dependency-cruiser", cruiser)):
        edges, spent = tool(tools, folder)
        found = circles(edges)
        same = len(found & own.circles)
        print(f"   {name}: {spent:.2f} s, {len(edges)} edges, {len(found)} circles, {same} equal")
        own.differences(name, edges)
    for name, check in (("depcheck", depcheck), ("knip", knip)):
        names, spent = check(tools, folder)
        shared = len(names & unused)
        print(f"   {name}: {spent:.2f} s, {len(names)} unused, {shared} of ours")
        print("      only archlint:", " ".join(sorted(unused - names)))
        print(f"      only {name}:", " ".join(sorted(names - unused))[:400], flush=True)


if __name__ == "__main__":
    for argument in sys.argv[2:]:
        compare(Path(sys.argv[1]).resolve(), Path(argument).resolve())
