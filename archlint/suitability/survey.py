"""One component seen through its entry points: what there is, and who reaches what."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable
from functools import cached_property

from msgspec.structs import replace

from archlint.model.finding import Context, EntryPoint, Finding
from archlint.model.pattern import lazy_regex
from archlint.model.workspace import Component
from archlint.program.ecma_flow.guards import serves_setup
from archlint.program.program import FunctionId
from archlint.program.reach import APART
from archlint.suitability.ground import Ground
from archlint.suitability.sites import Site

SERVING = {Context.REQUEST, Context.BACKGROUND}
_ONCE = lazy_regex(r"(?:^|/)(?:setup|install|installer|wizard|seeds?|migrations?)(?:[./-]|$)", re.I)
LIBRARY_ENTRIES = 20
"""A library with fewer entry points than this only offers them to its callers."""
LISTENING_ENTRIES = 5
"""So few are enough for a library that opens the port itself: a server that a command starts."""
DISTANT, FAR = 7, 12
"""So many calls away from an entry point a site counts as medium, or not at all for heavy work."""


class Survey:
    """A component's entry points (those of its first set-up apart), and what they reach.

    ``kind`` is the component's, but a command that serves requests counts as a service. ``blind``
    says that it listens and not one handler was found: then nothing is known of its work.
    """

    def __init__(self, ground: Ground, component: Component) -> None:
        self.ground = ground
        self.component = component
        self.runtime = component.runtime
        self.program = ground.program
        kinds = SERVING
        own = [
            (bit, entry)
            for bit, entry in enumerate(self.program.entry_points)
            if (
                entry.path in self.path_set
                or (entry.component == component.name and self._is_production(entry.path))
            )
            and ground.sets_up(component, entry)
        ]
        serves = any(entry.kind is Context.REQUEST for _, entry in own)
        self.kind = "service" if component.kind == "cli" and serves else component.kind
        if self.kind == "cli" or not any(entry.kind in SERVING for _, entry in own):
            kinds = {*SERVING, Context.CLI} if component.kind != "library" else SERVING
        self.entries: list[tuple[int, EntryPoint]] = [
            (bit, entry)
            for bit, entry in own
            if entry.kind in kinds and entry.function[1] >= 0 and not _is_lifecycle(entry)
        ]
        lasting = [item for item in self.entries if not serves_setup(item[1])]
        self.entries = lasting or self.entries
        if component.kind == "library" and not self._is_server():
            self.entries = []
        requests = any(entry.kind is Context.REQUEST for _, entry in self.entries)
        serving = self.kind in {"service", "worker"} and not requests
        self.blind = serving and bool(self.own_sites("listen"))
        if self.blind:
            self.entries = []
        self.mask = sum(1 << bit for bit, _ in self.entries)

    def _is_server(self) -> bool:
        """Whether a library's entry points are work of its own."""
        if len(self.entries) >= LIBRARY_ENTRIES:
            return True
        return len(self.entries) >= LISTENING_ENTRIES and bool(self.own_sites("listen"))

    def _is_production(self, path: str) -> bool:
        return self.program.roles.get(path, "production") == "production"

    @property
    def n(self) -> int:
        """How many entry points count."""
        return len(self.entries)

    @cached_property
    def paths(self) -> tuple[str, ...]:
        """The component's production files; with a Go command's, the packages that it imports."""
        program, found = self.program, []
        packages = self._packages() if self.runtime == "go" else frozenset()
        for path in sorted(program.files):
            if program.roles.get(path, "production") != "production":
                continue
            if path.endswith(".go") and packages:
                if package_of(path) in packages:
                    found.append(path)
                continue
            owner = program.component(path)
            if owner is not None and owner.name == self.component.name:
                found.append(path)
        return tuple(found)

    def _packages(self) -> frozenset[str]:
        """Folders of a Go command's main package and all that it imports; empty for a library."""
        if self.component.kind == "library" or not self.component.mains:
            return frozenset()
        graph = self.program.module_graph
        starts = {package_of(path) for path in self.component.mains}
        found, queue = set(starts), deque(sorted(starts))
        while queue:
            for target in graph.successors(here) if (here := queue.popleft()) in graph else ():
                if target not in found and ":" not in target:
                    found.add(target)
                    queue.append(target)
        return frozenset(found)

    @cached_property
    def path_set(self) -> frozenset[str]:
        """The same as a set."""
        return frozenset(self.paths)

    @cached_property
    def folders(self) -> frozenset[str]:
        """The folders of its files: Go's packages."""
        return frozenset(package_of(path) for path in self.paths)

    @cached_property
    def _depths(self) -> dict[FunctionId, int]:
        """Calls between a function and the nearest of the component's entry points."""
        graph = self.program.call_graph
        found = {entry.function: 0 for _, entry in self.entries}
        queue = deque(found)
        while queue:
            here = queue.popleft()
            for callee, data in graph.adj[here].items() if here in graph else ():
                if callee not in found and data["edge"].kind not in APART:
                    found[callee] = found[here] + 1
                    queue.append(callee)
        return found

    def sureness(self, site: Site) -> str:
        """The site's reliability; a long way from an entry point, or a set-up file, lowers it."""
        if _ONCE.search(site.function[0]) and site.reliability == "high":
            return "medium"
        depth = self._depths.get(site.function, 0)
        if depth >= FAR:
            return "low"
        return "medium" if depth >= DISTANT and site.reliability == "high" else site.reliability

    def reached_by(self, function: FunctionId) -> int:
        """The component's entry points (a mask) that reach a function."""
        return self.ground.masks.get(function, 0) & self.mask

    def sites(self, *kinds: str) -> list[Site]:
        """Sites of these kinds that the entry points reach, each as sure as the way to it."""
        return [
            site
            if site.reliability == (sure := self.sureness(site))
            else replace(site, reliability=sure)
            for kind in kinds
            for site in self.ground.sites_by_kind.get(kind, ())
            if self.reached_by(site.function)
        ]

    def stray_sites(self, *kinds: str) -> list[Site]:
        """Sites in its own files that nothing at all was seen to reach: a hole in what is known."""
        reach = self.program.reach
        return [s for s in self.own_sites(*kinds) if reach.context(s.function) is Context.UNKNOWN]

    def own_sites(self, *kinds: str) -> list[Site]:
        """Sites of these kinds in the component's own files, reached or not."""
        return [
            site
            for kind in kinds
            for site in self.ground.sites_by_kind.get(kind, ())
            if site.function[0] in self.path_set
        ]

    def union(self, sites: Iterable[Site]) -> int:
        """The entry points (a mask) that reach any of the sites."""
        mask = 0
        for site in sites:
            mask |= self.reached_by(site.function)
        return mask

    def findings(self, *rules: str) -> list[Finding]:
        """Findings of these rules in the component, or on the path of its entry points."""
        return [
            finding
            for rule in rules
            for finding in self.ground.findings_by_rule.get(rule, ())
            if finding.component == self.component.name or finding.location.path in self.path_set
        ]

    def meets(self, finding: Finding) -> bool:
        """Whether its own entry points lead to a finding, or nobody's are known to."""
        function = self.ground.function_at(finding.location.path, finding.location.line)
        anybody = self.ground.masks.get(function, 0) if function is not None else 0
        return not anybody or bool(anybody & self.mask)

    def finding_mask(self, finding: Finding) -> int:
        """The component's entry points that reach the function of a finding."""
        function = self.ground.function_at(finding.location.path, finding.location.line)
        return self.reached_by(function) if function is not None else 0


def package_of(path: str) -> str:
    """A Go file's package folder, as the module graph names it."""
    return path.rpartition("/")[0] or "."


_LIFECYCLE = ("process ", "after ")


def _is_lifecycle(entry: EntryPoint) -> bool:
    """Whether it only starts or ends the process (signals, one-shot timers): no work of its own."""
    return entry.kind is Context.BACKGROUND and entry.label.startswith(_LIFECYCLE)
