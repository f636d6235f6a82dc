"""Handlers that reach a framework through the repo's own registering functions.

``this.route("GET", "/users", f)`` or ``this.route({ method: "get", path: "/users", handler: f })``
gives ``f`` to the framework further down, with a computed path. The call in the repo that names a
path next to the function is its origin.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from archlint.model import ir
from archlint.model.location import line_of
from archlint.model.pattern import lazy_regex
from archlint.program.ecma.index import FunctionIndex
from archlint.program.ecma.values import FunctionValue, ListValue, Values, union

if TYPE_CHECKING:
    from archlint.program.ecma.evaluate import Evaluator

Id = tuple[str, int]
Origin = tuple[str, tuple[str, int]]
Table = dict[Id, dict[Origin, None]]
_VERBS = frozenset({"GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS", "ALL"})


_PATHS = ("path", "url", "route", "pattern", "endpoint")
_METHODS = ("method", "verb", "type")
_HANDLERS = ("handler", "handlers", "action", "controller", "callback", "fn", "func", "cb", "run")
_ROUTE = lazy_regex(r"(?i)(get|post|put|delete|patch|head|options|all)\s+(/\S*)")
"""A key of an object that spells a route."""
_TEXTS = (ir.Literal, ir.Template, ir.Name, ir.Member)


class Origins:
    """Calls of the repo with a path and a function among their arguments."""

    def __init__(self, evaluator: Evaluator) -> None:
        self._ev = evaluator
        self._table: Table | None = None

    def of(self, handler: Id) -> list[Origin]:
        """Labels and places of the calls that name a handler's path."""
        if self._table is None:
            self._table = {}
            for file in self._ev.indexed():
                for fn in file.functions:
                    for call in fn.calls:
                        if len(call.args) >= 2:
                            self._note(self._table, fn, call)
                        for arg in call.args:
                            if isinstance(arg, ir.Object):
                                self._described(self._table, fn, arg, call)
            for fn, node in list(self._ev.objects.values()):
                self._keyed(self._table, fn, node)
                self._described(self._table, fn, node)
            self._own_only(self._table)
        return list(self._table.get(handler, ()))

    def _own_only(self, table: Table) -> None:
        """Wrappers that many routes share have no route of their own."""
        fewest: dict[Origin, int] = {}
        for found in table.values():
            for origin in found:
                fewest[origin] = min(len(found), fewest.get(origin, len(found)))
        for ident, found in list(table.items()):
            if all(fewest[origin] < len(found) for origin in found):
                del table[ident]

    def _note(self, table: Table, fn: FunctionIndex, call: ir.Call) -> None:
        if not self._ev.calls.reached(fn, call).functions:
            return
        texts = [
            self._ev.text(fn, arg)
            for arg in call.args[:3]
            if isinstance(arg, _TEXTS) and not self._is_given(fn, arg)
        ]
        path = next((text for text in texts if text.startswith("/")), None)
        if path is None:
            return
        verb = next((text.upper() for text in texts if text.upper() in _VERBS), "")
        if not verb and isinstance(call.callee, ir.Member):
            verb = call.callee.name.upper() if call.callee.name.upper() in _VERBS else "*"
        place = (fn.file.path, line_of(fn.file.facts, call.at))
        for arg in call.args:
            if not isinstance(arg, ir.Literal | ir.Object):
                for value in _functions(self._ev.values(fn, arg)):
                    known = table.setdefault((value.path, value.index), {})
                    known[(f"{verb or '*'} {path}", place)] = None

    def _is_given(self, fn: FunctionIndex, arg: ir.Expr) -> bool:
        """Whether a function passes on what it was given: its caller names it."""
        binding = self._ev.binding(fn, arg) if isinstance(arg, ir.Name) else None
        return binding is not None and binding.parameter >= 0

    def _described(
        self,
        table: Table,
        fn: FunctionIndex,
        node: ir.Object,
        call: ir.Call | None = None,
    ) -> None:
        """A route as an object: its path, method and handler are fields.

        It is given to a ``call`` of the repo; elsewhere all three must be there.
        """
        fields = {entry.key: entry.value for entry in node.entries if entry.value is not None}
        path = next((fields[key] for key in _PATHS if key in fields), None)
        handlers = [fields[key] for key in _HANDLERS if key in fields]
        if path is None or not handlers:
            return
        if call is not None and not self._ev.calls.reached(fn, call).functions:
            return
        text = self._ev.text(fn, path)
        method = next((fields[key] for key in _METHODS if key in fields), None)
        verb = self._ev.text(fn, method).upper() if method is not None else "*"
        if text.strip("/") == "*" or (call is None and verb not in _VERBS):
            return
        label = f"{verb if verb in _VERBS else '*'} /{text.lstrip('/')}"
        place = (fn.file.path, line_of(fn.file.facts, (call or node).at))
        for handler in handlers:
            for value in _functions(self._ev.values(fn, handler)):
                table.setdefault((value.path, value.index), {})[(label, place)] = None

    def _keyed(self, table: Table, fn: FunctionIndex, node: ir.Object) -> None:
        """Routes as the keys of an object: ``{"GET /users": list, "GET /": {handler: home}}``."""
        for entry in node.entries:
            match = _ROUTE.fullmatch(entry.key or "")
            if match is None or entry.value is None:
                continue
            label = f"{match[1].upper()} {match[2]}"
            place = (fn.file.path, line_of(fn.file.facts, entry.value.at))
            values = self._ev.values(fn, entry.value)
            fields = [self._ev.members.of(values, name) for name in _HANDLERS]
            for value in _functions(union(values, *fields)):
                table.setdefault((value.path, value.index), {})[(label, place)] = None


def _functions(values: Values) -> list[FunctionValue]:
    found: list[FunctionValue] = []
    for value in values:
        if isinstance(value, FunctionValue):
            found.append(value)
        elif isinstance(value, ListValue):
            found.extend(item for item in value.items if isinstance(item, FunctionValue))
    return found
