"""Handlers for generators whose code is not kept in the repo: what would call them is missing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from archlint.model import ir
from archlint.model.facts import FunctionFacts
from archlint.model.finding import Context, EntryPoint
from archlint.model.location import line_of
from archlint.program.golang.dispatch import is_stand_in
from archlint.program.golang.inferred import MARK
from archlint.program.golang.literals import leaf
from archlint.program.golang.source import Unit, receiver_name
from archlint.program.golang.types import Definition, Func, Type, named
from archlint.program.program import CallEdge

if TYPE_CHECKING:
    from archlint.program.golang.linker import GoLinker

_GQLGEN = "github.com/99designs/gqlgen/"
"""Source: https://gqlgen.com/getting-started, 2026-11; the generated ``ResolverRoot`` has a
function without parameters for each type that has resolvers."""
_SWAGGER = "github.com/go-openapi/runtime/middleware"
"""Source: https://goswagger.io, 2026-11; a handler takes an operation's ``Params`` and gives a
``Responder``."""


def ungenerated_handlers(linker: GoLinker, edges: list[CallEdge]) -> Iterator[EntryPoint]:
    """GraphQL resolvers and handlers of OpenAPI operations."""
    yield from _resolvers(linker)
    yield from _operations(linker, edges)


def _resolvers(linker: GoLinker) -> Iterator[EntryPoint]:
    """``func (r *Root) Query() QueryResolver { return &queryResolver{r} }``."""
    packages = {
        id(unit.package)
        for unit in linker.world.production()
        if any((item.specifier or "").startswith(_GQLGEN) for item in unit.facts.imports)
    }
    for unit in linker.world.production():
        if id(unit.package) in packages:
            for function in unit.facts.functions[1:]:
                type_ = _resolved(unit, function)
                for definition in _returned(linker, unit, function) if type_ else ():
                    yield from _fields(linker, type_, definition)


def _resolved(unit: Unit, function: FunctionFacts) -> str:
    """The GraphQL type whose resolver, of a type declared nowhere, a method gives; "" for none."""
    if function.kind != "method" or function.params or len(function.results) != 1:
        return ""
    result = function.results[0].type
    name = result.name if type(result) is ir.TName else ""
    if not name.endswith("Resolver") or "." in name or unit.package.lookup(name) is not None:
        return ""
    return name.removesuffix("Resolver")


def _returned(linker: GoLinker, unit: Unit, function: FunctionFacts) -> Iterator[Definition]:
    for stmt in unit.body(function.index).returns:
        for value in stmt.values:
            base = named(linker.evaluator.type_of(unit, function.index, value))
            if base is not None and base.definition.file:
                yield base.definition


def _fields(linker: GoLinker, type_: str, definition: Definition) -> Iterator[EntryPoint]:
    for name, method in sorted(definition.methods.items()):
        signature = method.signature
        if not name[:1].isupper() or method.function is None or not signature.params:
            continue
        if _name(signature.params[0]) == "context.Context":
            label = f"GraphQL {type_}.{name[:1].lower()}{name[1:]}"
            unit = linker.world.units[method.function[0]]
            facts = unit.facts.functions[method.function[1]]
            yield _at(unit, facts, label, "gqlgen")


def _operations(linker: GoLinker, edges: list[CallEdge]) -> Iterator[EntryPoint]:
    """Methods that nobody calls and that answer an operation of a package that is missing."""
    called = {edge.callee for edge in edges if edge.kind != "callback"}
    for unit in linker.world.production():
        if is_stand_in(unit.facts.path):
            continue
        if not any(item.specifier == _SWAGGER for item in unit.facts.imports):
            continue
        for function in unit.facts.functions[1:]:
            ident = (unit.facts.path, function.index)
            if function.kind != "method" or ident in called or ident in linker.handlers:
                continue
            if _answers(linker, unit, function):
                label = f"operation {receiver_name(function)}.{function.name}{MARK}"
                yield _at(unit, function, label, "go-swagger")


def _answers(linker: GoLinker, unit: Unit, function: FunctionFacts) -> bool:
    results = function.results
    if len(results) != 1 or leaf(results[0].type) != "Responder":
        return False
    for param in function.params:
        if leaf(param.type).endswith("Params"):
            base = named(linker.evaluator.written(unit, function.index, param.type, function.at))
            if base is not None and not linker.is_local(base.definition.package):
                return "/operations" in base.definition.package
    return False


def _name(type_: Type | None) -> str:
    base = named(type_) if not isinstance(type_, Func) else None
    return base.definition.canonical if base is not None else ""


def _at(unit: Unit, facts: FunctionFacts, label: str, framework: str) -> EntryPoint:
    return EntryPoint(
        kind=Context.REQUEST,
        label=label,
        path=unit.facts.path,
        line=line_of(unit.facts, facts.at),
        framework=framework,
        function=(unit.facts.path, facts.index),
    )
