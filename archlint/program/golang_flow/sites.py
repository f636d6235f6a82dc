"""Where production Go code calls, spawns and loops; closures and what they are given to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from archlint.knowledge.golang.platforms import never_built
from archlint.model import ir
from archlint.model.facts import FunctionFacts
from archlint.program.golang.calls import Callee
from archlint.program.program import FunctionId, Program

Call = tuple[FunctionId, ir.Call]


class Sites:
    """Calls of the production code by the last part of the callee's name, and closures' uses.

    ``given`` maps a closure to the call that takes it as an argument or calls it on the spot, with
    ``spawn``, ``defer`` or ``call``; ``launched`` are the ``go`` and ``defer`` statements.
    """

    def __init__(self, program: Program) -> None:
        self._program = program
        self.given: dict[FunctionId, tuple[FunctionId, ir.Call, str]] = {}
        self.launched: list[tuple[FunctionId, ir.Spawn | ir.Defer]] = []
        self.functions: list[tuple[FunctionId, FunctionFacts]] = []
        self._named: dict[str, list[Call]] = {}
        self._inside: dict[FunctionId, list[FunctionId]] = {}
        self._own = {path for path in program.golang.files if is_production(program, path)}
        for path in sorted(self._own):
            self._add(path, program.files[path].functions)

    def _add(self, path: str, functions: tuple[FunctionFacts, ...]) -> None:
        for function in functions:
            if function.body is not None:
                self.functions.append(((path, function.index), function))
                if function.kind == "closure":
                    self._inside.setdefault((path, function.parent), []).append(
                        (path, function.index)
                    )
        for function in functions:
            if function.body is not None:
                self._uses((path, function.index))

    def _uses(self, ident: FunctionId) -> None:
        """Note what the function launches, and what it does with the closures in it."""
        path = ident[0]
        body = self._program.golang.body(ident)
        if ident in self._inside:
            for call in body.calls:
                if type(call.callee) is ir.FunctionRef:
                    self.given[path, call.callee.index] = (ident, call, "call")
                for arg in call.args:
                    if type(arg) is ir.FunctionRef:
                        self.given[path, arg.index] = (ident, call, "argument")
        for call, stmt in body.dropped:
            if isinstance(stmt, ir.ExprStmt):
                continue
            self.launched.append((ident, stmt))
            if isinstance(call.callee, ir.FunctionRef):
                how = "spawn" if isinstance(stmt, ir.Spawn) else "defer"
                self.given[path, call.callee.index] = (ident, call, how)

    def named(self, name: str) -> list[Call]:
        """Calls whose callee ends in a name, by path and function."""
        found = self._named.get(name)
        if found is None:
            places = self._program.golang.written.get(name, ())
            found = [
                ((place.unit.facts.path, place.holder), place.expr)
                for place in places
                if place.unit.facts.path in self._own and isinstance(place.expr, ir.Call)
            ]
            found.sort(key=lambda call: call[0])
            self._named[name] = found
        return found

    def calls(self, names: Iterable[str]) -> Iterator[tuple[FunctionId, ir.Call, Callee]]:
        """Calls whose callee ends in one of the names, with what it resolves to."""
        linker = self._program.golang
        for name in names:
            for ident, call in self.named(name):
                yield ident, call, linker.callee(ident, call)

    def spawns(self) -> Iterator[tuple[FunctionId, ir.Spawn]]:
        """Every ``go`` statement."""
        for ident, stmt in self.launched:
            if type(stmt) is ir.Spawn:
                yield ident, stmt

    def loops(self, ident: FunctionId) -> list[ir.Loop]:
        """The loops of a function, outer ones first."""
        return self._program.golang.body(ident).loops

    def loops_around(self, ident: FunctionId, at: int) -> list[ir.Loop]:
        """The loops whose body or condition holds a position, the innermost last."""
        return [
            loop
            for loop in self.loops(ident)
            if loop.at < at < loop.end
            and (loop.kind != "range" or at >= _first(loop))
            and not (loop.init is not None and loop.init.at <= at < _header_end(loop))
        ]

    def closures(self, ident: FunctionId) -> list[FunctionId]:
        """The closures inside a function, at any depth."""
        found: list[FunctionId] = []
        stack = [ident]
        while stack:
            inside = self._inside.get(stack.pop(), [])
            found += inside
            stack += inside
        return sorted(found)

    def outermost(self, ident: FunctionId) -> FunctionId:
        """The declared function around a closure."""
        functions = self._program.files[ident[0]].functions
        index = ident[1]
        while functions[index].parent > 0:
            index = functions[index].parent
        return ident[0], index


def _first(loop: ir.Loop) -> int:
    return loop.body[0].at if loop.body else loop.end


def _header_end(loop: ir.Loop) -> int:
    return loop.test.at if loop.test is not None else _first(loop)


def sites(program: Program) -> Sites:
    """The program's sites, collected once."""
    return program.once(Sites)


def is_production(program: Program, path: str) -> bool:
    """Whether a file is the repo's own hand-written, shipped code."""
    facts = program.files[path]
    return (
        program.roles.get(path, "production") == "production"
        and not facts.generated
        and not never_built(facts.constraint)
    )


def statements(body: Iterable[ir.Stmt]) -> Iterator[ir.Stmt]:
    """Every statement below and including ``body``, outer ones first, in source order."""
    stack: list[ir.Stmt] = list(body)
    stack.reverse()
    while stack:
        stmt = stack.pop()
        yield stmt
        kind = type(stmt)
        below: tuple[ir.Stmt, ...] = ()
        if kind is ir.If:
            assert isinstance(stmt, ir.If)
            below = ((stmt.init,) if stmt.init is not None else ()) + stmt.then + stmt.other
        elif kind is ir.Switch:
            assert isinstance(stmt, ir.Switch)
            below = (stmt.init,) if stmt.init is not None else ()
            for case in stmt.cases:
                below += ((case.comm,) if case.comm is not None else ()) + case.body
        elif kind is ir.Loop:
            assert isinstance(stmt, ir.Loop)
            ends = tuple(s for s in (stmt.init, stmt.update) if s is not None)
            below = ends + stmt.body
        elif kind is ir.Block or kind is ir.Labeled:
            below = stmt.body  # type: ignore[union-attr]
        stack.extend(reversed(below))
