"""A first set of components and contracts: the architecture that the imports already have."""

from __future__ import annotations

import posixpath

import msgspec

from archlint.program.architecture.graph import inner_graph, role_of
from archlint.program.digraph import Digraph, strongly_connected_components, topological_generations
from archlint.program.program import Program

_SOURCE_FOLDERS = ("src", "lib", "app", "server", "internal", "pkg")
MAX_COMPONENTS = 16


class Proposal(msgspec.Struct, frozen=True):
    """Components as name -> globs; ``layers`` from high to low, empty where circles forbid them.

    ``circles`` are groups of components that import each other.
    """

    components: dict[str, tuple[str, ...]]
    layers: tuple[tuple[str, ...], ...]
    circles: tuple[tuple[str, ...], ...]


def propose(program: Program) -> Proposal:
    """Components by workspace package or by folder, and the layers that hold today."""
    graph = inner_graph(program)
    packages = {posixpath.dirname(p) for p, f in program.files.items() if f.language == "go"}
    code = (packages | program.files.keys()) - {"", "."}
    modules = sorted(m for m in graph if m in code and role_of(program, m) == "production")
    folders = _folders(program, modules)
    owner = {m: _owner(m, folders) for m in modules}
    names = _names({folder for folder in owner.values() if folder})
    collapsed: Digraph[str] = Digraph()
    collapsed.add_nodes_from(sorted(names.values()))
    for one, two in graph.subgraph(modules).edges:
        a, b = names.get(owner[one], ""), names.get(owner[two], "")
        if a and b and a != b:
            collapsed.add_edge(a, b)
    parts = (sorted(p) for p in strongly_connected_components(collapsed) if len(p) > 1)
    circles = tuple(tuple(part) for part in sorted(parts))
    layers = () if circles or len(collapsed) < 2 else _layers(collapsed)
    components: dict[str, tuple[str, ...]] = {
        names[folder]: (f"{folder}/**",) for folder in sorted(names)
    }
    return Proposal(components, layers, circles)


def _folders(program: Program, modules: list[str]) -> set[str]:
    """Where to cut: workspace packages if there are several, and folders within large ones."""
    owners = {package.root for package in program.workspace.packages if package.root}
    roots = {root for root in owners if any(m.startswith(f"{root}/") for m in modules)}
    others = [m for m in modules if not any(m.startswith(f"{root}/") for root in roots)]
    if len(roots) >= 2 and len(others) * 2 < len(modules):
        return roots
    found: set[str] = set()
    for module in modules:
        parts = module.split("/") if module not in program.files else module.split("/")[:-1]
        depth = next((i + 1 for i, part in enumerate(parts[:4]) if part not in _SOURCE_FOLDERS), 0)
        if depth and parts[:depth] != [""]:
            found.add("/".join(parts[:depth]))
    counts = {f: sum(1 for m in modules if m == f or m.startswith(f"{f}/")) for f in found}
    ranked = sorted(found, key=lambda f: (-counts[f], f))
    return set(ranked[:MAX_COMPONENTS])


def _owner(module: str, folders: set[str]) -> str:
    """The deepest of the folders that holds a module, "" for none."""
    folder = module
    while folder and folder not in folders:
        folder = posixpath.dirname(folder)
    return folder


def _names(folders: set[str]) -> dict[str, str]:
    """Folder -> its last part where that is unique, else as much of the path as makes it so."""
    found: dict[str, str] = {}
    for folder in sorted(folders):
        parts = folder.split("/")
        for count in range(1, len(parts) + 1):
            name = "-".join(parts[-count:])
            others = ["-".join(other.split("/")[-count:]) for other in folders if other != folder]
            if name not in others:
                break
        found[folder] = name
    return found


def _layers(graph: Digraph[str]) -> tuple[tuple[str, ...], ...]:
    """Rows of components that do not reach each other, importers above what they import."""
    return tuple(tuple(sorted(row)) for row in topological_generations(graph))
