"""Names in a function's body: which declaration a name at a position means, and all its calls.

Scopes are position-aware and flow-insensitive: a binding holds from ``start`` to ``end`` (byte
offsets), the innermost one wins.
"""

from __future__ import annotations

from typing import Any

import msgspec

from archlint.model import ir
from archlint.model.facts import FunctionFacts, TypeFacts
from archlint.model.walk import children

UNSET: Any = object()


class Binding(msgspec.Struct, gc=False, eq=False):
    """A local declaration, of the function with index ``holder``.

    ``kind``: param, variadic, typed (``node`` is an IR type), value (``node`` is the value
    expression, ``index`` its result of ``count``), range (``node`` the subject), case (``node`` the
    type switch's case, ``subject`` what it switches on), type (``index`` into the file's types).
    ``type`` is ``UNSET`` until it is asked.
    """

    name: str
    kind: str
    node: Any
    start: int
    end: int
    holder: int
    index: int = 0
    count: int = 1
    subject: ir.Expr | None = None
    type: Any = UNSET


class Body:
    """A function's bindings and what linking needs of its statements, in source order.

    ``dropped`` are calls whose results nobody takes: (call, ExprStmt, Defer or Spawn); ``drained``
    are values received from a channel and dropped; those that a ``select`` waits for and drops are
    ``awaited``; ``addressed`` are the names whose address is taken; ``casts`` are type assertions,
    outer ones first. ``ifs`` and ``loops`` are listed outer ones first; ``compared`` are offsets of
    assignments whose last variable the very next condition compares.
    """

    __slots__ = (
        "addressed",
        "assigns",
        "awaited",
        "bindings",
        "calls",
        "casts",
        "compared",
        "composites",
        "drained",
        "dropped",
        "ifs",
        "loops",
        "returns",
        "sends",
    )

    def __init__(self) -> None:
        self.bindings: dict[str, list[Binding]] = {}
        self.calls: list[ir.Call] = []
        self.composites: list[ir.Composite] = []
        self.dropped: list[tuple[ir.Call, ir.ExprStmt | ir.Defer | ir.Spawn]] = []
        self.drained: list[tuple[ir.Unary, ir.ExprStmt]] = []
        self.awaited: list[ir.Unary] = []
        self.assigns: list[ir.Assign] = []
        self.returns: list[ir.Return] = []
        self.sends: list[ir.Send] = []
        self.addressed: set[str] = set()
        self.casts: list[ir.Cast] = []
        self.compared: set[int] = set()
        self.ifs: list[ir.If] = []
        self.loops: list[ir.Loop] = []

    def find(self, name: str, at: int) -> Binding | None:
        """The innermost binding of ``name`` that holds at ``at``."""
        found = self.bindings.get(name)
        if found is not None:
            for binding in reversed(found):
                if binding.start <= at < binding.end:
                    return binding
        return None


def build_body(function: FunctionFacts, types: tuple[TypeFacts, ...]) -> Body:
    """Collect the bindings, calls and assignments of a function (closures inside apart)."""
    builder = _Builder(types, function.index)
    at, end = function.at, max(function.end, function.at) + 1
    declared: set[str] = set()
    for index, param in enumerate(function.params):
        if type(param.name) is ir.Name:
            kind = "variadic" if param.rest else "param"
            builder.bind(param.name.id, kind, param.type, at, end, index)
            declared.add(param.name.id)
    receiver = (function.receiver,) if function.receiver is not None else ()
    for field in (*receiver, *function.results):
        builder.bind(field.name, "typed", field.type, at, end)
        declared.add(field.name)
    builder.block(function.body or (), end, declared)
    return builder.body


