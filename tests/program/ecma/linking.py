"""Linking a fixture repo, and naming its functions as the expectations do."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from archlint.config import load_config
from archlint.discovery import discover
from archlint.discovery.files import WorkTree
from archlint.extract import ExtractOptions, extract_all
from archlint.model.facts import FileFacts
from archlint.model.location import line_of
from archlint.program.ecma import EcmaLinker
from archlint.program.program import FunctionId, Linked


@dataclass
class Case:
    """A linked fixture."""

    linker: EcmaLinker
    linked: Linked
    files: dict[str, FileFacts]

    def name(self, ident: FunctionId) -> str:
        """``path:name``, ``path:top`` for the module, ``path:@line`` for a nameless function."""
        facts = self.files[ident[0]].functions[ident[1]]
        line = line_of(self.files[ident[0]], facts.at)
        return f"{ident[0]}:{'top' if not ident[1] else facts.name or f'@{line}'}"

    def functions(self, name: str) -> list[FunctionId]:
        """The functions that a name means."""
        path = name.rpartition(":")[0]
        return [
            (path, f.index)
            for f in self.files[path].functions
            if self.name((path, f.index)) == name
        ]

    def edges(self) -> set[tuple[str, str, str]]:
        """(caller, callee, kind) by name."""
        return {(self.name(e.caller), self.name(e.callee), e.kind) for e in self.linked.edges}

    def entries(self) -> set[str]:
        """Entry points that are no start-up, as expectations spell them."""
        return {
            f"{e.kind} {e.label} -> {self.name(e.function)}"
            for e in self.linked.entry_points
            if e.kind != "startup"
        }

    def imports(self) -> set[tuple[str, str]]:
        """(source, target) of all imports; a missing target is ``nothing``."""
        return {(m.source, m.target or "nothing") for m in self.linked.modules}


def link_repo(root: Path) -> Case:
    """Discover, extract and link a folder."""
    config = load_config(root)
    source = WorkTree(root)
    workspace = discover(source, config)
    facts = extract_all(source, workspace.files, ExtractOptions(cache=False, jobs=1)).facts
    linker = EcmaLinker(workspace, facts)
    return Case(linker, linker.link(), facts)
