"""What a place expects of a function: one that returns nothing, or one that may return promises."""

from __future__ import annotations

from collections.abc import Iterator

from archlint.model import ir
from archlint.program.ecma.values import FunctionValue
from archlint.program.ecma_promises.kinds import ClassKind, FunctionId, FunctionKind, Typed
from archlint.program.ecma_promises.promiseness import Promises, Sort

Types = tuple[Typed, ...]
_THENABLE = frozenset({"Promise", "PromiseLike", "Thenable"})


def is_thenable(promises: Promises, typed: Typed) -> bool:
    """Whether a type is a promise, ``PromiseLike``, or has a ``then``."""
    kind = typed.kind
    if isinstance(kind, ir.TName) and kind.name in _THENABLE:
        return True
    if promises.of_type(typed) is Sort.PROMISE:
        return True
    if isinstance(kind, ir.TStruct | ir.TInterface | ClassKind):
        return any(_takes_function(promises, t) for t in promises.typing.member((typed,), "then"))
    return False


def _takes_function(promises: Promises, typed: Typed) -> bool:
    """Whether a ``then`` is a function whose first parameter may be one, too."""
    kind = typed.kind
    if isinstance(kind, FunctionKind):
        return bool(promises.ecma.facts[kind.path].functions[kind.index].params)
    if not isinstance(kind, ir.TFunc) or not kind.params:
        return False
    first = kind.params[0].type
    return first is None or any(
        not isinstance(t.kind, ir.TName) or t.kind.name not in {"string", "number", "boolean"}
        for t in promises.typing.expanded((Typed(typed.scope, first),))
    )


def returns_nothing(promises: Promises, types: Types) -> bool:
    """Whether functions of these types return nothing, and none of them may return a promise."""
    nothing = False
    for typed in types:
        for result in promises.typing.called(typed):
            if is_thenable(promises, result):
                return False
            kind = result.kind
            nothing = nothing or (isinstance(kind, ir.TName) and kind.name == "void")
    return nothing


def returns_promise(promises: Promises, function: FunctionId, node: ir.Expr) -> bool:
    """Whether an expression is a function whose calls give promises."""
    if isinstance(node, ir.Literal | ir.Object | ir.Array | ir.Template):
        return False
    types = promises.typing.of(function, node)
    for typed in types:
        kind = typed.kind
        if isinstance(kind, FunctionKind):
            if promises.returns((kind.path, kind.index)) is Sort.PROMISE:
                return True
        elif any(is_thenable(promises, result) for result in promises.typing.called(typed)):
            return True
    if types:
        return False
    return any(
        isinstance(value, FunctionValue)
        and promises.returns((value.path, value.index)) is Sort.PROMISE
        for value in promises.ecma.value_of(function, node)
    )


def argument_types(promises: Promises, function: FunctionId, call: ir.Call) -> list[Types]:
    """What the callee declares for each argument of a call; () where nothing is known."""
    callees = promises.typing.of(function, call.callee)
    expected: list[list[Typed]] = [[] for _ in call.args]
    for typed in callees:
        for signature in _signatures(promises, typed, call.new):
            for position in range(len(call.args)):
                expected[position].extend(_parameter(promises, signature, position))
    return [promises.typing.expanded(types) for types in expected]


def _signatures(promises: Promises, typed: Typed, new: bool) -> Iterator[Typed]:
    kind = typed.kind
    if isinstance(kind, ir.TFunc | FunctionKind) and not new:
        yield typed
    elif isinstance(kind, ir.TUnion):
        for member in kind.members:
            for part in promises.typing.scopes.expand(Typed(typed.scope, member)):
                yield from _signatures(promises, part, new)
    elif isinstance(kind, ir.TStruct | ir.TInterface):
        fields = kind.members if isinstance(kind, ir.TInterface) else kind.fields
        for field in fields:
            if field.name == ("new" if new else "()") and field.type is not None:
                yield Typed(typed.scope, field.type)
    elif isinstance(kind, ClassKind) and new and kind.static:
        facts = promises.ecma.facts[kind.path].classes[kind.index]
        own = [m.function for m in facts.members if m.kind == "constructor" and m.function >= 0]
        for index in own:
            yield Typed((kind.path, index), FunctionKind(kind.path, index))
        if not own:
            for base in promises.typing.bases(kind):
                yield from _signatures(promises, base, new)


def _parameter(promises: Promises, signature: Typed, position: int) -> Iterator[Typed]:
    kind = signature.kind
    if isinstance(kind, FunctionKind):
        params = promises.ecma.facts[kind.path].functions[kind.index].params
        if not params:
            return
        param = params[min(position, len(params) - 1)]
        if position >= len(params) and not param.rest:
            return
        yield from _declared(promises, signature, param.type, position, len(params), param.rest)
    elif isinstance(kind, ir.TFunc) and kind.params:
        field = kind.params[min(position, len(kind.params) - 1)]
        rest = kind.variadic and position >= len(kind.params) - 1
        if position < len(kind.params) or rest:
            yield from _declared(promises, signature, field.type, position, len(kind.params), rest)


def _declared(  # noqa: PLR0913, PLR0917
    promises: Promises, scope: Typed, kind: ir.Type | None, position: int, count: int, rest: bool
) -> Iterator[Typed]:
    if kind is None:
        return
    whole = Typed(scope.scope, kind)
    if not rest:
        yield whole
        return
    for part in promises.typing.scopes.expand(whole):
        offset = position - count + 1
        yield from promises.typing.elements((part,), offset)
