"""What a registered entry point is called: its method and path, through wrappers and prefixes."""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from archlint.knowledge.frameworks import CallEntry
from archlint.model import ir
from archlint.model.finding import Context
from archlint.model.pattern import lazy_regex
from archlint.program.golang.place import Place
from archlint.program.golang.routes import Frames, Routes, join

if TYPE_CHECKING:
    from archlint.program.golang.linker import GoLinker

PATHS = {"path", "pattern", "route", "uri", "url", "endpoint"}
VERBS = {"method", "verb", "httpmethod"}
_CONSTRAINT = lazy_regex(r"\{(\w+):[^{}]*(?:\{[^{}]*\}[^{}]*)*\}")
_PARTS = lazy_regex(r"\{([\w.]+)\}")
_ROUTE_FIELDS = {"Name", "Path", "Method"}
_METHODS = {"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"}


class Site(NamedTuple):
    """A registration: the known call or literal, its entry, and the wrappers it was reached by."""

    place: Place
    entry: CallEntry
    framework: str
    frames: Frames = ()
    fields: tuple[tuple[str, Place], ...] = ()
    """Fields beside a handler that was kept in a struct: its path and method."""


class Labels:
    """Labels of registrations."""

    def __init__(self, linker: GoLinker, routes: Routes) -> None:
        self._linker = linker
        self.routes = routes

    def of(self, site: Site, owner: tuple[str, str]) -> str:
        """The label of a registration; ``owner`` are a service's type and method names."""
        entry, expr = site.entry, site.place.expr
        name = ""
        if isinstance(expr, ir.Call) and isinstance(expr.callee, ir.Member | ir.Name):
            name = expr.callee.name if isinstance(expr.callee, ir.Member) else expr.callee.id
        stated, path = self._path(site)
        verb = stated or self._verb(site) or entry.verb or name.upper()
        parts = {"name": name, "NAME": verb, "path": path, "class": owner[0], "method": owner[1]}

        def fill(match: re.Match[str]) -> str:
            key = match.group(1)
            return parts[key] if key in parts else self.selected(site, key) or "*"

        label = _PARTS.sub(fill, entry.label).strip()
        if site.entry.kind is Context.CLI:
            return re.split(r" [\[<]", label.replace("/", " "))[0]
        return label

    def selected(self, site: Site, selector: str) -> str | None:
        """The text of what ``1``, ``1.Path`` or (of a literal) ``Path`` selects; None for none."""
        expr: ir.Expr | None = site.place.expr
        for step in selector.split("."):
            if isinstance(expr, ir.Call):
                at = int(step) if step.isdigit() else -1
                expr = expr.args[at] if 0 <= at < len(expr.args) else None
            elif isinstance(expr, ir.Unary):
                expr = expr.value
            if isinstance(expr, ir.Composite) and not step.isdigit():
                expr = next((entry.value for entry in expr.entries if entry.key == step), None)
        if expr is None or expr is site.place.expr:
            return None
        return self.routes.text(Place(site.place.unit, site.place.holder, expr), site.frames)

    def _path(self, site: Site) -> tuple[str, str]:
        """The method that a pattern states ("" for none), and the path with every prefix.

        ``*`` stands for what is unknown.
        """
        own = next((p for key, p in site.fields if key in PATHS), None)
        text: str | None = None
        if own is not None:
            text = self.routes.text(own, site.frames)
            if text is not None and "/" not in text:
                text = " ".join(self._named_routes.get(text, ("", text))).strip()
        elif site.entry.path:
            text = self.selected(site, site.entry.path)
        prefix = self._prefix(site)
        if text is None and not prefix:
            text = self._described(site)
        if text is None:
            text = "" if not site.entry.path and prefix else "*"
        stated, text = split_method(text)
        return stated, _CONSTRAINT.sub(r"{\1}", join(prefix, text)) or "*"

    def _described(self, site: Site) -> str | None:
        """The path of a named route: a literal elsewhere has its name beside its path."""
        for frame in site.frames:
            call = frame.call.expr
            for arg in call.args if isinstance(call, ir.Call) else ():
                name = self.routes.text(Place(frame.call.unit, frame.call.holder, arg))
                if name:
                    return " ".join(self._named_routes.get(name, ("", name))).strip()
        return None

    @cached_property
    def _named_routes(self) -> dict[str, tuple[str, str]]:
        """Names to methods and paths, from literals that have both ``Name`` and ``Path``."""
        found: dict[str, tuple[str, str]] = {}
        for place in self._linker.literals.all:
            assert isinstance(place.expr, ir.Composite)
            parts = {e.key: e.value for e in place.expr.entries if e.key in _ROUTE_FIELDS}
            if "Name" in parts and "Path" in parts and not in_test(place):
                texts = {
                    key: self.routes.text(Place(place.unit, place.holder, value)) or ""
                    for key, value in parts.items()
                }
                if texts["Name"] and texts["Path"]:
                    stated = texts.get("Method", "")
                    found.setdefault(texts["Name"], (stated.upper(), texts["Path"]))
        return found

    def _prefix(self, site: Site) -> str:
        if isinstance(site.place.expr, ir.Composite):
            return self.routes.literal_prefix(site.place)
        places = [site.place, *[frame.call for frame in reversed(site.frames)]]
        prefix = ""
        for i, place in enumerate(places):
            call = place.expr
            if isinstance(call, ir.Call) and isinstance(call.callee, ir.Member):
                receiver = Place(place.unit, place.holder, call.callee.object)
                if i == 0 and site.entry.router and int(site.entry.router) < len(call.args):
                    receiver = receiver._replace(expr=call.args[int(site.entry.router)])
                frames = site.frames if i == 0 else ()
                prefix = join(self.routes.prefix(receiver, frames), prefix)
                prefix = join(self.routes.lexical(place), prefix)
        return prefix

    def _verb(self, site: Site) -> str:
        """The HTTP method: kept beside the handler, or set by a chained ``Methods("GET")``."""
        own = next((p for key, p in site.fields if key in VERBS), None)
        if own is not None:
            return self.routes.text(own, site.frames) or ""
        chained = self._linker.chained(site.place)
        while chained is not None:
            found = self._stated(chained)
            if found:
                return found
            chained = self._linker.chained(chained)
        inner = site.place.expr
        while isinstance(inner, ir.Call) and isinstance(inner.callee, ir.Member):
            inner = inner.callee.object
            found = self._stated(Place(site.place.unit, site.place.holder, inner))
            if found:
                return found
        return self._passed(site) if site.entry.verb == "ANY" else ""

    def _passed(self, site: Site) -> str:
        """The method that a wrapper is given beside the handler: ``reg("GET", "/x", h)``."""
        for frame in site.frames:
            call = frame.call.expr
            for arg in call.args[:2] if isinstance(call, ir.Call) else ():
                if type(arg) in {ir.Literal, ir.Member, ir.Name}:
                    text = self.routes.text(Place(frame.call.unit, frame.call.holder, arg))
                    if text in _METHODS:
                        return text
        return ""

    def _stated(self, place: Place) -> str:
        """The HTTP method that a call in a route's chain states: ``Methods("GET")``, ``GET()``."""
        call = place.expr
        if not isinstance(call, ir.Call) or not isinstance(call.callee, ir.Member):
            return ""
        name = call.callee.name
        if name in {"Methods", "Method"} and call.args:
            places = [Place(place.unit, place.holder, arg) for arg in call.args]
            return ",".join(self.routes.text(item) or "*" for item in places)
        return name if name in _METHODS and type(call.callee.object) is ir.Name else ""


def split_method(pattern: str) -> tuple[str, str]:
    """``GET /users`` as (``GET``, ``/users``); no method is ""."""
    head, _, rest = pattern.partition(" ")
    return (head, rest.strip()) if rest and head.isupper() else ("", pattern)


def in_test(place: Place) -> bool:
    """Whether a place is in a test file."""
    return place.unit.facts.path.endswith("_test.go")
