"""From types as written to types as resolved."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from archlint.model import ir
from archlint.program.golang.package import UnknownPackage
from archlint.program.golang.types import (
    Chan,
    Field,
    Func,
    Interface,
    Map,
    Named,
    Slice,
    Struct,
    Type,
    TypeParam,
    pointer,
)
from archlint.program.golang.universe import UNIVERSE

if TYPE_CHECKING:
    from archlint.program.golang.source import Unit

Scope = Callable[[str], "Type | None"]
"""Finds a local name that means a type: a type parameter or a type declared in a function."""


def convert(type_: ir.Type | None, unit: Unit, local: Scope | None) -> Type | None:
    """The meaning of a written type; None for what is unknown."""
    converter = _CONVERTERS.get(type(type_))
    return converter(type_, unit, local) if converter is not None else None


def _pointer(type_: ir.TPointer, unit: Unit, local: Scope | None) -> Type:
    return pointer(convert(type_.elem, unit, local))


def _slice(type_: ir.TSlice, unit: Unit, local: Scope | None) -> Type:
    return Slice(convert(type_.elem, unit, local))


def _map(type_: ir.TMap, unit: Unit, local: Scope | None) -> Type:
    return Map(convert(type_.key, unit, local), convert(type_.elem, unit, local))


def _chan(type_: ir.TChan, unit: Unit, local: Scope | None) -> Type:
    return Chan(convert(type_.elem, unit, local))


def _struct(type_: ir.TStruct, unit: Unit, local: Scope | None) -> Type:
    return Struct(tuple([_field(field, unit, local) for field in type_.fields]))


def _field(field: ir.TField, unit: Unit, local: Scope | None) -> Field:
    return Field(field.name, lambda: convert(field.type, unit, local), field.embedded)


def _named(type_: ir.TName, unit: Unit, local: Scope | None) -> Type | None:
    name = type_.name
    found = local(name) if local is not None and "." not in name else None
    if found is None:
        found = unit.type_named(name)
    if type_.args and isinstance(found, Named):
        args = tuple([convert(arg, unit, local) for arg in type_.args])
        return Named(found.definition, args)
    return found


def top_level(name: str, unit: Unit) -> Type | None:
    """The type that a name means outside functions; None for other things and unknown ones."""
    if "." in name:
        return _qualified(name, unit)
    symbol = unit.named(name)
    if symbol is None:
        return UNIVERSE.get(name)
    return symbol.type if symbol.kind == "type" else None


def _qualified(name: str, unit: Unit) -> Type | None:
    qualifier, _, member = name.partition(".")
    package = unit.imports.search(qualifier)
    if package is None:
        return None
    symbol = package.lookup(member)
    if symbol is not None:
        return symbol.type if symbol.kind == "type" else None
    if isinstance(package, UnknownPackage):
        return package.definition(member).instance
    return None


def convert_func(
    type_: ir.TFunc, unit: Unit, local: Scope | None, scope: dict[str, Type | None] | None = None
) -> Func:
    """A function type; its type parameters are put into ``scope``, which ``local`` reads."""
    params: list[TypeParam] = []
    for field in type_.type_params:
        param = TypeParam(field.name, None)
        if scope is not None:
            scope[field.name] = param
    for field in type_.type_params:
        param = TypeParam(field.name, _bound(convert(field.type, unit, local)))
        params.append(param)
        if scope is not None:
            scope[field.name] = param
    return Func(
        lambda: tuple([convert(f.type, unit, local) for f in type_.params]),
        lambda: tuple([convert(f.type, unit, local) for f in type_.results]),
        type_.variadic,
        tuple(params),
    )


def _bound(type_: Type | None) -> Type | None:
    """A constraint worth keeping: one with methods or a core type."""
    if isinstance(type_, Interface) and not type_.methods and not type_.embeds:
        return type_.core
    return type_


def _interface(type_: ir.TInterface, unit: Unit, local: Scope | None) -> Interface:
    methods: dict[str, Func] = {}
    for member in type_.members:
        if isinstance(member.type, ir.TFunc):
            methods[member.name] = convert_func(member.type, unit, local)
    embeds: list[Type | None] = []
    core: Type | None = None
    for embedded in type_.embeds:
        if isinstance(embedded, ir.TUnion):
            core = _union(embedded, unit, local)
        else:
            embeds.append(convert(embedded, unit, local))
    return Interface(methods, tuple(embeds), core)


def _union(type_: ir.TUnion, unit: Unit, local: Scope | None) -> Type | None:
    """The core type of a union: its only term's, else unknown."""
    if len(type_.members) != 1:
        return None
    return convert(type_.members[0], unit, local)


_CONVERTERS: dict[type, Callable[..., Type | None]] = {
    ir.TName: _named,
    ir.TPointer: _pointer,
    ir.TSlice: _slice,
    ir.TMap: _map,
    ir.TChan: _chan,
    ir.TFunc: convert_func,
    ir.TStruct: _struct,
    ir.TInterface: _interface,
    ir.TUnion: _union,
}
