"""Go types as the resolver sees them; ``None`` where a type is expected means unknown.

Here are declared types, with their methods, and what is asked of any type; ``type_literals`` has
the rest.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import msgspec

from archlint.program.golang.type_literals import (
    Basic,
    Chan,
    Field,
    Func,
    FunctionId,
    Interface,
    Map,
    Opaque,
    Pointer,
    Slice,
    Struct,
    Tuple,
    TypeParam,
    Types,
)

__all__ = [
    "MAX_CHAIN",
    "VOID",
    "Basic",
    "Chan",
    "Definition",
    "Field",
    "Func",
    "FunctionId",
    "Interface",
    "Map",
    "Method",
    "Named",
    "Opaque",
    "Pointer",
    "Slice",
    "Struct",
    "Tuple",
    "Type",
    "TypeParam",
    "Types",
    "bindings",
    "deref",
    "named",
    "pointer",
    "substitute",
    "substitute_func",
    "underlying",
]


class Method:
    """A declared method: signature on demand; ``function`` is set for the repo's own."""

    __slots__ = ("_make", "_signature", "function", "name", "owner", "pointer")

    def __init__(
        self,
        name: str,
        owner: Definition,
        make: Callable[[], Func],
        pointer: bool = False,
        function: FunctionId | None = None,
    ) -> None:
        self.name = name
        self.owner = owner
        self.pointer = pointer
        self.function = function
        self._make = make
        self._signature: Func | None = None

    @property
    def signature(self) -> Func:
        """The method's type without its receiver."""
        if self._signature is None:
            self._signature = self._make()
        return self._signature

    @property
    def canonical(self) -> str:
        """``net/http.ServeMux.Handle``."""
        return f"{self.owner.canonical}.{self.name}"


class Definition:
    """A declared type: package path, name, type parameters; the rest on demand.

    ``known`` is False for a type of an outside package whose declaration is not at hand.
    """

    __slots__ = (
        "_methods",
        "_underlying",
        "callees",
        "file",
        "instance",
        "known",
        "load_methods",
        "load_underlying",
        "name",
        "package",
        "pointer",
        "selections",
        "type_params",
    )

    def __init__(self, package: str, name: str, *, known: bool = True, file: str = "") -> None:
        self.package = package
        self.name = name
        self.known = known
        self.file = file
        self.type_params: tuple[TypeParam, ...] = ()
        self.instance = Named(self)
        self.pointer = Pointer(self.instance)
        self.load_underlying: Callable[[], Type | None] | None = None
        self.load_methods: Callable[[], dict[str, Method]] | None = None
        self._underlying: Type | None = None
        self._methods: dict[str, Method] | None = None
        self.selections: dict[str, object] = {}
        """Fields and methods that were looked up, by name."""
        self.callees: dict[tuple[str, bool], object] = {}
        """What calling a method or field is, by its name and whether by pointer."""

    @property
    def canonical(self) -> str:
        """``net/http.Server``."""
        return f"{self.package}.{self.name}" if self.package else self.name

    @property
    def underlying(self) -> Type | None:
        """The underlying type with the type's own parameters; None when unknown."""
        load = self.load_underlying
        if load is not None:
            self.load_underlying = None
            found = load()
            seen = {id(self)}
            while isinstance(found, Named) and id(found.definition) not in seen:
                other = found.definition
                seen.add(id(other))
                pending = other.load_underlying if len(seen) < MAX_CHAIN else None
                inner = pending() if pending is not None else other._underlying
                found = substitute(inner, bindings(found)) if found.args else inner
            self._underlying = None if isinstance(found, Named) else found
        return self._underlying

    @property
    def methods(self) -> dict[str, Method]:
        """Methods declared on the type itself."""
        if self._methods is None:
            self._methods = {}
            if self.load_methods is not None:
                self._methods = self.load_methods()
        return self._methods


class Named(msgspec.Struct, frozen=True, gc=False, eq=False):
    """A declared type, instantiated with ``args`` when it is generic."""

    definition: Definition
    args: tuple[Type | None, ...] = ()


Type: TypeAlias = (
    Basic
    | Pointer
    | Slice
    | Map
    | Chan
    | TypeParam
    | Func
    | Tuple
    | Struct
    | Interface
    | Opaque
    | Named
)

VOID = Tuple(())
MAX_CHAIN = 100
"""Declared types defined by one another that are followed."""


def bindings(named: Named) -> dict[str, Type | None]:
    """Type parameter names of an instantiated type to their arguments."""
    return {p.name: a for p, a in zip(named.definition.type_params, named.args, strict=False)}


def substitute(type_: Type | None, bound: dict[str, Type | None]) -> Type | None:
    """The type with type parameters replaced."""
    if type_ is None or not bound:
        return type_
    match type_:
        case TypeParam():
            return bound.get(type_.name, type_)
        case Pointer():
            return Pointer(substitute(type_.elem, bound))
        case Slice():
            return Slice(substitute(type_.elem, bound))
        case Map():
            return Map(substitute(type_.key, bound), substitute(type_.elem, bound))
        case Chan():
            return Chan(substitute(type_.elem, bound))
        case Named():
            if not type_.args:
                return type_
            return Named(type_.definition, _all(type_.args, bound))
        case Func():
            return substitute_func(type_, bound)
        case Struct():
            return Struct(tuple([_substituted(field, bound) for field in type_.fields]))
        case Interface():
            methods = {name: substitute_func(m, bound) for name, m in type_.methods.items()}
            return Interface(methods, _all(type_.embeds, bound), substitute(type_.core, bound))
        case Tuple():
            return Tuple(_all(type_.items, bound))
    return type_


def substitute_func(func: Func, bound: dict[str, Type | None]) -> Func:
    """A function type with type parameters replaced; those that are bound are gone."""
    if not bound:
        return func
    left = tuple(p for p in func.type_params if p.name not in bound)
    return Func(
        lambda: _all(func.params, bound), lambda: _all(func.results, bound), func.variadic, left
    )


def _substituted(field: Field, bound: dict[str, Type | None]) -> Field:
    return Field(field.name, lambda: substitute(field.type, bound), field.embedded)


def _all(types: tuple[Type | None, ...], bound: dict[str, Type | None]) -> tuple[Type | None, ...]:
    return tuple([substitute(t, bound) for t in types])


def underlying(type_: Type | None) -> Type | None:
    """The underlying type; a type parameter's is its bound."""
    if isinstance(type_, Named):
        found = type_.definition.underlying
        return substitute(found, bindings(type_)) if type_.args else found
    if isinstance(type_, TypeParam):
        found = underlying(type_.bound)
        if isinstance(found, Interface) and found.core is not None:
            return underlying(found.core)
        return found
    return type_


def pointer(type_: Type | None) -> Pointer:
    """``*type_``: always the same one for a declared type."""
    if isinstance(type_, Named) and not type_.args:
        return type_.definition.pointer
    return Pointer(type_)


def deref(type_: Type | None) -> Type | None:
    """The pointed-to type of a pointer, else the type itself."""
    return type_.elem if isinstance(type_, Pointer) else type_


def named(type_: Type | None) -> Named | None:
    """The declared type behind at most one pointer."""
    base = deref(type_)
    return base if isinstance(base, Named) else None
