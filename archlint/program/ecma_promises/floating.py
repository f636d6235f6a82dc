"""Promises that nobody handles: the semantics of an expression statement."""

from __future__ import annotations

import msgspec

from archlint.model import ir
from archlint.program.ecma.values import ExternalValue, FunctionValue, SignatureValue
from archlint.program.ecma_promises.kinds import FunctionId, FunctionKind
from archlint.program.ecma_promises.promiseness import Promises
from archlint.program.ecma_promises.sorts import Sort


class Unhandled(msgspec.Struct, frozen=True):
    """An unhandled promise: the expression that makes it, and why it counts.

    ``reason`` is plain, array (of promises) or handler (a rejection handler that is no function).
    ``guessed`` says that only the repo's own use tells that it is a promise.
    """

    expr: ir.Expr
    reason: str = "plain"
    guessed: bool = False


def unhandled(
    promises: Promises, function: FunctionId, node: ir.Expr, depth: int = 0
) -> Unhandled | None:
    """The promise that an expression statement leaves unhandled, if any."""
    if depth > 60 or isinstance(node, ir.Assign) or _is_super(node):
        return None
    if isinstance(node, ir.Sequence):
        return _first(promises, function, node.items, depth)
    if isinstance(node, ir.Unary | ir.Yield):
        return None
    if isinstance(node, ir.Conditional):
        return _first(promises, function, (node.other, node.then), depth)
    if isinstance(node, ir.Binary):
        if node.op in {"&&", "||", "??"}:
            return _first(promises, function, (node.left, node.right), depth)
        return None
    sort = promises.sort(function, node)
    if sort is Sort.ARRAY:
        return Unhandled(node, "array")
    if isinstance(node, ir.Await) or sort not in (Sort.PROMISE, Sort.USED):
        return None
    guessed = sort is Sort.USED
    if isinstance(node, ir.Call) and isinstance(node.callee, ir.Member):
        return _chained(promises, function, node, depth)
    return Unhandled(node, guessed=guessed)


def _is_super(node: ir.Expr) -> bool:
    """``super(...)`` in a class that extends Promise makes the object itself."""
    return (
        isinstance(node, ir.Call) and isinstance(node.callee, ir.Name) and node.callee.id == "super"
    )


def _first(
    promises: Promises, function: FunctionId, nodes: tuple[ir.Expr, ...], depth: int
) -> Unhandled | None:
    for node in nodes:
        found = unhandled(promises, function, node, depth + 1)
        if found is not None:
            return found
    return None


def _chained(
    promises: Promises, function: FunctionId, node: ir.Call, depth: int
) -> Unhandled | None:
    """A method call: ``.catch(f)`` and ``.then(a, b)`` handle, ``.finally(f)`` passes through."""
    callee = node.callee
    assert isinstance(callee, ir.Member)
    guessed = promises.sort(function, node) is Sort.USED
    name, args = callee.name, node.args
    if name in {"catch", "then"}:
        handler = _argument(args, 0 if name == "catch" else 1)
        if handler is None:
            return Unhandled(node, guessed=guessed)
        if is_function(promises, function, handler):
            return None
        return Unhandled(node, "handler", guessed)
    if name == "finally" and promises.sort(function, callee.object) is not Sort.NONE:
        return unhandled(promises, function, callee.object, depth + 1)
    return Unhandled(node, guessed=guessed)


def _argument(args: tuple[ir.Expr, ...], position: int) -> ir.Expr | None:
    """The argument at a position; None behind a spread, where it cannot be told."""
    if any(isinstance(arg, ir.Spread) for arg in args[: position + 1]):
        return None
    return args[position] if position < len(args) else None


def is_function(promises: Promises, function: FunctionId, node: ir.Expr) -> bool:
    """Whether a rejection handler is a function; what is unknown counts as one."""
    if isinstance(node, ir.Literal):
        return False
    if isinstance(node, ir.Name) and node.id == "undefined":
        return False
    if isinstance(node, ir.Object | ir.Array | ir.Template):
        return isinstance(node, ir.Template) and node.tag is not None
    types = promises.typing.of(function, node)
    if types:
        return all(
            isinstance(t.kind, FunctionKind | ir.TFunc)
            or promises.typing.called(t)
            or not isinstance(t.kind, ir.TLiteral | ir.TName)
            or (isinstance(t.kind, ir.TName) and t.kind.name not in _PRIMITIVES)
            for t in types
        )
    values = promises.ecma.value_of(function, node)
    if not values:
        return True
    return any(isinstance(v, FunctionValue | ExternalValue | SignatureValue) for v in values)


_PRIMITIVES = frozenset({"string", "number", "boolean", "null", "undefined", "void", "symbol"})
