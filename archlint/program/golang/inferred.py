"""Registrations at routers that no table knows, told by their shape alone.

A call registers a handler when one argument is a route (``"/users"``, ``"GET /users"``) and a later
one serves requests by its type, whoever is called. A literal does when one field is a route and
another one a handler. Labels of what is found so end with ``(inferred)``.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from archlint.knowledge.frameworks import CallEntry
from archlint.model import ir
from archlint.model.pattern import lazy_regex
from archlint.program.golang.calls import Callee
from archlint.program.golang.labels import PATHS, VERBS, Site
from archlint.program.golang.literals import leaf
from archlint.program.golang.place import Place
from archlint.program.golang.routes import Routes
from archlint.program.golang.shapes import (
    is_handler_type,
    is_http,
    module_of,
    serves_http,
    shape_of,
    takes_context,
)
from archlint.program.golang.types import (
    FunctionId,
    Map,
    Named,
    Slice,
    Struct,
    Type,
    deref,
    named,
    underlying,
)
from archlint.program.golang.universe import BASIC

if TYPE_CHECKING:
    from archlint.program.golang.linker import GoLinker

MARK = " (inferred)"
_METHODS = {
    **{verb.lower(): verb for verb in ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS")},
    **{"connect": "CONNECT", "trace": "TRACE", "del": "DELETE", "any": "ANY", "all": "ANY"},
}
_REGISTERS = {
    "add", "handle", "handlefunc", "handler", "handlerfunc", "handlemethod", "map", "match",
    "method", "methodfunc", "methods", "on", "register", "route", "addroute", "addhandler",
}  # fmt: skip
_ROUTE = lazy_regex(r"(?:[A-Z]+ )?\^?/(?!/)[^\s\\]*$")
_VERB = lazy_regex(r"[A-Z]+(?:[,|][A-Z]+)*$")
_NAMES = {ir.Name, ir.Member, ir.Binary}
_VALUES = {ir.Name, ir.Member, ir.FunctionRef, ir.Call, ir.Unary, ir.Composite, ir.Index}
_DEPTH = 3


class Inferred:
    """Finds the registrations; ``known`` are the callees that tables describe."""

    def __init__(self, linker: GoLinker, routes: Routes, known: set[str]) -> None:
        self._linker = linker
        self._routes = routes
        self._known = known
        self._registering: dict[FunctionId, bool] = {}
        self._modules: set[str] = set()

    def sites(self) -> Iterator[tuple[Site, list[Place]]]:
        """Each registration with its handler expressions."""
        for name, places in self._linker.written.items():
            verb = _METHODS.get(name.lower(), "")
            likely = bool(verb) or name.lower() in _REGISTERS
            for place in places if name != "Use" else ():
                if _may_register(place.expr, verb, likely):
                    found = self._call(place, verb, likely)
                    if found is not None:
                        yield found
        for place in self._linker.written.get("Use", ()):
            yield from self._middleware(place)
        for place in self._linker.literals.all:
            if _may_hold_routes(place.expr):
                yield from self._literal(place, self._linker.evaluator.type_of(*place))

    # --------------------------------------------------------------- calls

    def _call(self, place: Place, verb: str, likely: bool) -> tuple[Site, list[Place]] | None:
        call = place.expr
        assert isinstance(call, ir.Call)
        if not call.args:
            return None
        at = self._route_at(place, call.args, likely)
        if at < 0 and not (verb and self._chained(call)):
            return None
        rest = [arg for arg in call.args[at + 1 :] if type(arg) in _VALUES]
        if not rest:
            return None
        callee = self._linker.calls.callee(place.unit, place.holder, call)
        module = self._module(callee)
        if module is None:
            return None
        handlers = [
            inner
            for inner in (Place(place.unit, place.holder, arg) for arg in rest)
            if self._handles(inner, module, bool(verb))
        ]
        if not handlers or (not module and not self._accepts(callee, handlers)):
            return None
        self._modules.add(module)
        stated = at > 0 and not verb and self._is_verb(place, call.args[at - 1])
        entry = CallEntry(
            callee=(),
            handlers=("0",),
            path=str(at) if at >= 0 else "",
            verb=verb or "ANY",
            label=(f"{{{at - 1}}} {{path}}" if stated else "{NAME} {path}") + MARK,
        )
        return Site(place, entry, module), handlers

    def _route_at(self, place: Place, args: tuple[ir.Expr, ...], likely: bool) -> int:
        """The position of the argument that is a route, -1 for none."""
        for i, arg in enumerate(args[:3]):
            if type(arg) is ir.Literal:
                text = arg.value if arg.kind == "string" else None
                if text is not None and (_ROUTE.match(text) or (not text and likely)):
                    return i
            elif likely and type(arg) in _NAMES and i + 1 < len(args):
                text = self._routes.text(Place(place.unit, place.holder, arg))
                if text is not None and _ROUTE.match(text):
                    return i
        return -1

    def _is_verb(self, place: Place, expr: ir.Expr) -> bool:
        text = self._routes.text(Place(place.unit, place.holder, expr))
        return text is not None and _VERB.match(text) is not None

    def _chained(self, call: ir.Call) -> bool:
        """Whether the route is an argument further up the chain: ``r.Path("/x").Get(h)``."""
        inner = call.callee
        while isinstance(inner, ir.Member) and isinstance(inner.object, ir.Call):
            call = inner.object
            first = call.args[0] if call.args else None
            if isinstance(first, ir.Literal) and _ROUTE.match(first.value):
                return True
            inner = call.callee
        return False

    def _module(self, callee: Callee) -> str | None:
        """The module of the callee: "" for the repo's own; None for what is no router."""
        if callee.canonical in self._known:
            return None
        package = callee.package or callee.canonical
        if self._linker.is_local(package) or callee.functions:
            return ""
        if not package:
            return "" if callee.kind in {"dynamic", "unknown", "value", "closure"} else None
        return module_of(package) if "." in package.split("/", 1)[0] else None

    def _handles(self, place: Place, module: str, verb: bool, depth: int = 0) -> bool:
        """Whether an argument serves requests, by its type or that of what it wraps."""
        type_ = self._linker.evaluator.type_of(*place)
        if serves_http(type_) or is_handler_type(type_, module):
            return True
        shape = shape_of(type_)
        if shape is not None:
            return is_http(shape) or takes_context(shape, module)
        if isinstance(place.expr, ir.Call) and depth < _DEPTH:
            return any(
                self._handles(Place(place.unit, place.holder, arg), module, verb, depth + 1)
                for arg in place.expr.args
                if type(arg) in _VALUES
            )
        return False

    def _accepts(self, callee: Callee, handlers: list[Place]) -> bool:
        """Whether something of the repo takes handlers to serve them."""
        if callee.kind == "unknown" and not callee.canonical:
            return self._plain(handlers)
        if serves_http(callee.receiver) or self._plain(handlers):
            return True
        functions = callee.functions
        if not functions and callee.selection is not None and callee.receiver is not None:
            method = callee.canonical.rpartition(".")[2]
            functions = self._linker.dispatch.targets(callee.receiver, method)
        return any(self._registers(function, 0) for function in functions[:4])

    def _plain(self, handlers: list[Place]) -> bool:
        """Whether a handler is one of net/http."""
        for place in handlers:
            type_ = self._linker.evaluator.type_of(*place)
            shape = shape_of(type_)
            if serves_http(type_) or (shape is not None and is_http(shape)):
                return True
        return False

    def _registers(self, function: FunctionId, depth: int) -> bool:
        """Whether a function hands what it is given to a router, itself or by those it calls."""
        found = self._registering.get(function)
        if found is None:
            self._registering[function] = False
            found = self._registering[function] = self._calls_router(function, depth)
        return found

    def _calls_router(self, function: FunctionId, depth: int) -> bool:
        unit = self._linker.world.units[function[0]]
        for call in unit.body(function[1]).calls:
            callee = self._linker.calls.callee(unit, function[1], call)
            if callee.canonical in self._known:
                return True
            name = _called(call.callee).lower()
            outside = self._module(callee)
            if outside and len(call.args) > 1 and (name in _METHODS or name in _REGISTERS):
                return True
            inner = callee.functions[:1] if depth < _DEPTH else ()
            if any(self._registers(target, depth + 1) for target in inner):
                return True
        return False

    def _middleware(self, place: Place) -> Iterator[tuple[Site, list[Place]]]:
        """``r.Use(f)`` at a router of a module that was seen to take routes."""
        assert isinstance(place.expr, ir.Call)
        callee = self._linker.calls.callee(place.unit, place.holder, place.expr)
        module = self._module(callee)
        if not module or module not in self._modules:
            return
        args = [Place(place.unit, place.holder, arg) for arg in place.expr.args]
        entry = CallEntry(
            callee=(), handlers=("0..",), role="middleware", label="{name} {path}" + MARK
        )
        yield Site(place, entry, module), args

    # ------------------------------------------------------------ literals

    def _literal(self, place: Place, type_: Type | None) -> Iterator[tuple[Site, list[Place]]]:
        """Routes in a literal: structs with a path and a handler, maps from names to handlers."""
        expr = place.expr
        assert isinstance(expr, ir.Composite)
        shape = underlying(deref(type_))
        if isinstance(shape, Slice | Map):
            for entry in expr.entries:
                inner = Place(place.unit, place.holder, entry.value)
                if isinstance(entry.value, ir.Composite) and entry.value.type is None:
                    yield from self._literal(inner, shape.elem)
                elif isinstance(shape, Map) and self._plain([inner]):
                    yield self._named(place, entry), [inner]
        elif len(expr.entries) > 1:
            yield from self._struct(place, type_, _fields(expr, shape))

    def _named(self, place: Place, entry: ir.Property) -> Site:
        key = entry.computed or ir.Literal(entry.at, "string", entry.key or "")
        found = CallEntry(callee=(), handlers=("0",), verb="ANY", label="{NAME} {path}" + MARK)
        return Site(place, found, "", (), (("route", Place(place.unit, place.holder, key)),))

    def _struct(
        self, place: Place, type_: Type | None, fields: dict[str, ir.Expr]
    ) -> Iterator[tuple[Site, list[Place]]]:
        paths = [value for key, value in fields.items() if key in PATHS]
        if not paths or not self._is_route(place, paths[0]):
            return
        base = named(type_)
        package = base.definition.package if isinstance(base, Named) else ""
        module = "" if not package or self._linker.is_local(package) else module_of(package)
        values = [
            inner
            for inner in (Place(place.unit, place.holder, value) for value in fields.values())
            if type(inner.expr) in _VALUES and self._handles(inner, module, False)
        ]
        if values:
            kept = tuple(
                (key, Place(place.unit, place.holder, value))
                for key, value in fields.items()
                if key in PATHS or key in VERBS
            )
            entry = CallEntry(callee=(), handlers=("0",), verb="ANY", label="{NAME} {path}" + MARK)
            yield Site(place, entry, module, (), kept), values

    def _is_route(self, place: Place, expr: ir.Expr) -> bool:
        text = self._routes.text(Place(place.unit, place.holder, expr))
        return text is not None and _ROUTE.match(text) is not None


