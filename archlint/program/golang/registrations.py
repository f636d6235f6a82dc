"""Entry points that calls and literals register: routes, consumers, commands, wrappers of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archlint.model import ir
from archlint.model.finding import Context, EntryPoint
from archlint.model.location import line_of
from archlint.program.golang import controllers
from archlint.program.golang.handlermaps import HandlerMaps
from archlint.program.golang.inferred import Inferred
from archlint.program.golang.labels import PATHS, VERBS, Labels, Site, in_test
from archlint.program.golang.place import Place
from archlint.program.golang.returned import encloses, returned_closures
from archlint.program.golang.routes import Frame, Routes
from archlint.program.golang.select import select
from archlint.program.golang.selected import Selected, handlers
from archlint.program.golang.types import Definition, Func, FunctionId, underlying
from archlint.program.golang.values import Value
from archlint.program.program import CallEdge

if TYPE_CHECKING:
    from archlint.program.golang.linker import GoLinker

WRAPPERS = 4
"""Wrappers around a registration that are followed."""
CALLERS = 400
"""Calls of one wrapper that are taken as registrations."""
_SERVING = ("ServeHTTP", "ProcessTask", "Run", "Consume")
_NOBODY: FunctionId = ("", -1)
"""The function of an entry point whose handler is not of the repo."""


class Registrations:
    """Finds the entry points that the framework tables describe."""

    def __init__(self, linker: GoLinker) -> None:
        self._linker = linker
        self._labels = Labels(linker, Routes(linker, linker.tables))
        self._selected = Selected(linker)
        self._maps = HandlerMaps(linker)
        self._found: dict[tuple[object, ...], EntryPoint] = {}
        self._kept: list[ir.Expr] = []
        """Expressions made here: results are memoised by identity, so they must live on."""
        self._tabled: frozenset[FunctionId] = frozenset()
        self._lines: set[tuple[str, int]] = set()
        """Files and lines of what was found."""
        self._routers: set[int] = set()
        """The calls that made routers."""
        self._derived: set[tuple[object, ...]] = set()
        self.edges: list[CallEdge] = []
        """Calls of what handlers return."""

    def find(self) -> list[EntryPoint]:
        """Every entry point, each once."""
        places = list(self._selected.places())
        for place, _ in places:
            self._route(place)
        for place, name in places:
            if in_test(place):
                continue
            for entry, framework in self._selected.entries[name]:
                site = Site(place, entry, framework)
                before = len(self._found)
                chosen = handlers(place, entry)
                for handler in chosen:
                    self._register(site, handler)
                if chosen and entry.path and len(self._found) == before:
                    self._served_outside(site, chosen[-1])
        for place, entry, framework, handler in self._selected.assigned():
            if not in_test(handler):
                self._register(Site(place, entry, framework), handler)
        self._infer()
        return list(self._found.values())

    def _infer(self) -> None:
        """Registrations that no table knows; what a table told is not doubted."""
        self._tabled = frozenset(self._linker.handlers)
        routes = self._labels.routes
        known = set(self._selected.calls) | routes.mounting
        for site, found in Inferred(self._linker, routes, known).sites():
            for handler in found:
                self._register(site, handler)

    def _served_outside(self, site: Site, handler: Place) -> None:
        """A route whose handler is not of the repo (``promhttp.Handler()``) is one all the same."""
        place = site.place
        line = _line(place)
        if site.entry.kind is not Context.REQUEST or site.entry.role != "handler":
            return
        values = self._linker.values.of(handler)
        if any(
            value.kind == "made" and id(value.place and value.place.expr) in self._routers
            for value in values
        ):
            return
        passed = any(value.kind == "param" for value in values)
        if (passed and type(handler.expr) is not ir.Call) or self._is_found(place, line):
            return
        label = self._labels.of(site, ("", ""))
        if "/" in label and "*" not in label.partition("/")[0]:
            key = (_NOBODY, label, place.unit.facts.path, line)
            self._found.setdefault(key, _entry_point(site, label, place, _NOBODY))

    def _route(self, place: Place) -> None:
        """Note the router that a registration is made at."""
        call = place.expr
        if isinstance(call, ir.Call) and isinstance(call.callee, ir.Member):
            receiver = place._replace(expr=call.callee.object)
            if type(receiver.expr) is not ir.Call:
                values = self._linker.values.of(receiver)
                self._routers |= {id(v.place.expr) for v in values if v.place is not None}

    def _is_found(self, place: Place, line: int) -> bool:
        return (place.unit.facts.path, line) in self._lines

    # ------------------------------------------------------------ handlers

    def _register(self, site: Site, handler: Place) -> None:
        """Enter the functions that a handler expression may be; follow parameters to callers."""
        if type(handler.expr) is ir.Literal:
            return
        mapped = self._maps.by_name(site, handler)
        if mapped is not None:
            self._register_all(mapped)
            return
        values = self._linker.values.of(handler)
        if isinstance(handler.expr, ir.Call):
            self._wrapped(site, handler)
        for value in values:
            if value.kind == "param":
                self._callers(site, value)
            elif site.entry.handlers[0].endswith(".*"):
                self._service(site, value)
            elif value.kind == "function":
                by_method = self._maps.by_method(site, value.function)
                self._register_all(by_method)
                if not by_method and not self._is_known(handler, value.function):
                    self._enter(site, value.function)
                self._captured(site, value.function, handler)
            elif value.kind == "type" and value.definition is not None:
                self._served(site, value.definition)

    def _is_known(self, handler: Place, function: FunctionId) -> bool:
        """Whether ``mw(h)`` gives a function again that wraps other handlers, ``mw`` a variable."""
        call = handler.expr
        return (
            isinstance(call, ir.Call)
            and function in self._linker.handlers
            and self._linker.calls.callee(handler.unit, handler.holder, call).kind == "value"
        )

    def _register_all(self, mapped: list[tuple[Site, Place]]) -> None:
        for site, handler in mapped:
            self._register(site, handler)

    def _wrapped(self, site: Site, handler: Place) -> None:
        """``mw(h)``: the handlers that are passed to what makes the handler."""
        assert isinstance(handler.expr, ir.Call)
        callee = self._linker.calls.callee(handler.unit, handler.holder, handler.expr)
        if callee.kind == "conversion":
            return
        for arg in handler.expr.args:
            inner = Place(handler.unit, handler.holder, arg)
            if type(arg) is ir.Call or self._serves(inner):
                self._register(site, inner)

    def _serves(self, place: Place) -> bool:
        """Whether a value can be a handler: a function, or something with ServeHTTP."""
        type_ = self._linker.evaluator.type_of(*place)
        if isinstance(underlying(type_), Func):
            return True
        found = select(type_, "ServeHTTP")
        return found is not None and found.kind != "field"

    def _served(self, site: Site, definition: Definition) -> None:
        for name in site.entry.serves or _SERVING:
            method = select(definition.instance, name)
            if method is not None and method.method is not None:
                if method.method.function is not None:
                    self._enter(site, method.method.function)
                return

    def _service(self, site: Site, value: Value) -> None:
        """The methods of a service or controller that serve calls."""
        if value.definition is None:
            return
        entry = site.entry
        text = self._labels.selected(site, entry.methods) if entry.methods else None
        for verb, name, function in controllers.served(entry, value.definition, text or ""):
            stated = ir.Literal(site.place.expr.at, "string", verb)
            self._kept.append(stated)
            fields = (("method", site.place._replace(expr=stated)),) if verb else ()
            told = site._replace(fields=(*site.fields, *fields))
            self._enter(told, function, (value.definition.name, name))

    def _callers(self, site: Site, value: Value, within: FunctionId | None = None) -> None:
        """A parameter is registered: each call of its function is a registration."""
        if len(site.frames) >= WRAPPERS:
            return
        for place in self._linker.index.callers.get(value.function, [])[:CALLERS]:
            call = place.expr
            key = (id(call), value.slot, id(site.place.expr), site.entry.label)
            if not isinstance(call, ir.Call) or key in self._derived or in_test(place):
                continue
            if within is not None and within != (place.unit.facts.path, place.holder):
                continue
            self._derived.add(key)
            frames = (Frame(value.function, place), *site.frames)
            function = self._linker.world.units[value.function[0]].facts.functions[
                value.function[1]
            ]
            rest = function.params[value.slot].rest if value.slot < len(function.params) else False
            chosen = call.args[value.slot :] if rest else call.args[value.slot : value.slot + 1]
            for arg in chosen:
                inner = Place(place.unit, place.holder, arg)
                self._register(site._replace(frames=frames), inner)

    def _captured(self, site: Site, function: FunctionId, handler: Place) -> None:
        """Handlers that a registered closure calls: parameters and fields of what made it."""
        unit = self._linker.world.units[function[0]]
        facts = unit.facts.functions[function[1]]
        if facts.kind != "closure" or len(site.frames) >= WRAPPERS:
            return
        for call in unit.body(function[1]).calls:
            used = [arg for arg in call.args if type(arg) in {ir.Name, ir.Member}]
            if self._linker.calls.callee(unit, function[1], call).kind == "value":
                used.append(call.callee)
            elif isinstance(call.callee, ir.Member) and call.callee.name == "ServeHTTP":
                used.append(call.callee.object)
            for expr in used:
                place = Place(unit, function[1], expr)
                if not self._serves(place):
                    continue
                if isinstance(expr, ir.Member):
                    self._stored(site, place, expr)
                for value in self._linker.values.of(place):
                    if value.kind == "param" and value.function != function:
                        self._outer(site, value, function, handler)

    def _outer(self, site: Site, value: Value, closure: FunctionId, handler: Place) -> None:
        """A parameter that a registered closure uses: of the function that registers it, of a
        maker of the closure (only its calls in the registering function count), or of a setter.
        """
        registering = (handler.unit.facts.path, handler.holder)
        own = encloses(self._linker, value.function, registering)
        if own or not encloses(self._linker, value.function, closure):
            self._callers(site, value)
        elif not isinstance(handler.expr, ir.Call):
            self._callers(site, value, registering)

    def _stored(self, site: Site, place: Place, expr: ir.Member) -> None:
        """Handlers kept in a struct's field: registered where they were put there."""
        for stored, literal in self._linker.values.literals_of(place, expr):
            fields = tuple(
                (entry.key.lower(), Place(stored.unit, stored.holder, entry.value))
                for entry in literal.entries
                if entry.key is not None and entry.key.lower() in PATHS | VERBS
            )
            if fields:
                self._register(site._replace(fields=fields), stored)

    def _enter(self, site: Site, function: FunctionId, owner: tuple[str, str] = ("", "")) -> None:
        place = site.frames[0].call if site.frames else site.place
        label = self._labels.of(site, owner)
        line = _line(place)
        key = (function, label, site.entry.kind)
        if function in self._linker.handlers and site.entry.role == "middleware":
            return
        if not site.entry.callee and function in self._tabled:
            return
        self._linker.handlers.add(function)
        self._lines.add((place.unit.facts.path, line))
        self._found.setdefault(key, _entry_point(site, label, place, function))
        if not owner[0]:
            self.edges += returned_closures(self._linker, function)


def _entry_point(site: Site, label: str, place: Place, function: FunctionId) -> EntryPoint:
    return EntryPoint(
        kind=site.entry.kind,
        label=label,
        path=place.unit.facts.path,
        line=_line(place),
        framework=site.framework,
        function=function,
    )


def _line(place: Place) -> int:
    """The line of a registration; of a call the one that its arguments begin on."""
    expr = place.expr
    return line_of(place.unit.facts, expr.paren if isinstance(expr, ir.Call) else expr.at)
