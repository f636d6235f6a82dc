"""Named groups of modules: configured components, packages of the workspace, globs, externals."""

from __future__ import annotations

import posixpath

import msgspec

from archlint.config.globs import matches
from archlint.program.architecture.graph import OUTSIDE, inner_graph, is_inside
from archlint.program.digraph import Digraph
from archlint.program.program import Program


class Groups(msgspec.Struct):
    """Finds the modules that a name of a contract stands for."""

    program: Program
    _members: dict[str, frozenset[str]] = msgspec.field(default_factory=dict)

    def members(self, name: str) -> frozenset[str]:
        """The modules of a configured component, a component, a glob or an external module."""
        if name not in self._members:
            self._members[name] = frozenset(self._find(name))
        return self._members[name]

    def _find(self, name: str) -> set[str]:
        nodes = self.program.module_graph
        if name.startswith(OUTSIDE):
            return {node for node in nodes if node == name or node.startswith(name + "/")}
        globs = self.program.config.components.get(name)
        if globs is None:
            for component in self.program.workspace.components:
                if component.name == name:
                    globs = (f"{component.root}/**",) if component.root else ("**",)
        found = globs if globs is not None else (name,)
        return {node for node in nodes if is_inside(node) and _matches(found, node, self.program)}

    def of(self, module: str) -> str:
        """The configured component that holds a module, "" for none."""
        for name in self.program.config.components:
            if module in self.members(name):
                return name
        return ""


def _matches(globs: tuple[str, ...], module: str, program: Program) -> bool:
    """A file by its path, a Go package by that of any file in it."""
    if module in program.files:
        return matches(globs, module)
    return matches(globs, posixpath.normpath(f"{module}/_.go")) or matches(globs, module)


def groups(program: Program) -> Groups:
    """The groups of a program, shared by everything that asks."""
    return program.once(Groups)


def component_of_module(program: Program, module: str) -> str:
    """The group that graphs and metrics show a module in.

    The configured component if there are any; else the workspace component that owns it.
    """
    if program.config.components:
        return groups(program).of(module)
    path = module if module in program.files else posixpath.normpath(f"{module}/_.go")
    component = program.component(path)
    return component.name if component else ""


def group_graph(program: Program, *, types: bool = False) -> Digraph[str]:
    """Groups with their imports of each other; edges carry all module edges as ``edges``."""
    graph: Digraph[str] = Digraph()
    inner = inner_graph(program, types=types)
    names = {node: component_of_module(program, node) for node in sorted(inner)}
    graph.add_nodes_from(sorted(set(names.values()) - {""}))
    for source, target, data in inner.edges.data():
        one, two = names[source], names[target]
        if not one or not two or one == two:
            continue
        if not graph.has_edge(one, two):
            graph.add_edge(one, two, edges=[])
        graph.edges[one, two]["edges"].extend(data["edges"])
    return graph
