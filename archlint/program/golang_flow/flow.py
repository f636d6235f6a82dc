"""Forward data flow over a function's structured statements: sets of facts, joined by union."""

from __future__ import annotations

from typing import Any, TypeAlias

import msgspec

from archlint.model import ir

State: TypeAlias = frozenset[Any]
"""What may hold at a point, as hashable facts; ``None`` stands for one that no path reaches."""

_ENDS = {"Exit", "FailNow", "Goexit", "SkipNow", "Fatal", "Fatalf", "Fatalln"}
_ENDS |= {"Panic", "Panicf", "Panicln", "Skip", "Skipf"}
_PASSES = (3, 3, 2, 2, 2)
"""Times a loop is followed, by its nesting; once where it is deeper, to bound the cost."""


class Analysis:
    """What happens to the facts; subclasses override the steps that matter to them."""

    def visit(self, node: Any, state: State) -> State:
        """An expression is evaluated or a simple statement runs."""
        return state

    def defer(self, node: ir.Defer, state: State) -> State:
        """A call is deferred."""
        return self.visit(node, state)

    def refine(self, test: ir.Expr, truth: bool, state: State) -> State:
        """The condition turned out so."""
        return state

    def repeat(self, loop: ir.Loop, state: State) -> State:
        """An iteration of a loop ends and another may follow."""
        return state

    def skip(self, loop: ir.Loop, state: State) -> State | None:
        """A loop is left, perhaps before its first iteration; None when it never is."""
        return state

    def leave(self, node: ir.Return | None, state: State) -> None:
        """The function returns here (None: at its end)."""


class _Frame(msgspec.Struct):
    """A statement that ``break`` (and, for loops, ``continue``) can name."""

    label: str
    loop: bool
    breaks: list[State] = msgspec.field(default_factory=list)
    continues: list[State] = msgspec.field(default_factory=list)


def ends_path(stmt: ir.ExprStmt) -> bool:
    """Whether control never comes back from a statement: panic, os.Exit, log.Fatal and kin."""
    call = stmt.value
    if type(call) is not ir.Call:
        return False
    callee = call.callee
    if type(callee) is ir.Name:
        return callee.id == "panic"
    return type(callee) is ir.Member and callee.name in _ENDS


def follow(body: tuple[ir.Stmt, ...], analysis: Analysis, start: State = frozenset()) -> None:
    """Run an analysis over a function's body."""
    runner = _Runner(analysis)
    state = runner.block(body, start)
    if state is not None:
        analysis.leave(None, state)


def _join(states: list[State | None]) -> State | None:
    reached = [state for state in states if state is not None]
    if not reached:
        return None
    return reached[0].union(*reached[1:]) if len(reached) > 1 else reached[0]


