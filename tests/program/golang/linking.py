"""Linking a fixture repo of Go code, and naming its functions as the expectations do."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from archlint.config import load_config
from archlint.discovery import discover
from archlint.discovery.files import WorkTree
from archlint.extract import ExtractOptions, extract_all
from archlint.model.facts import FileFacts
from archlint.model.location import line_of
from archlint.program.golang import GoLinker, show
from archlint.program.program import FunctionId, Linked

_APART = {"startup", "test"}


@dataclass
class Case:
    """A linked fixture."""

    linker: GoLinker
    linked: Linked
    files: dict[str, FileFacts]

    def name(self, ident: FunctionId) -> str:
        """``path:name``, ``path:top`` for the package, ``path:@line`` for a closure."""
        if ident[1] < 0:
            return "nothing"
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

    def edges(self) -> dict[tuple[str, str], set[tuple[str, str]]]:
        """(caller, callee) to (kind, note) by name."""
        found: dict[tuple[str, str], set[tuple[str, str]]] = {}
        for edge in self.linked.edges:
            pair = (self.name(edge.caller), self.name(edge.callee))
            found.setdefault(pair, set()).add((edge.kind, edge.note))
        return found

    def entries(self) -> set[str]:
        """Entry points that are no start-up and no tests, as expectations spell them."""
        return {
            f"{e.kind} {e.label} -> {self.name(e.function)}"
            for e in self.linked.entry_points
            if e.kind not in _APART and e.label != "main"
        }

    def gives(self) -> dict[tuple[str, int], set[str]]:
        """(path, line) to what the calls on that line give, as Go writes the types."""
        found: dict[tuple[str, int], set[str]] = {}
        for function, _ in self.linker.functions():
            facts = self.files[function[0]]
            for call in self.linker.body(function).calls:
                types = self.linker.call_results(function, call)
                text = "unknown" if types is None else ", ".join(show(t) for t in types)
                found.setdefault((function[0], line_of(facts, call.paren)), set()).add(text)
        return found


def link_repo(root: Path) -> Case:
    """Discover, extract and link a folder; sources of other modules are not looked for."""
    config = load_config(root)
    source = WorkTree(root)
    workspace = discover(source, config)
    facts = extract_all(source, workspace.files, ExtractOptions(cache=False, jobs=1)).facts
    linker = GoLinker(workspace, facts, sources=False)
    return Case(linker, linker.link(), facts)
