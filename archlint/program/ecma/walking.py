"""One pass over a function's statements: what it declares, assigns, calls and returns."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from archlint.model import ir
from archlint.model.walk import children
from archlint.program.ecma.noted import NOTES
from archlint.program.ecma.records import END, Binding, Bound, MemberAssign, Source, Step

if TYPE_CHECKING:
    from archlint.program.ecma.index import FileIndex, FunctionIndex

_MERGING = frozenset({"assign", "merge", "extend", "defaults", "defaultsDeep", "defineProperty"})
_BINDS = frozenset({"bind", "rebind"})
_BINDERS_OF_ONE = frozenset({"to", "toConstantValue", "toDynamicValue"})
_BINDERS = _BINDERS_OF_ONE | {
    "decorate",
    "register",
    "registerSingleton",
    "registerInstance",
    "set",
}
_REGISTERING = frozenset({"asClass", "asFunction", "asValue"})
_SKIP = (ir.Name, ir.Literal, ir.TypeExpr)
_GROWERS = frozenset({"push", "unshift", "add", "set", "splice", "enqueue", "addFirst"})


class FunctionWalk:
    """Walks one function's body; blocks are spans of bytes."""

    def __init__(self, file: FileIndex, function: FunctionIndex) -> None:
        self.file = file
        self.function = function
        self.span = (0, END)

    def run(self) -> None:
        """Parameters first, then the body."""
        facts = self.function.facts
        for position, param in enumerate(facts.params):
            self._param(position, param)
        body = facts.body
        if body:
            self._statements(body)
        self.function.calls.sort(key=lambda call: (call.at, call.paren))

    def _param(self, position: int, param: Any) -> None:
        step: tuple[Step, ...] = (("rest", position),) if param.rest else ()
        source = Source(self.function.index, None, step, param.default)
        names: list[Binding] = []
        self._pattern(param.name, source, "param", names)
        for binding in names:
            binding.parameter = position
            if binding.name and type(param.name) is ir.Name:
                binding.type = param.type
        if param.default is not None:
            self.expressions([param.default])
        self.expressions([d.value for d in param.decorators])

    # ------------------------------------------------------------- statements

    def _statements(self, body: tuple[ir.Stmt, ...]) -> None:
        """Statements in order with an explicit stack of (statements, next, span)."""
        stack: list[tuple[tuple[Any, ...], int, tuple[int, int]]] = [(body, 0, (0, END))]
        while stack:
            stmts, position, span = stack.pop()
            while position < len(stmts):
                stmt = stmts[position]
                position += 1
                self.span = span
                nested = self._statement(stmt)
                if nested:
                    stop = stmts[position].at if position < len(stmts) else span[1]
                    stack.append((stmts, position, span))
                    start = stmt.at
                    stack.extend((part, 0, (start, stop)) for part in reversed(nested) if part)
                    break

    def _statement(self, stmt: Any) -> list[tuple[Any, ...]] | None:
        """Index one statement; returns the nested statement lists still to do."""
        kind = type(stmt)
        note = NOTES.get(kind)
        if note is not None:
            note(self.file.noted, self.function.index, stmt)
        if kind is ir.ExprStmt:
            self.expressions([stmt.value])
        elif kind is ir.Assign:
            self._assign(stmt)
        elif kind is ir.Return:
            self.function.returns.extend(stmt.values)
            self.expressions(stmt.values)
        elif kind is ir.Declare:
            self._declare(stmt)
        elif kind is ir.Throw:
            self.expressions([stmt.value])
        else:
            return self._compound(kind, stmt)
        return None

    def _compound(self, kind: type, stmt: Any) -> list[tuple[Any, ...]] | None:
        if kind is ir.If:
            self.expressions([stmt.test])
            return [stmt.then, stmt.other]
        if kind is ir.Try:
            if stmt.param is not None:
                outer = self.span
                self.span = (stmt.handler_at or stmt.at, stmt.end)
                self._pattern(stmt.param, Source(self.function.index, None), "catch", [])
                self.span = outer
            return [stmt.body, stmt.handler or (), stmt.finalizer]
        if kind is ir.Loop:
            return self._loop(stmt)
        if kind is ir.Switch:
            if stmt.subject is not None:
                self.expressions([stmt.subject])
            for case in stmt.cases:
                self.expressions(case.tests)
            return [case.body for case in stmt.cases]
        if kind in (ir.Block, ir.Labeled):
            return [stmt.body]
        self.expressions(children(stmt))
        return None

    def _loop(self, stmt: ir.Loop) -> list[tuple[Any, ...]]:
        outer = self.span
        self.span = (stmt.at, stmt.end)
        inner = (self._statement(stmt.init) if stmt.init is not None else None) or []
        if stmt.targets and stmt.subject is not None:
            steps: tuple[Step, ...] = (("each", None),) if stmt.kind != "in" else (("key", None),)
            source = Source(self.function.index, stmt.subject, steps)
            if stmt.op in {"var", "let", "const", "using", "await using"}:
                self._pattern(stmt.targets[0], source, stmt.op, [])
            else:
                self._target(stmt.targets[0], source)
        self.expressions([e for e in (stmt.test, stmt.update, stmt.subject) if e is not None])
        self.span = outer
        return [*inner, stmt.body]

    def _declare(self, stmt: ir.Declare) -> None:
        ref = stmt.ref
        kind = "class" if type(ref) is ir.ClassRef else "function"
        if stmt.name:
            source = Source(self.function.index, ref)
            self._bind(stmt.name, kind, stmt.at, source)
        if type(ref) is ir.ClassRef:
            self.file.classes[ref.index] = self.function.index

    # ------------------------------------------------------------ assignments

    def _assign(self, node: ir.Assign) -> None:
        op = node.op
        value = node.values[0] if node.values else None
        if op in {"var", "let", "const", "using", "await using"}:
            source = Source(self.function.index, value)
            names: list[Binding] = []
            self._pattern(node.targets[0], source, op, names)
            if node.type is not None and len(names) == 1 and type(node.targets[0]) is ir.Name:
                names[0].type = node.type
                if type(value) is ir.FunctionRef:
                    self.file.functions[value.index].typed = (self.function, node.type)
        elif value is not None and op in {"=", "||=", "??=", "&&="}:
            self._target(node.targets[0], Source(self.function.index, value))
        for target in node.targets:
            if type(target) is ir.Member and op == "=":
                self.function.writes.append(target)
                self.expressions([target.object])
            elif type(target) is not ir.Name:
                self.expressions([target])
        if value is not None:
            self.expressions([value])

    def _bind(self, name: str, kind: str, at: int, source: Source) -> Binding:
        start, stop = self.span
        if kind in {"var", "param"} or (kind == "function" and self.span == (0, END)):
            start, stop = 0, END
        known = self.function.bindings.setdefault(name, [])
        for binding in known:
            if binding.start == start and binding.stop == stop and binding.kind != "import":
                binding.sources.append(source)
                return binding
        binding = Binding(self.file.path, self.function.index, name, kind, at, start, stop)
        binding.sources = [source]
        known.append(binding)
        return binding

    def _pattern(self, target: Any, source: Source, kind: str, names: list[Binding]) -> None:
        """Declare every name of a pattern with the steps that lead to its value."""
        for name, found in _names(target, source):
            if type(name) is ir.Name and name.id:
                names.append(self._bind(name.id, kind, name.at, found))

    def _target(self, target: Any, source: Source) -> None:
        """Record an assignment to names, members and elements."""
        for place, found in _names(target, source):
            kind = type(place)
            if kind is ir.Name:
                self.file.assigns[place.id].append(found)
            elif found.expr is None or found.steps:
                continue
            elif kind is ir.Member:
                record = MemberAssign(self.function.index, place.object, found.expr)
                self.file.members[place.name].append(record)
                if type(found.expr) is ir.FunctionRef:
                    self.file.functions[found.expr.index].prototype = place
            elif kind is ir.Index:
                record = MemberAssign(self.function.index, place.object, found.expr)
                self.file.elements[_last_name(place.object)].append(record)
                self._copied(place, found.expr)

    def _copied(self, place: ir.Index, value: Any) -> None:
        """``target[key] = origin[key]`` does what ``Object.assign(target, origin)`` does."""
        if type(value) is ir.Index and _key(place) and _key(place) == _key(value):
            at = place.at
            call = ir.Call(at, at, at, ir.Name(at, "assign"), (place.object, value.object))
            self.file.merges.append((self.function.index, call))

    # ------------------------------------------------------------ expressions

    def expressions(self, nodes: Iterable[Any]) -> None:
        """Record calls, assignments and object methods below the nodes."""
        stack = list(nodes)
        calls, reads = self.function.calls, self.function.reads
        below = children
        while stack:
            node = stack.pop()
            kind = type(node)
            if kind in _SKIP:
                continue
            if kind is ir.Call:
                calls.append(node)
                self._call(node)
                stack.append(node.callee)
                stack.extend(node.args)
            elif kind is ir.Member:
                reads.append(node)
                stack.append(node.object)
            elif kind is ir.Object:
                self._object(node)
                stack.extend(entry.value for entry in node.entries)
                stack.extend(e.computed for e in node.entries if e.computed is not None)
            elif kind is ir.Assign:
                self.file.noted.assigns.append((self.function.index, node))
                self._assign(node)
            elif kind is ir.Yield:
                if node.value is not None:
                    self.function.returns.append(node.value)
                    stack.append(node.value)
            elif kind is ir.ClassRef:
                self.file.classes[node.index] = self.function.index
            elif kind is not ir.FunctionRef:
                note = NOTES.get(kind)
                if note is not None:
                    note(self.file.noted, self.function.index, node)
                stack.extend(below(node))

    def _object(self, node: ir.Object) -> None:
        for entry in node.entries:
            value = entry.value
            if type(value) is ir.FunctionRef:
                self.file.functions[value.index].object = node
            elif type(value) is ir.Call and entry.key:
                self.file.keys[id(value)] = entry.key
                made = _innermost(value)
                if made.args and _last_name(made.callee) in _REGISTERING:
                    self.file.registered.append((self.function.index, entry.key, made))
            if entry.kind == "spread":
                self.file.noted.spreads.append((self.function.index, value))
            if entry.key == "provide":
                self.file.providers.append((self.function.index, node))

    def _call(self, node: ir.Call) -> None:
        """Calls that change what an object holds are also indexed by the object's name."""
        callee = node.callee
        self.file.calls_at[node.at] = self.function.index
        if type(callee) is ir.Member and node.args:
            name = callee.name
            if name in _GROWERS:
                last = _last_name(callee.object)
                if last:
                    self.file.grown[last].append((self.function.index, node))
            elif name in _MERGING:
                self._merge(name, node)
            if name in _BINDERS:
                self._told(name, node, callee)
        elif type(callee) is ir.Name and callee.id in {"__exportStar", "_export_star"}:
            self.file.merges.append((self.function.index, node))
        if _last_name(callee) == "inherits" and len(node.args) == 2:
            self.file.inherits.append((self.function.index, node))

    def _told(self, name: str, node: ir.Call, callee: ir.Member) -> None:
        """``app.decorate("x", value)``, ``container.bind(T).to(X)``, ``container.set(T, x)``."""
        first, inner = node.args[0], callee.object
        if name == "decorate":
            if len(node.args) > 1 and type(first) is ir.Literal:
                record = MemberAssign(self.function.index, inner, node.args[1])
                self.file.members[first.value].append(record)
        elif name in _BINDERS_OF_ONE:
            if type(inner) is ir.Call and inner.args and _last_name(inner.callee) in _BINDS:
                self.file.bound.append((self.function.index, Bound(name, inner.args[0], first)))
        elif len(node.args) > 1 and "container" in _last_name(inner).lower():
            self.file.bound.append((self.function.index, Bound(name, first, node.args[1])))

    def _merge(self, name: str, node: ir.Call) -> None:
        if name != "defineProperty":
            self.file.merges.append((self.function.index, node))
        elif len(node.args) == 3 and type(node.args[1]) is ir.Literal:
            record = MemberAssign(self.function.index, node.args[0], node.args[2], True)
            self.file.members[node.args[1].value].append(record)


