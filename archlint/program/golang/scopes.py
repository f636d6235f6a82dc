"""Names in a function's body: which declaration a name at a position means, and all its calls.

Scopes are position-aware and flow-insensitive: a binding holds from ``start`` to ``end`` (byte
offsets), the innermost one wins.
"""

from __future__ import annotations

from typing import Any

from archlint.model import ir
from archlint.model.facts import FunctionFacts, TypeFacts
from archlint.model.walk import children
from archlint.program.golang.types import Type

UNSET: Any = object()


class Binding:
    """A local declaration.

    ``kind``: param, variadic, typed (``node`` is an IR type), value (``node`` is the value
    expression, ``index`` its result of ``count``), range (``node`` the subject), case (``node`` the
    type switch's case, ``subject`` what it switches on), type (``index`` into the file's types).
    """

    __slots__ = ("count", "end", "index", "kind", "name", "node", "start", "subject", "type")

    def __init__(
        self, name: str, kind: str, node: Any, span: tuple[int, int], index: int = 0
    ) -> None:
        self.name = name
        self.kind = kind
        self.node = node
        self.start, self.end = span
        self.index = index
        self.count = 1
        self.subject: ir.Expr | None = None
        self.type: Type | None = UNSET


class Body:
    """A function's bindings and what linking needs of its statements, in source order.

    ``dropped`` are calls whose results nobody takes: (call, ExprStmt, Defer or Spawn); ``drained``
    are values received from a channel and dropped (not those of a ``select``); ``addressed`` are
    the names whose address is taken; ``casts`` counts type assertions and conversions by syntax.
    """

    __slots__ = (
        "addressed",
        "assigns",
        "bindings",
        "calls",
        "casts",
        "composites",
        "drained",
        "dropped",
        "returns",
        "sends",
    )

    def __init__(self) -> None:
        self.bindings: dict[str, list[Binding]] = {}
        self.calls: list[ir.Call] = []
        self.composites: list[ir.Composite] = []
        self.dropped: list[tuple[ir.Call, ir.ExprStmt | ir.Defer | ir.Spawn]] = []
        self.drained: list[tuple[ir.Unary, ir.ExprStmt]] = []
        self.assigns: list[ir.Assign] = []
        self.returns: list[ir.Return] = []
        self.sends: list[ir.Send] = []
        self.addressed: set[str] = set()
        self.casts = 0

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
    builder = _Builder(types)
    end = max(function.end, function.at) + 1
    declared: set[str] = set()
    for index, param in enumerate(function.params):
        if isinstance(param.name, ir.Name):
            kind = "variadic" if param.rest else "param"
            builder.bind(Binding(param.name.id, kind, param.type, (function.at, end), index))
            declared.add(param.name.id)
    receiver = (function.receiver,) if function.receiver is not None else ()
    for field in (*receiver, *function.results):
        builder.bind(Binding(field.name, "typed", field.type, (function.at, end)))
        declared.add(field.name)
    builder.block(function.body or (), end, declared)
    return builder.body


