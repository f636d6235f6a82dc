"""A Go program reaches code that needs cgo.

Why it matters: cgo ends the simple life of a static binary: it needs a C compiler and the C library
of the target in the build image, makes cross-compilation hard, and its calls hold a thread.
What to do: where a pure Go alternative exists, use it; else build in an image with the libraries
and ship one with the same C library.
Guide: Go compiles into a standalone binary that runs without external dependencies (L12, L128).
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from archlint.knowledge.dependencies import cgo_modules
from archlint.model.finding import Confidence, Hop, Report, Severity
from archlint.model.location import Location, line_of, locate
from archlint.model.workspace import Component
from archlint.program.digraph import shortest_paths
from archlint.program.program import ModuleEdge, Program
from archlint.rules.registry import rule


@rule(
    "cgo-dependency",
    severity=Severity.NOTE,
    confidence=Confidence.HIGH,
    languages=("go",),
    needs="modules",
)
def cgo_dependency(program: Program) -> Iterator[Report]:
    """One report an import that leads to cgo, for what the shipped commands reach."""
    graph = program.module_graph
    reported: set[str] = set()
    for component in sorted(program.workspace.components, key=lambda c: c.name):
        if component.runtime != "go" or component.kind in {"tool", "test"}:
            continue
        root = component.root or "."
        if root not in graph:
            continue
        reached = shortest_paths(graph, root)
        for target in sorted(reached):
            need = _need(program, target)
            if need and target not in reported:
                reported.add(target)
                yield _report(program, component, reached[target], need)


def _need(program: Program, target: str) -> str:
    """What a module needs cgo for, "" when it does not."""
    if target.startswith("go:"):
        path = target[3:]
        for module, need in cgo_modules().items():
            if path == module or path.startswith(module + "/"):
                return need
        return ""
    return 'its own import "C"' if _imports_c(program, target) else ""


def _imports_c(program: Program, folder: str) -> bool:
    return ("" if folder == "." else folder) in program.once(_with_cgo)


def _with_cgo(program: Program) -> set[str]:
    """The folders whose production code imports "C"."""
    return {
        path.rpartition("/")[0]
        for path, facts in program.files.items()
        if facts.cgo and program.roles.get(path) == "production" and "!cgo" not in facts.constraint
    }


def _report(program: Program, component: Component, chain: list[str], need: str) -> Report:
    graph = program.module_graph
    trace = [_hop(program, graph.edges[a, b]["edges"][0]) for a, b in pairwise(chain)]
    target = chain[-1].removeprefix("go:") or "the main package"
    edge: ModuleEdge | None = (
        graph.edges[chain[-2], chain[-1]]["edges"][0] if len(chain) > 1 else None
    )
    facts = program.files.get(edge.path or edge.source) if edge else None
    location = locate(facts, edge.at) if edge and facts else _cgo_file(program, chain[-1])
    return Report(
        location=location,
        message=f"{component.name} needs cgo for {target}: {need}",
        key=target,
        trace=tuple(trace),
        component=component.name,
    )


def _cgo_file(program: Program, folder: str) -> Location:
    paths = [
        p
        for p, f in program.files.items()
        if f.cgo and p.rpartition("/")[0] == folder.removeprefix(".")
    ]
    return Location(min(paths, default=folder))


def _hop(program: Program, edge: ModuleEdge) -> Hop:
    path = edge.path or edge.source
    facts = program.files.get(path)
    return Hop(path, line_of(facts, edge.at) if facts else 1, f"imports {edge.specifier}")
