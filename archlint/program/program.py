"""The whole program: every file's facts, linked; what the rules read."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec

from archlint.model.facts import FileFacts, FunctionFacts
from archlint.model.finding import Context, Coverage, Depth, EntryPoint
from archlint.model.workspace import Component, Workspace
from archlint.program.digraph import Digraph
from archlint.program.reach import Reach

if TYPE_CHECKING:
    from archlint.config import Config
    from archlint.program.ecma import EcmaLinker
    from archlint.program.golang import GoLinker
    from archlint.program.linkers import Linkers
    from archlint.program.ownership import Ownership

DEPTHS: tuple[Depth, ...] = ("manifests", "modules", "calls")
"""From the least to the most."""

FunctionId = tuple[str, int]
"""A function: its file's path and its index in ``FileFacts.functions``."""


T = TypeVar("T")


class NotLinkedError(RuntimeError):
    """A rule asked for more than it said it needs."""


class CallEdge(msgspec.Struct, frozen=True, gc=False):
    """An edge of the call graph: the first site at which ``caller`` calls ``callee``.

    ``kind``: call, construct, callback (a function value handed to code outside the repo, which
    calls it), event (through an emitter), spawn (``go f()``), once (given to a ``sync.Once`` of the
    package) or process (runs in a worker, fork or other process). The last two are not followed:
    what they lead to has entry points of its own. ``note`` says what the resolution assumed
    ("interface with 3 implementations"), "" for nothing.
    """

    caller: FunctionId
    callee: FunctionId
    at: int
    kind: str = "call"
    note: str = ""


class ModuleEdge(msgspec.Struct, frozen=True, gc=False):
    """An import from ``source`` (a file; in Go a package folder) to ``target``.

    ``target`` is a path in the repo, or an external module (``npm:express``, ``node:fs``,
    ``go:net/http``), or "" when it could not be resolved (then ``specifier`` says what was asked).
    ``lazy`` marks imports inside functions, ``type_only`` those that vanish at run time.
    """

    source: str
    target: str
    specifier: str
    at: int
    kind: str = "import"
    type_only: bool = False
    lazy: bool = False
    guarded: bool = False
    path: str = ""


class Linked(msgspec.Struct):
    """What one language's linker contributes to the program."""

    edges: list[CallEdge] = msgspec.field(default_factory=list)
    modules: list[ModuleEdge] = msgspec.field(default_factory=list)
    entry_points: list[EntryPoint] = msgspec.field(default_factory=list)
    calls: int = 0
    calls_resolved: int = 0
    calls_external: int = 0


class Program(msgspec.Struct, dict=True):
    """All files, linked. ``ecma`` and ``golang`` answer a language's own questions on demand.

    ``linkers`` are there when calls are linked; without them there are no entry points, and what
    is asked about calls raises NotLinkedError. At depth ``manifests`` no file is read: ``files``
    and the module graph are empty.
    """

    workspace: Workspace
    config: Config
    files: dict[str, FileFacts]
    roles: dict[str, str]
    linkers: Linkers | None
    linked: tuple[Linked, ...]
    entry_points: tuple[EntryPoint, ...]
    coverage: Coverage
    depth: Depth = "calls"
    memo: dict[Any, Any] = msgspec.field(default_factory=dict)
    """Scratch space for results that several rules share, keyed by module name; see ``once``."""

    def once(self, make: Callable[[Program], T]) -> T:
        """What ``make`` (a function of a module, or a class) says of the program, asked once."""
        try:
            found: T = self.memo[make]
        except KeyError:
            found = self.memo[make] = make(self)
        return found

    @cached_property
    def ecma(self) -> EcmaLinker:
        """The linker for JavaScript and TypeScript."""
        return self._linkers.ecma

    @cached_property
    def golang(self) -> GoLinker:
        """The linker for Go."""
        return self._linkers.golang

    @property
    def _linkers(self) -> Linkers:
        if self.linkers is None:
            raise NotLinkedError(f"calls are not linked at depth {self.depth!r}")
        return self.linkers

    def function(self, ident: FunctionId) -> FunctionFacts:
        """The facts of a function."""
        return self.files[ident[0]].functions[ident[1]]

    @cached_property
    def call_graph(self) -> Digraph[FunctionId]:
        """Functions as nodes; an edge carries its first ``CallEdge`` as ``edge``."""
        if self.depth != "calls":
            raise NotLinkedError(f"there is no call graph at depth {self.depth!r}")
        graph: Digraph[FunctionId] = Digraph()
        for linked in self.linked:
            for edge in linked.edges:
                graph.add_first(edge.caller, edge.callee, {"edge": edge})
        return graph

    @cached_property
    def module_graph(self) -> Digraph[str]:
        """Files, Go package folders and external modules, with ``edges``: list[ModuleEdge]."""
        graph: Digraph[str] = Digraph()
        for linked in self.linked:
            for edge in linked.modules:
                if not edge.target:
                    continue
                known = graph.adj.get(edge.source, {}).get(edge.target)
                if known is not None:
                    known["edges"].append(edge)
                else:
                    graph.add_first(edge.source, edge.target, {"edges": [edge]})
        return graph

    @cached_property
    def reach(self) -> Reach:
        """Which entry points reach which function, and by which calls."""
        return Reach(self)

    def context(self, ident: FunctionId) -> Context:
        """The weightiest context that reaches the function."""
        return self.reach.context(ident)

    @cached_property
    def _ownership(self) -> Ownership:
        from archlint.program.ownership import Ownership

        modules = (edge for linked in self.linked for edge in linked.modules)
        return Ownership(self.workspace.components, modules)

    def component(self, path: str) -> Component | None:
        """The component that owns a file; a shared Go package belongs to a command importing it."""
        return self._ownership.of(path)

    def forget_ownership(self) -> None:
        """Ask anew which component owns what: the components are described now."""
        self.__dict__.pop("_ownership", None)
