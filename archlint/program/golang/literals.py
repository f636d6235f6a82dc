"""Composite literals of the production code, by what their types are called."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING

from archlint.model import ir
from archlint.program.golang.place import Place
from archlint.program.golang.types import (
    Definition,
    Map,
    Slice,
    Type,
    deref,
    named,
    underlying,
)

if TYPE_CHECKING:
    from archlint.program.golang.linker import GoLinker


class Literals:
    """Finds literals; what their names cannot mean is not resolved."""

    def __init__(self, linker: GoLinker) -> None:
        self._linker = linker

    @cached_property
    def all(self) -> list[Place]:
        """Every literal, elided ones in other literals apart."""
        return [
            Place(unit, function.index, literal)
            for unit in self._linker.world.production()
            for function in unit.facts.functions
            for literal in unit.body(function.index).composites
        ]

    def of(self, canonical: set[str]) -> Iterator[tuple[Place, Definition]]:
        """The literals of declared types with these names, elided ones included."""
        wanted = self.spellings({name.rpartition(".")[2] for name in canonical})
        for place in self.all:
            literal = place.expr
            assert isinstance(literal, ir.Composite)
            if leaf(literal.type) in wanted or _holds_literals(literal):
                type_ = self._linker.evaluator.type_of(*place)
                for found, definition in self._within(place, literal, type_):
                    if definition.canonical in canonical:
                        yield found, definition

    def spellings(self, names: set[str]) -> set[str]:
        """Names of types without their packages, and what the repo's own aliases call them."""
        found = set(names)
        while more := {alias for alias, meant in self._aliases if meant in found} - found:
            found |= more
        return found

    @cached_property
    def _aliases(self) -> list[tuple[str, str]]:
        return [
            (type_.name, leaf(type_.type))
            for unit in self._linker.world.units.values()
            for type_ in unit.facts.types
            if type_.kind == "alias"
        ]

    def _within(
        self, place: Place, literal: ir.Composite, type_: Type | None
    ) -> Iterator[tuple[Place, Definition]]:
        base = named(type_)
        if base is not None:
            yield place, base.definition
        shape = underlying(deref(type_))
        if isinstance(shape, Slice | Map):
            for entry in literal.entries:
                if isinstance(entry.value, ir.Composite) and entry.value.type is None:
                    inner = place._replace(expr=entry.value)
                    yield from self._within(inner, entry.value, shape.elem)


def leaf(type_: ir.Type | None) -> str:
    """The name at the core of a written type, without its package; "" for none."""
    while type_ is not None:
        if isinstance(type_, ir.TName):
            return type_.name.rpartition(".")[2]
        if not isinstance(type_, ir.TPointer | ir.TSlice | ir.TMap):
            break
        type_ = type_.elem
    return ""


def _holds_literals(literal: ir.Composite) -> bool:
    return literal.type is not None and any(
        isinstance(entry.value, ir.Composite) and entry.value.type is None
        for entry in literal.entries
    )
