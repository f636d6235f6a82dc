"""Go types as the resolver sees them; ``None`` where a type is expected means unknown."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import msgspec

FunctionId: TypeAlias = tuple[str, int]
Types: TypeAlias = "tuple[Type | None, ...]"


class Basic(msgspec.Struct, frozen=True, gc=False):
    """A predeclared type; ``untyped`` marks a constant's kind (``int``, ``rune``, ``nil``, ...)."""

    name: str
    untyped: bool = False


class Pointer(msgspec.Struct, frozen=True, gc=False, eq=False):
    """``*elem``."""

    elem: Type | None


class Slice(msgspec.Struct, frozen=True, gc=False, eq=False):
    """A slice or an array."""

    elem: Type | None


class Map(msgspec.Struct, frozen=True, gc=False, eq=False):
    """``map[key]elem``."""

    key: Type | None
    elem: Type | None


class Chan(msgspec.Struct, frozen=True, gc=False, eq=False):
    """A channel, whatever its direction."""

    elem: Type | None


class TypeParam(msgspec.Struct, frozen=True, gc=False, eq=False):
    """A type parameter; ``bound`` is its core type or constraint interface, None for ``any``."""

    name: str
    bound: Type | None = None


class Func:
    """A function's type; a variadic one's last parameter has its element's type.

    Parameters and results may be given as functions, which are called when they are first asked.
    """

    __slots__ = ("_params", "_results", "type_params", "variadic")

    def __init__(
        self,
        params: Types | Callable[[], Types],
        results: Types | Callable[[], Types],
        variadic: bool = False,
        type_params: tuple[TypeParam, ...] = (),
    ) -> None:
        self._params = params
        self._results = results
        self.variadic = variadic
        self.type_params = type_params

    @property
    def params(self) -> Types:
        """The parameters' types."""
        found = self._params
        if not isinstance(found, tuple):
            found = self._params = found()
        return found

    @property
    def results(self) -> Types:
        """The results' types."""
        found = self._results
        if not isinstance(found, tuple):
            found = self._results = found()
        return found


class Tuple(msgspec.Struct, frozen=True, gc=False, eq=False):
    """What a call with no or several results gives."""

    items: tuple[Type | None, ...]


class Field:
    """A struct's field; ``load`` gives its type when it is first asked."""

    __slots__ = ("_load", "_type", "embedded", "name")

    def __init__(self, name: str, load: Callable[[], Type | None], embedded: bool = False) -> None:
        self.name = name
        self.embedded = embedded
        self._load: Callable[[], Type | None] | None = load
        self._type: Type | None = None

    @property
    def type(self) -> Type | None:
        """The field's type; None while it is being worked out or when it is unknown."""
        load = self._load
        if load is not None:
            self._load = None
            self._type = load()
        return self._type


class Struct:
    """A struct: its fields in order, and by name."""

    __slots__ = ("by_name", "embedded", "fields")

    def __init__(self, fields: tuple[Field, ...]) -> None:
        self.fields = fields
        self.by_name = {field.name: field for field in reversed(fields)}
        self.embedded = tuple([field for field in fields if field.embedded])


class Interface(msgspec.Struct, frozen=True, gc=False, eq=False):
    """An interface: own methods, and embedded ones; ``core`` is a constraint's single core type."""

    methods: dict[str, Func]
    embeds: tuple[Type | None, ...] = ()
    core: Type | None = None


class Opaque(msgspec.Struct, frozen=True, gc=False):
    """A value of an outside package that is not known; ``path`` is how it came about.

    ``github.com/x/y.New()`` is what calling ``New`` gives, ``...New()[1]`` its second result.
    """

    path: str


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
