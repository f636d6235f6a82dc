"""Types of declaration files: members, results of calls, awaited values, generics."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TypeAlias

import msgspec

from archlint.extract.declared import Declared, Field, Scope, TypeParam
from archlint.model import ir
from archlint.program.ecma_declared.names import Names, Symbol

DEPTH = 40
FUEL = 4000
"""Types that are taken apart for one question."""
WIDTH = 16
"""Possibilities that are kept of one step."""
_SAME = frozenset(
    {"Readonly", "Partial", "Required", "NonNullable", "Omit", "Pick", "Exclude", "Extract"}
)
PROMISES = frozenset({"Promise", "PromiseLike"})
_CHAIN = frozenset({"then", "catch", "finally"})
_PROMISE_METHOD = ir.TFunc((), (ir.TField("", ir.TName("Promise")),))
_ANY = ir.TName("any")

Env: TypeAlias = "dict[str, Typed]"


class Typed(msgspec.Struct, frozen=True, eq=False):
    """Something of a type written in a scope, or of a symbol (``value``: the symbol itself).

    ``env`` binds type parameters; ``this`` is what the type ``this`` means.
    """

    kind: ir.Type | Symbol
    scope: Scope
    env: Env
    this: Typed | None = None
    value: bool = False


Types: TypeAlias = tuple[Typed, ...]


class Shapes:
    """Takes types apart; what is unknown is the type ``any``."""

    def __init__(self, names: Names) -> None:
        self._names = names
        self._depth = 0
        self._fuel = FUEL

    def refuel(self) -> None:
        """Begin a new question."""
        self._fuel = FUEL

    # -------------------------------------------------------------- expansion

    def expand(self, types: Iterable[Typed]) -> Types:
        """The constituents of types: unions and intersections taken apart, aliases followed."""
        found: list[Typed] = []
        for typed in types:
            found.extend(self._guarded(typed, self._expand))
        return tuple(found[:WIDTH])

    def _guarded(self, typed: Typed, step: Callable[[Typed], Iterable[Typed]]) -> Types:
        """A step, or the unknown where it goes too deep or has taken too long."""
        self._fuel -= 1
        if self._depth > DEPTH or self._fuel < 0:
            return (unknown(typed),)
        self._depth += 1
        try:
            return tuple(step(typed))
        finally:
            self._depth -= 1

    def _expand(self, typed: Typed) -> Iterable[Typed]:
        kind = typed.kind
        if isinstance(kind, ir.TUnion):
            return self.expand(_like(typed, member) for member in kind.members)
        if isinstance(kind, ir.TQuery):
            return self._query(typed, kind)
        if isinstance(kind, ir.TName):
            return self._name(typed, kind)
        return (typed,)

    def _query(self, typed: Typed, kind: ir.TQuery) -> Iterable[Typed]:
        if kind.op == "typeof":
            symbol = self._names.named(typed.scope, kind.text)
            return (_symbol(symbol, True) if symbol is not None else unknown(typed),)
        if kind.op != "[]" or len(kind.args) != 2:
            return (unknown(typed),)
        found: list[Typed] = []
        for index in self.expand((_like(typed, kind.args[1]),)):
            if isinstance(index.kind, ir.TLiteral) and index.kind.text[:1] in {'"', "'"}:
                holder = (_like(typed, kind.args[0]),)
                found.extend(self.expand(self.member(holder, index.kind.text[1:-1])))
        return found or (unknown(typed),)

    def _name(self, typed: Typed, kind: ir.TName) -> Iterable[Typed]:
        name = kind.name
        if name == "this":
            return self.expand((typed.this,)) if typed.this is not None else (unknown(typed),)
        bound = typed.env.get(name)
        if bound is not None:
            return self.expand((bound,))
        symbol = self._names.named(typed.scope, name)
        if symbol is not None:
            return self._meaning(typed, kind, symbol)
        args = tuple(_like(typed, arg) for arg in kind.args)
        if name in _SAME and args:
            return self.expand(args[:1])
        if name == "Awaited" and args:
            return self.awaited(args[:1])
        if name in {"ReturnType", "InstanceType"} and args:
            return self.called(args[:1])
        return (typed,)

    def _meaning(self, typed: Typed, kind: ir.TName, symbol: Symbol) -> Iterable[Typed]:
        """What a name of a type stands for with its arguments."""
        args = [_like(typed, arg) for arg in kind.args]
        aliases = symbol.of("alias")
        if aliases:
            decl = aliases[0]
            if decl.type is None:
                return (unknown(typed),)
            return self.expand((Typed(decl.type, decl.scope, _bound(decl, args)),))
        holders = symbol.of("class", "interface")
        if not holders:
            return (unknown(typed),) if not symbol.of("enum") else ()
        declared = next((decl for decl in holders if decl.params), holders[0])
        return (Typed(symbol, declared.scope, _bound(declared, args)),)

    # ---------------------------------------------------------------- members

    def member(self, types: Iterable[Typed], name: str) -> Types:
        """Member ``name`` of any of the types."""
        found = [m for typed in self.expand(types) for m in self._member(typed, name)]
        return tuple(found[:WIDTH])

    def _member(self, typed: Typed, name: str) -> Types:
        kind = typed.kind
        if isinstance(kind, Symbol):
            step = self._of_value if typed.value else self._of_instance
            return self._guarded(typed, lambda t: step(t, kind, name))
        if isinstance(kind, ir.TStruct | ir.TInterface):
            fields = kind.members if isinstance(kind, ir.TInterface) else kind.fields
            hit = [f for f in fields if f.name == name] or [f for f in fields if f.name == "[]"]
            return tuple(_like(typed, f.type or _ANY) for f in hit)
        if isinstance(kind, ir.TName) and kind.name in PROMISES and name in _CHAIN:
            return (_like(typed, _PROMISE_METHOD),)
        return ()

    def _of_instance(self, typed: Typed, symbol: Symbol, name: str) -> Iterator[Typed]:
        """A member of an instance: its own, or what it inherits; then an index signature's."""
        receiver = typed.this or typed
        decls = symbol.of("class", "interface")
        for wanted in (name, "[]"):
            own = [(decl, field) for decl in decls for field in decl.member(wanted)]
            for decl, field in own:
                yield _field(field, decl.scope, typed.env, receiver)
            if own or name in {"()", "new"}:
                break
            inherited = [found for base in self.bases(typed) for found in self._member(base, name)]
            yield from inherited
            if inherited:
                break

    def bases(self, typed: Typed) -> Iterator[Typed]:
        """What an instance's class or interface extends, with ``this`` kept."""
        assert isinstance(typed.kind, Symbol)
        receiver = typed.this or typed
        for decl in typed.kind.of("class", "interface"):
            for base in decl.bases:
                for found in self.expand((Typed(base, decl.scope, typed.env, receiver),)):
                    if found.kind is not typed.kind:
                        yield Typed(found.kind, found.scope, found.env, receiver)

    def _of_value(self, typed: Typed, symbol: Symbol, name: str) -> Iterator[Typed]:
        """A member of a class, namespace, module or variable."""
        for decl in symbol.decls:
            if decl.kind == "class":
                yield from self._static(decl, name)
            elif decl.kind == "value" and decl.type is not None:
                yield from self.member((Typed(decl.type, decl.scope, {}),), name)
            elif decl.inner is not None:
                found = self._names.exported(decl.inner, name)
                if found is not None:
                    yield _symbol(found, True)
                elif decl.kind == "module":
                    for whole in self._stands_for(decl.inner):
                        yield from self._member(whole, name)

    def _static(self, decl: Declared, name: str) -> Iterator[Typed]:
        own = decl.member(name, static=True)
        for field in own:
            yield _field(field, decl.scope, {}, None)
        for base in decl.bases if not own else ():
            if isinstance(base, ir.TName):
                found = self._names.named(decl.scope, base.name)
                if found is not None:
                    yield from self._member(_symbol(found, True), name)

    def _stands_for(self, scope: Scope) -> Iterator[Typed]:
        """What a whole module is when it is used as a value: ``export =``, else the default."""
        found = self._names.assigned(scope) or self._names.exported(scope, "default")
        if found is not None:
            yield _symbol(found, True)

    # ------------------------------------------------------------------ calls

    def called(self, types: Iterable[Typed], count: int | None = None) -> Types:
        """What calling or constructing any of the types gives, all overloads together."""
        found = [r for results in self.overloads(types, count) for r in results]
        return tuple(found[:WIDTH])

    def overloads(self, types: Iterable[Typed], count: int | None = None) -> list[Types]:
        """What each overload that takes ``count`` arguments gives."""
        signatures = [s for typed in self.expand(types) for s in self._signatures(typed)]
        fitting = [s for s in signatures if count is None or _takes(s.kind, count)]
        return [self._result(s) for s in (fitting or signatures)[:WIDTH]]

    def _signatures(self, typed: Typed) -> Types:
        """Function types, and instances that constructing gives at once."""
        kind = typed.kind
        if isinstance(kind, ir.TFunc):
            return (typed,)
        if isinstance(kind, Symbol) and typed.value:
            return self._guarded(typed, lambda t: self._of_symbol(kind))
        if isinstance(kind, Symbol | ir.TStruct | ir.TInterface):
            found = (*self._member(typed, "()"), *self._member(typed, "new"))
            return tuple(s for s in self.expand(found) if isinstance(s.kind, ir.TFunc))
        return ()

    def _of_symbol(self, symbol: Symbol) -> Iterator[Typed]:
        """The signatures of a symbol: what can be called, else an instance of the type it is."""
        values = symbol.of("function", "class", "value", "module")
        for decl in values:
            if decl.kind == "class":
                yield Typed(symbol, decl.scope, _bound(decl, []))
            elif decl.kind == "module" and decl.inner is not None:
                for whole in self._stands_for(decl.inner):
                    yield from self._signatures(whole)
            elif decl.type is not None:
                made = (Typed(decl.type, decl.scope, {}),)
                yield from (s for t in self.expand(made) for s in self._signatures(t))
        if not values:
            for decl in symbol.of("interface", "alias")[:1]:
                yield Typed(ir.TName(decl.name), decl.scope, {})

    def _result(self, signature: Typed) -> Types:
        kind = signature.kind
        if not isinstance(kind, ir.TFunc):
            return (signature,)
        env = signature.env
        if kind.type_params:
            free = {p.name: Typed(p.type or _ANY, signature.scope, env) for p in kind.type_params}
            env = {**env, **free}
        if not kind.results:
            return (unknown(signature),)
        return tuple(
            Typed(field.type or _ANY, signature.scope, env, signature.this)
            for field in kind.results
        )

    # ---------------------------------------------------------------- waiting

    def awaited(self, types: Iterable[Typed]) -> Types:
        """What ``await`` makes of types."""
        found: list[Typed] = []
        for typed in self.expand(types):
            promise = self.promise(typed)
            if promise is None:
                found.extend(self._settled(typed))
            elif isinstance(promise.kind, ir.TName) and promise.kind.args:
                found.extend(self.awaited((_like(promise, promise.kind.args[0]),)))
            else:
                found.append(unknown(typed))
        return tuple(found[:WIDTH])

    def _settled(self, typed: Typed) -> Types:
        """What a thenable hands to the callback of its ``then``; anything else is itself."""
        then = self.member((typed,), "then")
        for _ in range(2):
            signatures = [s for s in self.expand(then) if isinstance(s.kind, ir.TFunc)]
            then = tuple(
                _like(s, s.kind.params[0].type or _ANY)
                for s in signatures
                if isinstance(s.kind, ir.TFunc) and s.kind.params
            )
        return then or (typed,)

    def promise(self, typed: Typed, depth: int = 0) -> Typed | None:
        """The ``Promise<T>`` that a constituent is or extends."""
        kind = typed.kind
        if isinstance(kind, ir.TName):
            return typed if kind.name in PROMISES else None
        if isinstance(kind, Symbol) and not typed.value and depth < DEPTH:
            for base in self.bases(typed):
                found = self.promise(base, depth + 1)
                if found is not None:
                    return found
        return None


