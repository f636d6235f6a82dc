"""Where a statement stands: on an error path, deferred, beside a checked call of the same kind."""

from __future__ import annotations

from archlint.model import ir
from archlint.model.pattern import lazy_regex
from archlint.program.golang import GoLinker
from archlint.program.program import FunctionId

_EXITS = {"os.Exit", "log.Fatal", "log.Fatalf", "log.Fatalln", "log.Panic", "log.Panicf"}
_ASKS = lazy_regex(
    r"(?:[lL]ock\w*|IsTerminal|Ioctl\w*|Stat|ReadAll|New(?:Decoder|Reader|Scanner)\w*)$"
)
"""Functions that take a file and write nothing into it."""
_COPIES = {"io.Copy", "io.CopyBuffer", "io.CopyN"}
"""Functions that write into their first argument alone."""
Chain = tuple[ir.Stmt, tuple[ir.Stmt, ...], bool]


def text_of(expr: ir.Expr) -> str:
    """A chain of names as written (``s.file``); "" for anything else."""
    if isinstance(expr, ir.Name):
        return expr.id
    if isinstance(expr, ir.Member):
        head = text_of(expr.object)
        return f"{head}.{expr.name}" if head else ""
    if isinstance(expr, ir.Unary) and expr.op in {"*", "&"}:
        return text_of(expr.value)
    return ""


def on_error_path(go: GoLinker, function: FunctionId, stmt: ir.Stmt) -> bool:
    """Whether the statement stands in a branch that ends by returning an error, or by an exit."""
    body = go.files[function[0]].functions[function[1]].body or ()
    leaving = _is_deferred(go, function)
    return any(
        _fails(go, function, block, test)
        or (leaving and test is not None and _tests_error(go, function, test))
        for block, test in _around(body, stmt)
    )


def _is_deferred(go: GoLinker, function: FunctionId) -> bool:
    """Whether the function is a closure that runs when the one around it leaves."""
    path, index = function
    parent = go.files[path].functions[index].parent
    return parent > 0 and any(
        isinstance(stmt, ir.Defer)
        and isinstance(call.callee, ir.FunctionRef)
        and call.callee.index == index
        for call, stmt in go.body((path, parent)).dropped
    )


def _around(
    body: tuple[ir.Stmt, ...], stmt: ir.Stmt
) -> list[tuple[tuple[ir.Stmt, ...], ir.Expr | None]]:
    """The branches around a statement, each with the test of its ``if``."""
    found: list[tuple[tuple[ir.Stmt, ...], ir.Expr | None]] = []
    block: tuple[ir.Stmt, ...] | None = body
    while block is not None:
        inside = [s for s in block if s.at <= stmt.at]
        holder = inside[-1] if inside else None
        if holder is None or holder is stmt:
            break
        block = None
        for inner, test in _blocks(holder):
            if inner and inner[0].at <= stmt.at and (block is None or inner[0].at >= block[0].at):
                block, chosen = inner, test
        if block is not None:
            found.append((block, chosen))
    return found


def _blocks(stmt: ir.Stmt) -> list[tuple[tuple[ir.Stmt, ...], ir.Expr | None]]:
    if isinstance(stmt, ir.If):
        return [(stmt.then, stmt.test), (stmt.other, None)]
    if isinstance(stmt, ir.Loop | ir.Block | ir.Labeled):
        return [(stmt.body, None)]
    if isinstance(stmt, ir.Switch):
        return [(case.body, None) for case in stmt.cases]
    return []


def _fails(
    go: GoLinker, function: FunctionId, block: tuple[ir.Stmt, ...], test: ir.Expr | None
) -> bool:
    last = block[-1]
    if isinstance(last, ir.Return):
        if not last.values:
            return test is not None and _tests_error(go, function, test)
        value = last.values[-1]
        if isinstance(value, ir.Literal) or not go.implements_error(go.type_of(function, value)):
            return test is not None and _tests_error(go, function, test)
        return not isinstance(value, ir.Name) or test is not None
    if isinstance(last, ir.ExprStmt) and isinstance(last.value, ir.Call):
        name = go.callee(function, last.value).canonical
        return name in _EXITS or name == "panic"
    return test is not None and isinstance(last, ir.Jump) and _tests_error(go, function, test)