def _may_register(call: ir.Expr, verb: str, likely: bool) -> bool:
    """Whether a call has what may be a route, and a handler after it."""
    args = call.args if isinstance(call, ir.Call) else ()
    if len(args) < 2 or not likely:
        return bool(verb and args) or (
            len(args) > 1 and any(type(arg) is ir.Literal and "/" in arg.value for arg in args[:3])
        )
    return True


def _may_hold_routes(literal: ir.Expr) -> bool:
    """Whether a literal is more than a list, a map of plain values or fields none of them a path.

    Keys of a map from another package are taken to look otherwise than names of fields.
    """
    assert isinstance(literal, ir.Composite)
    type_, entries = literal.type, literal.entries
    if isinstance(type_, ir.TSlice | ir.TMap) and not _nested(entries):
        return isinstance(type_, ir.TMap) and leaf(type_.elem) not in BASIC
    if not isinstance(type_, ir.TName) or "." not in type_.name or _nested(entries):
        return True
    return any(
        entry.key is None or entry.key.lower() in PATHS or not entry.key[:1].isupper()
        for entry in entries
    )


def _nested(entries: tuple[ir.Property, ...]) -> bool:
    return any(type(e.value) is ir.Composite and e.value.type is None for e in entries)


def _called(callee: ir.Expr) -> str:
    if type(callee) is ir.Member:
        return callee.name
    return callee.id if type(callee) is ir.Name else ""


def _fields(expr: ir.Composite, shape: Type | None) -> dict[str, ir.Expr]:
    """A struct literal's values by lower-case field name."""
    found: dict[str, ir.Expr] = {}
    for i, entry in enumerate(expr.entries):
        name = entry.key
        if name is None and isinstance(shape, Struct) and i < len(shape.fields):
            name = shape.fields[i].name
        if name:
            found[name.lower()] = entry.value
    return found
