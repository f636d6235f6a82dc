"""The predeclared types."""

from __future__ import annotations

from archlint.program.golang.types import Basic, Definition, Func, Interface, Named, Type

_NUMBERS = "int int8 int16 int32 int64 uint uint8 uint16 uint32 uint64 uintptr float32 float64"
BASIC: dict[str, Basic] = {
    name: Basic(name) for name in f"bool string complex64 complex128 byte rune {_NUMBERS}".split()
}
UNTYPED: dict[str, Basic] = {
    name: Basic(name, True) for name in ("bool", "int", "float", "rune", "string", "nil")
}


def _error() -> Named:
    definition = Definition("", "error")
    face = Interface({"Error": Func((), (BASIC["string"],))})
    definition.load_underlying = lambda: face
    return definition.instance


ERROR = _error()
ANY = Interface({})
UNIVERSE: dict[str, Type] = {**BASIC, "error": ERROR, "any": ANY, "comparable": ANY}

_DEFAULTS = {"int": "int", "float": "float64", "rune": "rune", "string": "string", "bool": "bool"}


def default_type(type_: Type | None) -> Type | None:
    """The type that a variable gets from a value: untyped constants have a default."""
    if isinstance(type_, Basic) and type_.untyped:
        name = _DEFAULTS.get(type_.name)
        return BASIC[name] if name else None
    return type_