def unknown(typed: Typed) -> Typed:
    """The type ``any`` in place of one that cannot be told."""
    return Typed(_ANY, typed.scope, {})


def _symbol(symbol: Symbol, value: bool) -> Typed:
    return Typed(symbol, symbol.decls[0].scope, {}, None, value)


def _like(typed: Typed, kind: ir.Type) -> Typed:
    """Another type as written in the same place."""
    return Typed(kind, typed.scope, typed.env, typed.this)


def _field(field: Field, scope: Scope, env: Env, this: Typed | None) -> Typed:
    return Typed(field.type or _ANY, scope, env, this)


def _bound(decl: Declared, args: list[Typed]) -> Env:
    """Type parameters with their arguments, defaults or bounds."""
    env: Env = {}
    for position, param in enumerate(decl.params):
        env[param.name] = args[position] if position < len(args) else _default(decl, param, env)
    return env


def _default(decl: Declared, param: TypeParam, env: Env) -> Typed:
    """A parameter's default (which may name earlier ones), else its bound."""
    return Typed(param.default or param.bound or _ANY, decl.scope, dict(env))


def _takes(kind: ir.Type | Symbol, count: int) -> bool:
    """Whether a signature takes so many arguments."""
    if not isinstance(kind, ir.TFunc):
        return True
    needed = sum(1 for p in kind.params if not p.optional)
    if kind.variadic:
        return count >= needed - 1
    return needed <= count <= len(kind.params)
