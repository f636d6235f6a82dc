"""What all components of a program share: its sites, findings, and who reaches what."""

from __future__ import annotations

from collections import deque
from functools import cached_property

import msgspec

from archlint.model.finding import Context, EntryPoint, Finding
from archlint.model.workspace import Component
from archlint.program.program import FunctionId, Program
from archlint.suitability.sites import Site


class Ground(msgspec.Struct, dict=True):
    """What all components share: the program, its sites and findings, and the masks of reach.

    ``ran`` are the rules that were asked: what none of them looks for is unknown, not in order.
    ``masks`` map a function to the entry points (bit: index in ``Program.entry_points``) reaching
    it, command-line ones included.
    """

    program: Program
    sites: tuple[Site, ...]
    findings: tuple[Finding, ...]
    ran: frozenset[str] = frozenset()
    masks: dict[FunctionId, int] = msgspec.field(default_factory=dict)

    def __post_init__(self) -> None:
        """Add the reach of command-line entry points to that of requests and jobs."""
        self.masks = dict(self.program.reach.entry_masks())
        for bit, entry in enumerate(self.program.entry_points):
            if entry.kind is Context.CLI and entry.function[1] >= 0:
                for function in self._below((entry.function,)):
                    self.masks[function] = self.masks.get(function, 0) | (1 << bit)

    def _below(self, starts: tuple[FunctionId, ...]) -> set[FunctionId]:
        graph = self.program.call_graph
        seen = set(starts)
        queue = deque(starts)
        while queue:
            function = queue.popleft()
            for callee, data in graph.adj[function].items() if function in graph else ():
                if callee not in seen and data["edge"].kind != "process":
                    seen.add(callee)
                    queue.append(callee)
        return seen

    @cached_property
    def _commands(self) -> dict[str, set[FunctionId]]:
        """All that the main package of each Go command leads to."""
        files = self.program.files
        return {
            component.name: self._below(
                tuple(
                    (path, function.index)
                    for path in component.mains
                    if path in files
                    for function in files[path].functions
                )
            )
            for component in self.program.workspace.components
            if component.runtime == "go" and component.mains and component.kind != "tool"
        }

    def sets_up(self, component: Component, entry: EntryPoint) -> bool:
        """Whether a component registers an entry point, as far as the call graph tells.

        A Go command that imports a server's package for a type starts none of its handlers:
        those that another command's main leads to, and its own does not, are the other's.
        """
        own = self._commands.get(component.name)
        place = self.function_at(entry.path, entry.line) if own is not None else None
        if own is None or place is None or place in own:
            return True
        return not any(place in reached for reached in self._commands.values())

    @cached_property
    def sites_by_kind(self) -> dict[str, tuple[Site, ...]]:
        """Sites by kind, in source order."""
        found: dict[str, list[Site]] = {}
        for site in self.sites:
            found.setdefault(site.kind, []).append(site)
        return {kind: tuple(sites) for kind, sites in found.items()}

    @cached_property
    def findings_by_rule(self) -> dict[str, tuple[Finding, ...]]:
        """Findings by rule; suppressed and accepted ones stay in: the code is as it is."""
        found: dict[str, list[Finding]] = {}
        for finding in self.findings:
            found.setdefault(finding.rule, []).append(finding)
        return {rule: tuple(findings) for rule, findings in found.items()}

    def function_at(self, path: str, line: int) -> FunctionId | None:
        """The innermost function around the start of a line's code."""
        facts = self.program.files.get(path)
        if facts is None or not 1 <= line <= len(facts.line_starts):
            return None
        start = facts.line_starts[line - 1]
        end = facts.line_starts[line] if line < len(facts.line_starts) else facts.size
        best: tuple[int, int] | None = None
        for function in facts.functions:
            covers = function.index == 0 or (function.at < end and function.end > start)
            if covers and (best is None or function.end - function.at <= best[0]):
                best = (function.end - function.at, function.index)
        return (path, best[1]) if best is not None else None