class _Runner:
    def __init__(self, analysis: Analysis) -> None:
        self.analysis = analysis
        self.frames: list[_Frame] = []
        self.gotos: dict[str, list[State]] = {}
        self.label = ""

    def block(self, stmts: tuple[ir.Stmt, ...], state: State | None) -> State | None:
        for stmt in stmts:
            handler = _HANDLERS.get(type(stmt))
            if type(stmt) is ir.Labeled:
                state = self.labeled(stmt, state)
            elif state is None:
                continue
            elif handler is not None:
                state = handler(self, stmt, state)
            else:
                state = self.analysis.visit(stmt, state)
        return state

    def labeled(self, stmt: ir.Labeled, state: State | None) -> State | None:
        state = _join([state, *self.gotos.pop(stmt.label, [])])
        if state is None:
            return None
        self.label = stmt.label
        return self.block(stmt.body, state)

    def _push(self, loop: bool) -> _Frame:
        frame = _Frame(self.label, loop)
        self.label = ""
        self.frames.append(frame)
        return frame

    def expr_stmt(self, stmt: ir.ExprStmt, state: State) -> State | None:
        state = self.analysis.visit(stmt, state)
        return None if ends_path(stmt) else state

    def return_(self, stmt: ir.Return, state: State) -> State | None:
        self.analysis.leave(stmt, self.analysis.visit(stmt, state))
        return None

    def jump(self, stmt: ir.Jump, state: State) -> State | None:
        if stmt.kind == "goto":
            self.gotos.setdefault(stmt.label, []).append(state)
            return None
        if stmt.kind == "fallthrough":
            return state
        for frame in reversed(self.frames):
            named = frame.label == stmt.label if stmt.label else True
            if named and (frame.loop or stmt.kind == "break"):
                (frame.breaks if stmt.kind == "break" else frame.continues).append(state)
                break
        return None

    def nested(self, stmt: ir.Block, state: State) -> State | None:
        return self.block(stmt.body, state)

    def defer(self, stmt: ir.Defer, state: State) -> State | None:
        return self.analysis.defer(stmt, state)

    def if_(self, stmt: ir.If, state: State) -> State | None:
        if stmt.init is not None:
            state = self.analysis.visit(stmt.init, state)
        state = self.analysis.visit(stmt.test, state)
        refine = self.analysis.refine
        then = self.block(stmt.then, refine(stmt.test, True, state))
        other = self.block(stmt.other, refine(stmt.test, False, state))
        return _join([then, other])

    def loop(self, stmt: ir.Loop, state: State) -> State | None:
        analysis = self.analysis
        if stmt.init is not None:
            state = analysis.visit(stmt.init, state)
        if stmt.subject is not None:
            state = analysis.visit(stmt.subject, state)
        frame = self._push(True)
        head = state
        depth = len(self.frames) - 1
        for _ in range(_PASSES[depth] if depth < len(_PASSES) else 1):
            back = self._iterate(stmt, head, frame)
            joined = _join([head, back])
            if joined is None or joined == head:
                break
            head = joined
        self.frames.pop()
        leaves: State | None = None
        if stmt.kind == "range":
            leaves = head
        elif stmt.test is not None:
            leaves = analysis.refine(stmt.test, False, analysis.visit(stmt.test, head))
        if leaves is not None:
            leaves = analysis.skip(stmt, leaves)
        return _join([leaves, *frame.breaks])

    def _iterate(self, stmt: ir.Loop, head: State, frame: _Frame) -> State | None:
        analysis = self.analysis
        state = head
        if stmt.test is not None:
            state = analysis.refine(stmt.test, True, analysis.visit(stmt.test, state))
        for target in stmt.targets:
            state = analysis.visit(target, state)
        frame.continues.clear()
        end = _join([self.block(stmt.body, state), *frame.continues])
        if end is None:
            return None
        if stmt.update is not None:
            end = analysis.visit(stmt.update, end)
        return analysis.repeat(stmt, end)

    def switch(self, stmt: ir.Switch, state: State) -> State | None:
        analysis = self.analysis
        if stmt.init is not None:
            state = analysis.visit(stmt.init, state)
        if stmt.subject is not None:
            state = analysis.visit(stmt.subject, state)
        bare = stmt.kind == "switch" and stmt.subject is None
        frame = self._push(False)
        ends: list[State | None] = []
        through: State | None = None
        rest = state
        for case in stmt.cases:
            taken = self._case(case, bare, rest)
            if bare and len(case.tests) == 1:
                rest = analysis.refine(case.tests[0], False, rest)
            end = self.block(case.body, _join([taken, through]))
            falls = bool(case.body) and _falls(case.body[-1])
            through = end if falls else None
            if not falls:
                ends.append(end)
        self.frames.pop()
        if stmt.kind != "select" and not any(_is_default(case) for case in stmt.cases):
            ends.append(rest)
        return _join([*ends, *frame.breaks])

    def _case(self, case: ir.Case, bare: bool, state: State) -> State:
        analysis = self.analysis
        if case.comm is not None:
            return analysis.visit(case.comm, state)
        for test in case.tests:
            state = analysis.visit(test, state)
        if bare and len(case.tests) == 1:
            state = analysis.refine(case.tests[0], True, state)
        return state


def _falls(stmt: ir.Stmt) -> bool:
    return type(stmt) is ir.Jump and stmt.kind == "fallthrough"


def _is_default(case: ir.Case) -> bool:
    return not case.tests and not case.types and case.comm is None


_HANDLERS: dict[type, Any] = {
    ir.ExprStmt: _Runner.expr_stmt,
    ir.Return: _Runner.return_,
    ir.Jump: _Runner.jump,
    ir.Block: _Runner.nested,
    ir.Defer: _Runner.defer,
    ir.If: _Runner.if_,
    ir.Loop: _Runner.loop,
    ir.Switch: _Runner.switch,
}