def _tests_error(go: GoLinker, function: FunctionId, test: ir.Expr) -> bool:
    """``err != nil``, also within ``&&`` and ``||``."""
    if isinstance(test, ir.Binary):
        if test.op in {"&&", "||"}:
            return _tests_error(go, function, test.left) or _tests_error(go, function, test.right)
        return test.op == "!=" and go.implements_error(go.type_of(function, test.left))
    return False


def family(go: GoLinker, function: FunctionId) -> list[FunctionId]:
    """A function, those around it, and the closures inside the outermost one."""
    path, index = function
    functions = go.files[path].functions
    top = index
    while functions[top].parent > 0:
        top = functions[top].parent
    start, end = functions[top].at, functions[top].end
    return [(path, f.index) for f in functions if f.index and start <= f.at and f.end <= end]


def checked_calls(go: GoLinker, function: FunctionId, receiver: str) -> set[str]:
    """Names of methods whose result is taken somewhere around, on the receiver as written."""
    found: set[str] = set()
    for member in family(go, function):
        body = go.body(member)
        dropped = {id(call) for call, _ in body.dropped}
        for stmt in body.assigns:
            if all(isinstance(target, ir.Name) and target.id == "_" for target in stmt.targets):
                dropped.update(id(value) for value in stmt.values)
        for call in body.calls:
            callee = call.callee
            if id(call) not in dropped and isinstance(callee, ir.Member):
                found.update({callee.name} if text_of(callee.object) == receiver else ())
    return found


def removed(go: GoLinker, function: FunctionId, receiver: str) -> bool:
    """Whether the function removes the file again: ``os.Remove(file.Name())``, or in the end the
    path that it has the file by or that came with it.
    """
    paths = _paths_of(go, function, receiver)
    for member in family(go, function):
        deferred = {id(call) for call, stmt in go.body(member).dropped if type(stmt) is ir.Defer}
        for call in go.body(member).calls:
            if text_of(call.callee) in {"os.Remove", "os.RemoveAll"} and call.args:
                named = call.args[0]
                if isinstance(named, ir.Call) and text_of(named.callee) == f"{receiver}.Name":
                    return True
                if id(call) in deferred and text_of(named) in paths:
                    return True
    return False


def _paths_of(go: GoLinker, function: FunctionId, receiver: str) -> set[str]:
    """Variables given by the call that gave the file, or given to it."""
    found: set[str] = set()
    for member in family(go, function):
        for stmt in go.body(member).assigns:
            if len(stmt.values) == 1 and any(text_of(t) == receiver for t in stmt.targets):
                found.update(text_of(target) for target in stmt.targets)
                value = stmt.values[0]
                if isinstance(value, ir.Call):
                    found.update(text_of(arg) for arg in value.args)
    return found - {receiver, "", "_"}


def uses(go: GoLinker, function: FunctionId, receiver: str, ignored: frozenset[str]) -> bool:
    """Whether the value is used for more than the ``ignored`` methods: written to or passed on."""
    if "." in receiver or not receiver:
        return True
    for member in family(go, function):
        body = go.body(member)
        for call in body.calls:
            callee = call.callee
            name = text_of(callee)
            args = call.args[:1] if name in _COPIES else call.args
            given = any(text_of(arg) == receiver for arg in args)
            if given and not _ASKS.search(name):
                return True
            used = isinstance(callee, ir.Member) and callee.name not in ignored
            if used and text_of(callee.object) == receiver:  # type: ignore[union-attr]
                return True
        if any(text_of(value) == receiver for ret in body.returns for value in ret.values):
            return True
        for stmt in body.assigns:
            if any(text_of(value) == receiver for value in stmt.values):
                return True
        for literal in body.composites:
            if any(text_of(entry.value) == receiver for entry in literal.entries):
                return True
    return False