class _Builder:
    def __init__(self, types: tuple[TypeFacts, ...]) -> None:
        self.body = Body()
        self.types = types

    def bind(self, binding: Binding) -> None:
        if binding.name and binding.name != "_":
            self.body.bindings.setdefault(binding.name, []).append(binding)

    def block(self, stmts: tuple[ir.Stmt, ...], end: int, declared: set[str] | None = None) -> None:
        """Statements of one block that ends before ``end``."""
        names = set() if declared is None else declared
        last = len(stmts) - 1
        for i, stmt in enumerate(stmts):
            following = stmts[i + 1].at if i < last else end
            handler = _STMTS.get(type(stmt))
            if handler is not None:
                handler(self, stmt, (end, following), names)

    def expr(self, node: Any) -> None:
        """Record the calls and composite literals below an expression."""
        if node is None or type(node) in _LEAVES:
            return
        stack = [node]
        push, extend = stack.append, stack.extend
        calls, composites = self.body.calls, self.body.composites
        while stack:
            node = stack.pop()
            kind = type(node)
            if kind in _LEAVES:
                continue
            if kind is ir.Call:
                calls.append(node)
                push(node.callee)
                extend(node.args)
            elif kind is ir.Member:
                push(node.object)
            elif kind is ir.Binary:
                push(node.left)
                push(node.right)
            elif kind is ir.Unary:
                push(node.value)
                if node.op == "&" and type(node.value) is ir.Name:
                    self.body.addressed.add(node.value.id)
            elif kind is ir.Composite:
                composites.append(node)
                extend([entry.value for entry in node.entries])
                extend([entry.computed for entry in node.entries if entry.computed is not None])
            else:
                self.body.casts += kind is ir.Cast
                extend(children(node))

    def assign(self, stmt: ir.Assign, span: tuple[int, int], names: set[str]) -> None:
        for value in stmt.values:
            self.expr(value)
        op = stmt.op
        self.body.assigns.append(stmt)
        if op not in _DECLARING:
            for target in stmt.targets:
                self.expr(target)
            return
        single = len(stmt.values) == 1 and len(stmt.targets) > 1
        for i, target in enumerate(stmt.targets):
            if type(target) is not ir.Name or (op == ":=" and target.id in names):
                continue
            names.add(target.id)
            start = (stmt.end, span[0])
            if stmt.type is not None:
                binding = Binding(target.id, "typed", stmt.type, start)
            else:
                position = 0 if single else i
                node = stmt.values[position] if position < len(stmt.values) else None
                binding = Binding(target.id, "value", node, start, i if single else 0)
                binding.count = len(stmt.targets) if single else 1
            self.bind(binding)

    def if_(self, stmt: ir.If, span: tuple[int, int], names: set[str]) -> None:
        if stmt.init is not None:
            self.block((stmt.init,), stmt.end)
        self.expr(stmt.test)
        self.block(stmt.then, stmt.other[0].at if stmt.other else stmt.end)
        self.block(stmt.other, stmt.end)

    def loop(self, stmt: ir.Loop, span: tuple[int, int], names: set[str]) -> None:
        if stmt.init is not None:
            self.block((stmt.init,), stmt.end)
        self.expr(stmt.test)
        self.expr(stmt.subject)
        if stmt.update is not None:
            self.block((stmt.update,), stmt.end)
        start = stmt.body[0].at if stmt.body else stmt.end
        for i, target in enumerate(stmt.targets):
            if stmt.op == ":=" and type(target) is ir.Name:
                self.bind(Binding(target.id, "range", stmt.subject, (start, stmt.end), i))
            else:
                self.expr(target)
        self.block(stmt.body, stmt.end)

    def switch(self, stmt: ir.Switch, span: tuple[int, int], names: set[str]) -> None:
        if stmt.init is not None:
            self.block((stmt.init,), stmt.end)
        self.expr(stmt.subject)
        for i, case in enumerate(stmt.cases):
            end = stmt.cases[i + 1].at if i + 1 < len(stmt.cases) else stmt.end
            for test in case.tests:
                self.expr(test)
            if isinstance(case.comm, ir.ExprStmt):
                self.expr(case.comm.value)
            elif case.comm is not None:
                self.block((case.comm,), end)
            if stmt.bind:
                binding = Binding(stmt.bind, "case", case, (case.at, end))
                binding.subject = stmt.subject
                self.bind(binding)
            self.block(case.body, end)

    def expr_stmt(self, stmt: ir.ExprStmt, span: tuple[int, int], names: set[str]) -> None:
        if type(stmt.value) is ir.Call:
            self.body.dropped.append((stmt.value, stmt))
        elif type(stmt.value) is ir.Unary and stmt.value.op == "<-":
            self.body.drained.append((stmt.value, stmt))
        self.expr(stmt.value)

    def launched(self, stmt: ir.Defer | ir.Spawn, span: tuple[int, int], names: set[str]) -> None:
        if type(stmt.call) is ir.Call:
            self.body.dropped.append((stmt.call, stmt))
        self.expr(stmt.call)

    def return_(self, stmt: ir.Return, span: tuple[int, int], names: set[str]) -> None:
        self.body.returns.append(stmt)
        for value in stmt.values:
            self.expr(value)

    def nested(self, stmt: ir.Block | ir.Labeled, span: tuple[int, int], names: set[str]) -> None:
        if isinstance(stmt, ir.Labeled):
            self.block(stmt.body, span[0], names)
        else:
            self.block(stmt.body, span[1])

    def send(self, stmt: ir.Send, span: tuple[int, int], names: set[str]) -> None:
        self.body.sends.append(stmt)
        self.expr(stmt.channel)
        self.expr(stmt.value)

    def type_decl(self, stmt: ir.TypeDecl, span: tuple[int, int], names: set[str]) -> None:
        if stmt.index < len(self.types):
            name = self.types[stmt.index].name
            self.bind(Binding(name, "type", None, (stmt.at, span[0]), stmt.index))


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
    ir.Labeled: _Builder.nested,
    ir.Send: _Builder.send,
    ir.TypeDecl: _Builder.type_decl,
}
