"""Handlers in maps: by name in a literal of any map, by HTTP method in gorilla's MethodHandler."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archlint.model import ir
from archlint.program.golang.labels import Site
from archlint.program.golang.place import Place
from archlint.program.golang.types import FunctionId, Map, named, underlying

if TYPE_CHECKING:
    from archlint.program.golang.linker import GoLinker

_METHOD_MAP = "github.com/gorilla/handlers.MethodHandler"


class HandlerMaps:
    """Registrations that maps stand for, each as (site, handler)."""

    def __init__(self, linker: GoLinker) -> None:
        self._linker = linker
        self._kept: list[ir.Expr] = []
        """Expressions made here: results are memoised by identity, so they must live on."""

    def by_name(self, site: Site, place: Place) -> list[tuple[Site, Place]] | None:
        """Those of ``map[string]any{"add": add}``; None for what is no literal of a map."""
        literal = place.expr
        if not isinstance(literal, ir.Composite):
            return None
        if not isinstance(underlying(self._linker.evaluator.type_of(*place)), Map):
            return None
        found = []
        for entry in literal.entries:
            key = entry.computed or ir.Literal(entry.at, "string", entry.key or "")
            self._kept.append(key)
            fields = (*site.fields, ("route", place._replace(expr=key)))
            found.append((site._replace(fields=fields), place._replace(expr=entry.value)))
        return found

    def by_method(self, site: Site, function: FunctionId) -> list[tuple[Site, Place]]:
        """Those of ``handlers.MethodHandler{"GET": h}`` that a registered function makes."""
        unit = self._linker.world.units[function[0]]
        body = unit.body(function[1])
        found: list[tuple[ir.Expr, ir.Expr]] = []
        for literal in body.composites:
            if self._is_method_map(Place(unit, function[1], literal)):
                found += [(e.computed or _key(e), e.value) for e in literal.entries]
        for stmt in body.assigns:
            for target, value in zip(stmt.targets, stmt.values, strict=False):
                if isinstance(target, ir.Index) and self._is_method_map(
                    Place(unit, function[1], target.object)
                ):
                    found.append((target.indices[0], value))
        self._kept += [verb for verb, _ in found]
        return [
            (
                site._replace(fields=(*site.fields, ("method", Place(unit, function[1], verb)))),
                Place(unit, function[1], handler),
            )
            for verb, handler in found
        ]

    def _is_method_map(self, place: Place) -> bool:
        base = named(self._linker.evaluator.type_of(*place))
        return base is not None and base.definition.canonical == _METHOD_MAP


def _key(entry: ir.Property) -> ir.Expr:
    """A literal's static key: the name of a constant, or a string."""
    key = entry.key or ""
    if key.isidentifier() and not key.isupper():
        return ir.Name(entry.at, key)
    return ir.Literal(entry.at, "string", key)
