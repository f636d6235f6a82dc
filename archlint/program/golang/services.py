"""Entry points by shape: services of generated code, GraphQL resolvers, handlers left over."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from archlint.model import ir
from archlint.model.facts import FunctionFacts
from archlint.model.finding import Context, EntryPoint
from archlint.model.location import line_of
from archlint.model.pattern import lazy_regex
from archlint.program.golang.dispatch import is_stand_in
from archlint.program.golang.inferred import MARK
from archlint.program.golang.literals import leaf
from archlint.program.golang.place import Place
from archlint.program.golang.select import function_of, interface_methods, method_set
from archlint.program.golang.source import Unit, receiver_name
from archlint.program.golang.types import (
    Definition,
    Func,
    FunctionId,
    Interface,
    Named,
    Type,
    named,
    underlying,
)
from archlint.program.program import CallEdge

if TYPE_CHECKING:
    from archlint.program.golang.linker import GoLinker

_GENERATED = lazy_regex(r"(?:Register\w*|New\w+)(?:Server|Service|Handler)$")
"""What generators call the functions that take a service's implementation."""
_REGISTRARS = ("google.golang.org/grpc.", "google.golang.org/grpc/")
"""Modules that tables describe: what generated code calls in turn."""
_GQLGEN = "github.com/99designs/gqlgen/graphql"


def service_entries(linker: GoLinker) -> Iterator[EntryPoint]:
    """Methods of services that generated code registers, and resolvers."""
    for name, places in linker.written.items():
        if _GENERATED.match(name):
            for place in places:
                if isinstance(place.expr, ir.Call) and type(place.expr.callee) is ir.Member:
                    yield from _service(linker, place, place.expr)
    yield from _resolvers(linker)


def _service(linker: GoLinker, place: Place, call: ir.Call) -> Iterator[EntryPoint]:
    """A service handed to code outside the repo: ``pb.RegisterShopServer(s, &shop{})``."""
    callee = linker.calls.callee(place.unit, place.holder, call)
    package = callee.package or callee.canonical
    if callee.functions or linker.is_local(package) or "." not in package.split("/", 1)[0]:
        return
    if package.startswith(_REGISTRARS):
        return
    for arg in call.args[:2]:
        type_ = linker.evaluator.type_of(place.unit, place.holder, arg)
        for definition in _implementations(linker, type_):
            for name, function in _remote_methods(definition):
                if function in linker.handlers:
                    continue
                linker.handlers.add(function)
                yield EntryPoint(
                    kind=Context.REQUEST,
                    label=f"RPC {definition.name}/{name}{MARK}",
                    path=place.unit.facts.path,
                    line=line_of(place.unit.facts, call.paren),
                    framework=package.rpartition("/")[2].partition(".")[0],
                    function=function,
                )


def _implementations(linker: GoLinker, type_: Type | None) -> list[Definition]:
    """The repo's types that a value may be of."""
    base = named(type_)
    if base is None or not base.definition.file:
        return []
    shape = underlying(base)
    if not isinstance(shape, Interface):
        return [base.definition]
    found = linker.dispatch.implementers(shape)
    return [d for d in found if not d.name.startswith("Unimplemented") and not is_stand_in(d.file)]


def _remote_methods(definition: Definition) -> Iterator[tuple[str, FunctionId]]:
    """The exported methods that take a context and a message, and may fail."""
    for name, found in sorted(method_set(definition).items()):
        function = found.method.function if found.method is not None else None
        if function is None or not name[:1].isupper() or not isinstance(found.type, Func):
            continue
        params, results = found.type.params, found.type.results
        if not params or len(params) > 3 or not results or len(results) > 2:
            continue
        first = _name(params[0])
        streams = len(params) == 1 and len(results) == 1 and first.endswith("Server")
        unary = first == "context.Context" and len(params) > 1
        if _name(results[-1]) == "error" and (unary or streams):
            yield name, function


def _name(type_: Type | None) -> str:
    base = named(type_)
    return base.definition.canonical if isinstance(base, Named) else ""


def _resolvers(linker: GoLinker) -> Iterator[EntryPoint]:
    """What gqlgen's ``ResolverRoot`` gives: interfaces whose methods resolve fields."""
    for packages in linker.world.local.values():
        for package in packages.values():
            if not any(
                item.specifier == _GQLGEN for unit in package.units for item in unit.facts.imports
            ):
                continue
            symbol = package.lookup("ResolverRoot")
            shape = underlying(symbol.type) if symbol is not None else None
            if isinstance(shape, Interface):
                for signature in interface_methods(shape).values():
                    yield from _resolved(linker, signature.results)


def _resolved(linker: GoLinker, results: tuple[Type | None, ...]) -> Iterator[EntryPoint]:
    base = named(results[0]) if results else None
    shape = underlying(base)
    if base is None or not isinstance(shape, Interface):
        return
    type_ = base.definition.name.removesuffix("Resolver")
    names = interface_methods(shape).keys()
    for definition in linker.dispatch.implementers(shape):
        for name in sorted(names):
            function = function_of(definition, name)
            if function is not None:
                unit = linker.world.units[function[0]]
                facts = unit.facts.functions[function[1]]
                linker.handlers.add(function)
                label = f"GraphQL {type_}.{name[:1].lower()}{name[1:]}"
                yield _at_function(unit, facts, label, "gqlgen")


# ------------------------------------------------------------------- leftovers


def shaped_handlers(linker: GoLinker, edges: list[CallEdge]) -> Iterator[EntryPoint]:
    """Functions that can only be handlers, by their parameters, and that nobody calls.

    ``[[typed]]`` tables say what handlers' parameters are.
    """
    shapes = {entry.params: table.name for table in linker.tables for entry in table.typed}
    known = {package.rpartition(".")[0] for params in shapes for package in params}
    first = linker.literals.spellings({params[0].rpartition(".")[2] for params in shapes})
    called = {edge.callee for edge in edges if edge.kind != "callback"}
    called |= {edge.callee for edge in edges if edge.caller in linker.handlers}
    for unit in linker.world.production():
        if not any(item.specifier in known for item in unit.facts.imports):
            continue
        if is_stand_in(unit.facts.path):
            continue
        for function in unit.facts.functions[1:]:
            ident = (unit.facts.path, function.index)
            if function.kind not in {"function", "method"} or not function.params:
                continue
            if leaf(function.params[0].type) not in first:
                continue
            if ident in called or ident in linker.handlers or function.body is None:
                continue
            framework = shapes.get(_params(linker, unit, function))
            if framework is not None:
                owner = receiver_name(function) if function.receiver is not None else ""
                name = f"{owner}.{function.name}" if owner else function.name
                yield _at_function(unit, function, f"handler {name}{MARK}", framework)


def _params(linker: GoLinker, unit: Unit, function: FunctionFacts) -> tuple[str, ...]:
    if len(function.params) > 3:
        return ()
    return tuple(
        _name(linker.evaluator.written(unit, function.index, param.type, function.at))
        for param in function.params
    )


def _at_function(unit: Unit, facts: FunctionFacts, label: str, framework: str) -> EntryPoint:
    return EntryPoint(
        kind=Context.REQUEST,
        label=label,
        path=unit.facts.path,
        line=line_of(unit.facts, facts.at),
        framework=framework,
        function=(unit.facts.path, facts.index),
    )