def _innermost(call: ir.Call) -> ir.Call:
    """The first call of a chain: ``asClass(X).singleton()`` -> ``asClass(X)``."""
    while isinstance(call.callee, ir.Member) and isinstance(call.callee.object, ir.Call):
        call = call.callee.object
    return call


def _key(node: ir.Index) -> str:
    """The variable that an element is taken by."""
    key = node.indices[0] if len(node.indices) == 1 else None
    return key.id if isinstance(key, ir.Name) else ""


def _last_name(node: Any) -> str:
    if type(node) is ir.Member:
        return str(node.name)
    return str(node.id) if type(node) is ir.Name else ""


def _names(target: Any, source: Source) -> list[tuple[Any, Source]]:
    """Every place of an assignment pattern with its own source."""
    found: list[tuple[Any, Source]] = []
    stack: list[tuple[Any, Source]] = [(target, source)]
    while stack:
        node, here = stack.pop()
        kind = type(node)
        if kind is ir.Object:
            stack.extend(_entries(node, here))
        elif kind is ir.Array:
            for i, item in enumerate(node.items):
                if type(item) is ir.Spread:
                    stack.append((item.value, _step(here, ("rest", i))))
                elif item is not None:
                    stack.append((item, _step(here, ("item", i))))
        elif kind is ir.Assign:
            default = node.values[0] if node.values else None
            stack.append((node.targets[0], Source(here.function, here.expr, here.steps, default)))
        elif kind is ir.Cast:
            stack.append((node.value, here))
        else:
            found.append((node, here))
    found.reverse()
    return found


def _entries(node: ir.Object, here: Source) -> list[tuple[Any, Source]]:
    parts: list[tuple[Any, Source]] = []
    for entry in node.entries:
        if entry.kind == "spread":
            value = entry.value.value if type(entry.value) is ir.Spread else entry.value
            parts.append((value, here))
        elif entry.key is not None:
            parts.append((entry.value, _step(here, ("prop", entry.key))))
        else:
            parts.append((entry.value, _step(here, ("each", None))))
    return parts


def _step(source: Source, step: Step) -> Source:
    return Source(source.function, source.expr, (*source.steps, step))