class _Builder:
    def __init__(self, types: tuple[TypeFacts, ...], holder: int) -> None:
        self.body = Body()
        self.types = types
        self.holder = holder

    def bind(  # noqa: PLR0913, PLR0917
        self, name: str, kind: str, node: Any, start: int, end: int, index: int = 0
    ) -> Binding:
        """Declare a name; ``_`` and no name declare nothing."""
        binding = Binding(name, kind, node, start, end, self.holder, index)
        if name and name != "_":
            bindings = self.body.bindings
            known = bindings.get(name)
            if known is None:
                bindings[name] = [binding]
            else:
                known.append(binding)
        return binding

    def block(self, stmts: tuple[ir.Stmt, ...], end: int, declared: set[str] | None = None) -> None:
        """Statements of one block that ends before ``end``."""
        names = set() if declared is None else declared
        last = len(stmts) - 1
        for i, stmt in enumerate(stmts):
            kind = type(stmt)
            handler = _STMTS.get(kind)
            if handler is not None:
                if kind is ir.If and i and type(stmts[i - 1]) is ir.Assign:
                    self.compares(stmts[i - 1], stmt)
                handler(self, stmt, end, stmts[i + 1].at if i < last else end, names)

    def expr(self, node: Any) -> None:
        """Record the calls and composite literals below an expression."""
        body = self.body
        stack = [node]
        pop, push = stack.pop, stack.append
        while stack:
            node = pop()
            kind = type(node)
            if kind is ir.Call:
                body.calls.append(node)
                callee = node.callee
                if type(callee) is ir.Member:
                    callee = callee.object
                if type(callee) is not ir.Name:
                    push(callee)
                for arg in node.args:
                    if type(arg) not in _LEAVES:
                        push(arg)
            elif kind is ir.Member:
                if type(node.object) is not ir.Name:
                    push(node.object)
            elif kind in _LEAVES:
                continue
            elif kind is ir.Binary:
                push(node.left)
                push(node.right)
            elif kind is ir.Unary:
                push(node.value)
                if node.op == "&" and type(node.value) is ir.Name:
                    body.addressed.add(node.value.id)
            elif kind is ir.Composite:
                body.composites.append(node)
                entries = node.entries
                stack.extend([entry.value for entry in entries])
                stack.extend([entry.computed for entry in entries if entry.computed is not None])
            elif kind is ir.Cast:
                body.casts.append(node)
                push(node.value)
            else:
                stack.extend(children(node))

    def assign(self, stmt: ir.Assign, end: int, _following: int, names: set[str]) -> None:
        values, op = stmt.values, stmt.op
        for value in values:
            if type(value) not in _LEAVES:
                self.expr(value)
        self.body.assigns.append(stmt)
        targets = stmt.targets
        if op not in _DECLARING:
            for target in targets:
                if type(target) not in _LEAVES:
                    self.expr(target)
            return
        single = len(values) == 1 and len(targets) > 1
        for i, target in enumerate(targets):
            if type(target) is not ir.Name or (op == ":=" and target.id in names):
                continue
            name = target.id
            names.add(name)
            if stmt.type is not None:
                self.bind(name, "typed", stmt.type, stmt.end, end)
            elif single:
                self.bind(name, "value", values[0], stmt.end, end, i).count = len(targets)
            else:
                self.bind(name, "value", values[i] if i < len(values) else None, stmt.end, end)

    def if_(self, stmt: ir.If, _end: int, _following: int, _names: set[str]) -> None:
        end, other = stmt.end, stmt.other
        self.body.ifs.append(stmt)
        if stmt.init is not None:
            self.block((stmt.init,), end)
            self.compares(stmt.init, stmt)
        self.expr(stmt.test)
        self.block(stmt.then, other[0].at if other else end)
        if other:
            self.block(other, end)

    def compares(self, before: Any, stmt: Any) -> None:
        """Note when a condition first looks at what the statement before it assigned."""
        test = stmt.test
        while type(test) is ir.Binary and test.op in {"&&", "||"}:
            test = test.left
        if type(test) is not ir.Binary or (stmt.init is not None and stmt.init is not before):
            return
        last = before.targets[-1] if type(before) is ir.Assign and before.targets else None
        if type(last) is ir.Name and type(test.left) is ir.Name and test.left.id == last.id:
            self.body.compared.add(before.at)

    def loop(self, stmt: ir.Loop, _end: int, _following: int, _names: set[str]) -> None:
        self.body.loops.append(stmt)
        if stmt.init is not None:
            self.block((stmt.init,), stmt.end)
        for part in (stmt.test, stmt.subject):
            if part is not None:
                self.expr(part)
        if stmt.update is not None:
            self.block((stmt.update,), stmt.end)
        start = stmt.body[0].at if stmt.body else stmt.end
        for i, target in enumerate(stmt.targets):
            if stmt.op == ":=" and type(target) is ir.Name:
                self.bind(target.id, "range", stmt.subject, start, stmt.end, i)
            else:
                self.expr(target)
        self.block(stmt.body, stmt.end)

    def switch(self, stmt: ir.Switch, _end: int, _following: int, _names: set[str]) -> None:
        if stmt.init is not None:
            self.block((stmt.init,), stmt.end)
        if stmt.subject is not None:
            self.expr(stmt.subject)
        for i, case in enumerate(stmt.cases):
            end = stmt.cases[i + 1].at if i + 1 < len(stmt.cases) else stmt.end
            for test in case.tests:
                self.expr(test)
            if type(case.comm) is ir.ExprStmt:
                self.expr(case.comm.value)
                if type(case.comm.value) is ir.Unary and case.comm.value.op == "<-":
                    self.body.awaited.append(case.comm.value)
            elif case.comm is not None:
                self.block((case.comm,), end)
            if stmt.bind:
                self.bind(stmt.bind, "case", case, case.at, end).subject = stmt.subject
            self.block(case.body, end)

    def expr_stmt(self, stmt: ir.ExprStmt, _end: int, _following: int, _names: set[str]) -> None:
        value = stmt.value
        if type(value) is ir.Call:
            self.body.dropped.append((value, stmt))
        elif type(value) is ir.Unary and value.op == "<-":
            self.body.drained.append((value, stmt))
        self.expr(value)

    def launched(
        self, stmt: ir.Defer | ir.Spawn, _end: int, _following: int, _names: set[str]
    ) -> None:
        if type(stmt.call) is ir.Call:
            self.body.dropped.append((stmt.call, stmt))
        self.expr(stmt.call)

    def return_(self, stmt: ir.Return, _end: int, _following: int, _names: set[str]) -> None:
        self.body.returns.append(stmt)
        for value in stmt.values:
            if type(value) not in _LEAVES:
                self.expr(value)

    def labeled(self, stmt: ir.Labeled, end: int, _following: int, names: set[str]) -> None:
        self.block(stmt.body, end, names)

    def nested(self, stmt: ir.Block, _end: int, following: int, _names: set[str]) -> None:
        self.block(stmt.body, following)

    def send(self, stmt: ir.Send, _end: int, _following: int, _names: set[str]) -> None:
        self.body.sends.append(stmt)
        self.expr(stmt.channel)
        self.expr(stmt.value)

    def type_decl(self, stmt: ir.TypeDecl, end: int, _following: int, _names: set[str]) -> None:
        if stmt.index < len(self.types):
            name = self.types[stmt.index].name
            self.bind(name, "type", None, stmt.at, end, stmt.index)


_DECLARING = {":=", "var", "const"}
_LEAVES = {ir.Name, ir.Literal, ir.FunctionRef, ir.TypeExpr}
_STMTS: dict[type, Any] = {
    ir.Assign: _Builder.assign,
    ir.If: _Builder.if_,
    ir.Loop: _Builder.loop,
    ir.Switch: _Builder.switch,
    ir.ExprStmt: _Builder.expr_stmt,
    ir.Defer: _Builder.launched,
    ir.Spawn: _Builder.launched,
    ir.Return: _Builder.return_,
    ir.Block: _Builder.nested,
    ir.Labeled: _Builder.labeled,
    ir.Send: _Builder.send,
    ir.TypeDecl: _Builder.type_decl,
}
