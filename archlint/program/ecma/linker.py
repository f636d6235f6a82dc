"""The linker for JavaScript and TypeScript: resolution for rules, and the linked result."""

from __future__ import annotations

import msgspec

from archlint.knowledge.frameworks import Framework, frameworks
from archlint.model import ir
from archlint.model.facts import FileFacts
from archlint.model.workspace import Workspace
from archlint.program.ecma.aliases import bundler_aliases
from archlint.program.ecma.calls import Reached
from archlint.program.ecma.canonical import Canonical
from archlint.program.ecma.evaluate import Evaluator
from archlint.program.ecma.frontends import front_files
from archlint.program.ecma.index import FunctionIndex
from archlint.program.ecma.link import Link
from archlint.program.ecma.records import Binding
from archlint.program.ecma.resolver import ModuleResolver
from archlint.program.ecma.values import FunctionValue, Values
from archlint.program.ecma_declared import Declarations
from archlint.program.program import FunctionId, Linked

_UNLINKED = frozenset({"test", "vendored", "generated", "declaration"})


class Resolution(msgspec.Struct, frozen=True):
    """What a call reaches: functions of the repo, the outside world's canonical name, or both."""

    targets: tuple[FunctionId, ...] = ()
    external: str = ""
    note: str = ""
    externals: tuple[str, ...] = ()
    """All canonical names when the callee may be several things; ``external`` is the first."""


_UNRESOLVED = Resolution()


class EcmaLinker:
    """Resolves names, values, calls and types of JavaScript and TypeScript files on demand."""

    def __init__(
        self,
        workspace: Workspace,
        files: dict[str, FileFacts],
        tables: tuple[Framework, ...] = (),
        *,
        installed: bool = True,
    ) -> None:
        """``tables`` are the user's; ``installed`` lets ``node_modules`` be read."""
        self.workspace = workspace
        self.facts = files
        self.resolver = ModuleResolver(workspace, set(files))
        self.tables = (*frameworks("node"), *tables)
        self.evaluator = Evaluator(files, self.resolver, Canonical(self.tables))
        self.resolver.aliases = bundler_aliases(workspace, files)
        roles = {file.path: file.role for file in workspace.files}
        skipped = front_files(workspace, self.tables, files, self.resolver)
        self.paths = [
            path
            for path in sorted(files)
            if roles.get(path, "production") not in _UNLINKED and path not in skipped
        ]
        """The files that ``link`` looks at as a whole; the others are resolved when asked about."""
        self.resolved: list[tuple[FunctionIndex, ir.Call, Reached, list[FunctionId]]] = []
        """The linked calls of which something is known, in order; filled by ``link``."""
        roots = {package.root for package in workspace.packages} if installed else set()
        self.declared = Declarations(workspace.root, roots)
        """What the declarations of installed packages say of outside calls."""
        self._linked: Linked | None = None
        self._resolutions: dict[int, Resolution] = {}

    def link(self) -> Linked:
        """Edges, entry points and counts of the whole program; computed once."""
        if self._linked is None:
            self._linked = Link(self).run()
        return self._linked

    # -------------------------------------------------------------- for rules

    def calls(self, ident: FunctionId) -> list[ir.Call]:
        """Every call that stands in a function's own body, defaults included, in source order."""
        fn = self.evaluator.function(ident)
        return fn.calls if fn is not None else []

    def resolve_call(self, ident: FunctionId, call: ir.Call) -> Resolution:
        """Whom a call in function ``ident`` reaches; empty when nothing is known."""
        known = self._resolutions.get(id(call))
        if known is not None:
            return known
        fn = self.evaluator.function(ident)
        if fn is None:
            return _UNRESOLVED
        found = self.evaluator.calls.reached(fn, call)
        names = tuple(value.name for value in found.externals)
        result = Resolution(found.functions, names[0] if names else "", found.note, names)
        if self._linked is not None:
            self._resolutions[id(call)] = result
        return result

    def value_of(self, ident: FunctionId, expr: ir.Expr | None) -> Values:
        """What an expression in function ``ident`` may evaluate to (see ``values``)."""
        fn = self.evaluator.function(ident)
        return self.evaluator.values(fn, expr) if fn is not None else ()

    def binding(self, ident: FunctionId, name: ir.Name) -> Binding | None:
        """The declaration that a name in a function means; None for globals."""
        fn = self.evaluator.function(ident)
        return self.evaluator.binding(fn, name) if fn is not None else None

    def returns(self, ident: FunctionId) -> Values:
        """What a function of the repo returns; a ``PromiseValue`` when it is async."""
        return self.evaluator.results.returns(FunctionValue(*ident))

    def type_of(self, ident: FunctionId, kind: ir.Type | None) -> Values:
        """What something of type ``kind``, written in function ``ident``'s scope, may be."""
        fn = self.evaluator.function(ident)
        return self.evaluator.types.values(fn, kind) if fn is not None else ()

    def parameter(self, ident: FunctionId, position: int) -> Values:
        """What a function's parameter may hold."""
        fn = self.evaluator.function(ident)
        if fn is None or not 0 <= position < len(fn.facts.params):
            return ()
        return self.evaluator.parameters.whole(fn, position)

    def text(self, ident: FunctionId, expr: ir.Expr | None) -> str:
        """The string an expression spells, with ``*`` for what is unknown."""
        fn = self.evaluator.function(ident)
        return self.evaluator.text(fn, expr) if fn is not None else "*"

    def resolve_module(self, path: str, specifier: str) -> str:
        """What a specifier means in a file: a path, ``npm:x``, ``node:x``, or "" when missing."""
        return self.resolver.resolve(path, specifier)
