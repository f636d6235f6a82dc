"""What a place expects of a function: one that returns nothing, or one that may return promises."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from archlint.model import ir
from archlint.program.ecma.values import FunctionValue
from archlint.program.ecma_promises.kinds import (
    ClassKind,
    FunctionId,
    FunctionKind,
    ListKind,
    LiteralKind,
    Typed,
)
from archlint.program.ecma_promises.promiseness import Promises
from archlint.program.ecma_promises.sorts import Sort
from archlint.program.ecma_promises.type_members import LISTS, Types

_THENABLE = frozenset({"Promise", "PromiseLike", "Thenable"})
_NO_FUNCTION = frozenset({ir.Literal, ir.Object, ir.Array, ir.Template})
_TELLING = frozenset(
    {ir.TFunc, ir.TStruct, ir.TInterface, ir.TUnion, ir.TSlice, ir.TTuple}
    | {FunctionKind, ClassKind, LiteralKind, ListKind}
)
_TELLING_NAMES = LISTS | {"Record"}


class _Signature(NamedTuple):
    """What a function declares for its parameters, () where that tells nothing of functions.

    ``rest`` is the whole type of a rest parameter, which is the last of all ``size``.
    """

    fixed: tuple[Types, ...]
    rest: Typed | None
    size: int


class Expected:
    """Answers about declared types; what signatures want is worked out once."""

    def __init__(self, promises: Promises) -> None:
        self._promises = promises
        self._typing = promises.typing
        self._wanted: dict[object, tuple[_Signature, ...]] = {}

    def is_thenable(self, typed: Typed) -> bool:
        """Whether a type is a promise, ``PromiseLike``, or has a ``then``."""
        kind = typed.kind
        if isinstance(kind, ir.TName) and kind.name in _THENABLE:
            return True
        if self._promises.types.of_type(typed) is Sort.PROMISE:
            return True
        if isinstance(kind, ir.TStruct | ir.TInterface | ClassKind):
            return any(self._takes_function(t) for t in self._typing.member((typed,), "then"))
        return False

    def _takes_function(self, typed: Typed) -> bool:
        """Whether a ``then`` is a function whose first parameter may be one, too."""
        kind = typed.kind
        if isinstance(kind, FunctionKind):
            return bool(self._promises.ecma.facts[kind.path].functions[kind.index].params)
        if not isinstance(kind, ir.TFunc) or not kind.params:
            return False
        first = kind.params[0].type
        return first is None or any(
            not isinstance(t.kind, ir.TName) or t.kind.name not in {"string", "number", "boolean"}
            for t in self._typing.expanded((Typed(typed.scope, first),))
        )

    def returns_nothing(self, types: Types) -> bool:
        """Whether functions of these types return nothing, and none of them gives a promise."""
        nothing = False
        for typed in types:
            for result in self._typing.called(typed):
                if self.is_thenable(result):
                    return False
                kind = result.kind
                nothing = nothing or (isinstance(kind, ir.TName) and kind.name == "void")
        return nothing

    def returns_promise(self, function: FunctionId, node: ir.Expr) -> bool:
        """Whether an expression is a function whose calls give promises."""
        if type(node) in _NO_FUNCTION:
            return False
        promises = self._promises
        types = self._typing.of(function, node)
        for typed in types:
            kind = typed.kind
            if isinstance(kind, FunctionKind):
                if promises.returns((kind.path, kind.index)) is Sort.PROMISE:
                    return True
            elif any(self.is_thenable(result) for result in self._typing.called(typed)):
                return True
        if types:
            return False
        return any(
            isinstance(value, FunctionValue)
            and promises.returns((value.path, value.index)) is Sort.PROMISE
            for value in promises.ecma.value_of(function, node)
        )

    # -------------------------------------------------------------- arguments

    def arguments(self, function: FunctionId, call: ir.Call) -> Iterator[tuple[ir.Expr, Types]]:
        """The arguments for which the callee declares a type that tells of functions."""
        wanted = [
            signature
            for typed in self._typing.of(function, call.callee)
            for signature in self._signatures(typed, call.new)
        ]
        for position, arg in enumerate(call.args if wanted else ()):
            found = [t for signature in wanted for t in self._parameter(signature, position)]
            if found:
                yield arg, self._typing.expanded(found)

    def wants(self, function: FunctionId) -> bool:
        """Whether a function of the repo may declare a parameter's type that tells of functions.

        A parameter without a type may have one by the variable or field that holds the function.
        """
        index = self._typing.function(function)
        if index is None or index.typed is not None:
            return True
        if any(param.type is None for param in index.facts.params):
            return True
        own = Typed(function, FunctionKind(*function))
        return bool(self._signatures(own, False))

    def _parameter(self, signature: _Signature, position: int) -> Types:
        """What a signature wants at a position."""
        fixed, rest, size = signature
        if position < len(fixed):
            return fixed[position]
        if rest is None:
            return ()
        parts = self._typing.scopes.expand(rest)
        return self._typing.elements(parts, position - size + 1)

    def _signatures(self, typed: Typed, new: bool) -> tuple[_Signature, ...]:
        """The signatures of a callee of a type that tell of functions."""
        kind = typed.kind
        own = isinstance(kind, FunctionKind | ClassKind)
        key = (kind, new) if own else (typed.scope, id(kind), new)
        found = self._wanted.get(key)
        if found is None:
            all_of_them = map(self._signature, self._callables(typed, new))
            found = tuple(s for s in all_of_them if s.rest is not None or any(s.fixed))
            self._wanted[key] = found
        return found

    def _callables(self, typed: Typed, new: bool) -> Iterator[Typed]:
        """The functions and function types that calling (or constructing) a type may mean."""
        kind = typed.kind
        if isinstance(kind, ir.TFunc | FunctionKind) and not new:
            yield typed
        elif isinstance(kind, ir.TUnion):
            for member in kind.members:
                for part in self._typing.scopes.expand(Typed(typed.scope, member)):
                    yield from self._callables(part, new)
        elif isinstance(kind, ir.TStruct | ir.TInterface):
            fields = kind.members if isinstance(kind, ir.TInterface) else kind.fields
            for field in fields:
                if field.name == ("new" if new else "()") and field.type is not None:
                    yield Typed(typed.scope, field.type)
        elif isinstance(kind, ClassKind) and new and kind.static:
            yield from self._constructors(kind)

    def _constructors(self, kind: ClassKind) -> Iterator[Typed]:
        """A class's own constructors, else those of its bases."""
        facts = self._promises.ecma.facts[kind.path].classes[kind.index]
        own = [m.function for m in facts.members if m.kind == "constructor" and m.function >= 0]
        for index in own:
            yield Typed((kind.path, index), FunctionKind(kind.path, index))
        if not own:
            for base in self._typing.bases(kind):
                yield from self._callables(base, True)

    def _signature(self, typed: Typed) -> _Signature:
        kind = typed.kind
        if isinstance(kind, FunctionKind):
            params = self._promises.ecma.facts[kind.path].functions[kind.index].params
            types = [param.type for param in params]
            rest = bool(params) and params[-1].rest
        elif isinstance(kind, ir.TFunc):
            types = [field.type for field in kind.params]
            rest = bool(types) and kind.variadic
        else:
            types, rest = [], False
        last = types[-1] if rest else None
        fixed = types[:-1] if rest else types
        return _Signature(
            tuple(self._telling(typed.scope, declared) for declared in fixed),
            Typed(typed.scope, last) if last is not None else None,
            len(types),
        )

    def _telling(self, scope: FunctionId, declared: ir.Type | None) -> Types:
        """A declared type's constituents when they tell of functions, else ()."""
        if declared is None:
            return ()
        types = self._typing.expanded((Typed(scope, declared),))
        return types if tells(types) else ()


def tells(types: Types) -> bool:
    """Whether types say anything of functions: primitives and the outside world's do not."""
    return any(
        type(t.kind) in _TELLING or (type(t.kind) is ir.TName and t.kind.name in _TELLING_NAMES)
        for t in types
    )
