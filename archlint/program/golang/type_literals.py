"""Go types that need no declaration: basic types, type literals, type parameters, the unknown."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeAlias

import msgspec

if TYPE_CHECKING:
    from archlint.program.golang.types import Type

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
