"""Joining all files' facts into a ``Program``: the link stage."""

from __future__ import annotations

import msgspec
from msgspec.structs import replace

from archlint.config import Config
from archlint.model.facts import FileFacts
from archlint.model.finding import Coverage, Depth, EntryPoint
from archlint.model.workspace import Workspace
from archlint.program.linkers import Linkers, of_language
from archlint.program.ownership import described
from archlint.program.program import Linked, Program


def build_program(
    workspace: Workspace, config: Config, files: dict[str, FileFacts], depth: Depth = "calls"
) -> Program:
    """Link the facts of all files as deep as asked; never raises on what the files say.

    Below depth ``calls`` outlines of the files are enough.
    """
    linkers: Linkers | None = None
    if depth == "calls":
        linkers = Linkers(workspace, config, files)
        linked = linkers.link()
    else:
        linked = _modules(workspace, files)
    roles = {file.path: file.role for file in workspace.files}
    if depth == "calls":
        roles.update(_supporting(files, roles))
    program = Program(
        workspace=workspace,
        config=config,
        files=files,
        roles=roles,
        linkers=linkers,
        linked=linked,
        entry_points=(),
        coverage=_coverage(workspace, files, linked, depth),
        depth=depth,
    )
    if depth == "calls":
        program.entry_points = _entry_points(program, linked)
        components = described(workspace.components, program.entry_points)
        program.workspace = msgspec.structs.replace(workspace, components=components)
        program.forget_ownership()
    return program


def _supporting(files: dict[str, FileFacts], roles: dict[str, str]) -> dict[str, str]:
    """Roles of Go files that serve tests by what they import."""
    if not any(facts.language == "go" for facts in files.values()):
        return {}
    from archlint.program.golang.support import test_support

    return dict.fromkeys(sorted(test_support(files, roles)), "test")


def _modules(workspace: Workspace, files: dict[str, FileFacts]) -> tuple[Linked, ...]:
    """Who imports whom."""
    node, golang = Linked(), Linked()
    if found := of_language(files, go=False):
        from archlint.program.ecma.modules import module_edges

        node.modules = module_edges(workspace, found)
    if found := of_language(files, go=True):
        from archlint.program.golang.imports import package_edges

        golang.modules = package_edges(workspace, found)
    return node, golang


def _entry_points(program: Program, linked: tuple[Linked, ...]) -> tuple[EntryPoint, ...]:
    """Every entry point, sorted by place, each with its component."""
    found = [entry for part in linked for entry in part.entry_points]
    found.sort(key=lambda e: (e.path, e.line, e.label, e.kind, e.function))
    found = _written(found, program.files)
    named = []
    for entry in found:
        component = program.component(entry.path)
        named.append(replace(entry, component=component.name if component else ""))
    return tuple(named)


def _written(found: list[EntryPoint], files: dict[str, FileFacts]) -> list[EntryPoint]:
    """Without generated stand-ins of a handler that somebody wrote."""

    def place(entry: EntryPoint) -> tuple[str, int, str, str]:
        return entry.path, entry.line, entry.label, entry.kind

    def generated(entry: EntryPoint) -> bool:
        facts = files.get(entry.function[0])
        return facts is not None and facts.generated

    written = {place(entry) for entry in found if not generated(entry)}
    return [e for e in found if not generated(e) or place(e) not in written]


def _coverage(
    workspace: Workspace, files: dict[str, FileFacts], linked: tuple[Linked, ...], depth: Depth
) -> Coverage:
    imports = [edge for part in linked for edge in part.modules]
    return Coverage(
        files=len(workspace.files),
        parsed=len(files),
        lines=sum(facts.lines for facts in files.values()),
        imports=len(imports),
        imports_resolved=sum(1 for edge in imports if edge.target),
        dynamic_imports=sum(1 for edge in imports if edge.kind in {"dynamic", "computed"}),
        calls=sum(part.calls for part in linked),
        calls_resolved=sum(part.calls_resolved for part in linked),
        calls_external=sum(part.calls_external for part in linked),
        depth=depth,
    )
