"""Labels of registered handlers: verb, path with prefixes, names."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from archlint.model import ir
from archlint.model.finding import EntryPoint
from archlint.model.location import line_of
from archlint.model.pattern import lazy_regex
from archlint.program.ecma.entries.mounts import Mounts, joined
from archlint.program.ecma.entries.origins import Origins
from archlint.program.ecma.entries.select import Selector
from archlint.program.ecma.values import FunctionValue, ListValue, ObjectValue

if TYPE_CHECKING:
    from archlint.program.ecma.entries.collect import Registration
    from archlint.program.ecma.evaluate import Evaluator

_PART = lazy_regex(r"\{([^{}]*)\}")
_VERBS = {"DEL": "DELETE", "HAS": "*"}
LONGEST = 120
"""Characters of a label."""
FEW_VERBS = 3
"""Verbs that a label spells out."""


class Labels:
    """Makes entry points of registrations."""

    def __init__(self, evaluator: Evaluator, mounts: Mounts) -> None:
        self._ev = evaluator
        self._mounts = mounts
        self._select = Selector(evaluator)
        self._origins = Origins(evaluator)

    def points(self, found: Registration) -> list[EntryPoint]:
        """One entry point per handler and prefix."""
        points: list[EntryPoint] = []
        given = self._given(found)
        for label, handlers in self._labelled(found):
            for handler, field in handlers.items():
                ident = (handler.path, handler.index)
                place = self._place(found, ident)
                name = label.replace("{field}", self._field(ident, field))
                named = self._origins.of(ident) if given or _unknown(label) else []
                for text, at in named or [(name, place)]:
                    points.append(
                        EntryPoint(
                            kind=found.entry.kind,
                            label=text,
                            path=at[0],
                            line=at[1],
                            framework=found.table.name,
                            function=ident,
                        )
                    )
        return points

    def handed(self, found: Registration, work: Iterable[FunctionValue]) -> list[EntryPoint]:
        """Entry points of functions that a registering function was handed with a path each."""
        if not self._given(found):
            return []
        return [
            EntryPoint(
                kind=found.entry.kind,
                label=text,
                path=at[0],
                line=at[1],
                framework=found.table.name,
                function=(function.path, function.index),
            )
            for function in work
            for text, at in self._origins.of((function.path, function.index))
        ]

    def _given(self, found: Registration) -> bool:
        """Whether the function that registers is itself given the path, so that it names many."""
        args = self._select.arguments(found.call, found.entry.path) if found.entry.path else ()
        root = args[0] if args else None
        while isinstance(root, ir.Member):
            root = root.object
        binding = self._ev.binding(found.fn, root) if isinstance(root, ir.Name) else None
        return binding is not None and binding.parameter >= 0

    def _labelled(self, found: Registration) -> list[tuple[str, dict[FunctionValue, str]]]:
        """The labels with their handlers; of a list of routes each has its own."""
        routes = self._routes(found) if "." in found.entry.path else []
        listed: list[tuple[str, dict[FunctionValue, str]]] = []
        for route in routes:
            own = self._select.among(route, found.entry.handlers)
            handlers = {h: name for h, name in found.handlers.items() if h in own}
            if handlers:
                listed.extend((label, handlers) for label in self._labels(found, route))
        done = {handler for _, handlers in listed for handler in handlers}
        rest = {h: name for h, name in found.handlers.items() if h not in done}
        if rest:
            listed.extend((label, rest) for label in self._labels(found))
        return listed

    def _routes(self, found: Registration) -> list[ObjectValue]:
        """The objects of a list of routes that a call is given; nothing where it is given one."""
        head = found.entry.path.partition(".")[0]
        values = self._select.values(found.fn, found.call, head)
        items = [item for v in values if isinstance(v, ListValue) for item in v.items]
        return [item for item in items if isinstance(item, ObjectValue)]

    def _place(self, found: Registration, handler: tuple[str, int]) -> tuple[str, int]:
        """Where the entry stands: the registering call, or the handler in a table of handlers."""
        fn = self._ev.function(handler) if found.entry.deep else None
        if fn is not None:
            return (fn.file.path, line_of(fn.file.facts, fn.facts.at))
        callee = found.call.callee  # a chain of calls begins at its first line
        at = callee.name_at if isinstance(callee, ir.Member) else found.call.at
        return (found.fn.file.path, line_of(found.fn.file.facts, at))

    def _field(self, handler: tuple[str, int], field: str) -> str:
        """The fields that lead to a handler, or its own name."""
        fn = self._ev.function(handler)
        return field or (fn.facts.name if fn is not None else "") or "*"

    def _labels(self, found: Registration, route: ObjectValue | None = None) -> list[str]:
        template = found.entry.label
        if "{path}" not in template:
            return [self._fill(found, template, "")]
        path = self._path(found, route)
        verb = self._verb(found, route)
        template = template.replace("{NAME}", verb.upper()).replace("{name}", verb)
        prefixes = self._mounts.prefixes(found.value.made)
        return [self._fill(found, template, joined(prefix, path) or "/") for prefix in prefixes]

    def _path(self, found: Registration, route: ObjectValue | None) -> str:
        selector = found.entry.path
        if not selector:
            return ""
        if route is not None:
            return self._select.field_text(route, selector)
        if self._given(found) and len(self._select.values(found.fn, found.call, selector)) > 1:
            return "*"
        args = self._select.arguments(found.call, selector)
        if args and "." not in selector and not _can_be_path(args[0]):
            return ""
        text = self._select.text(found.fn, found.call, selector)
        if text == "*" and found.entry.role != "handler":
            return ""
        return text

    def _fill(self, found: Registration, template: str, path: str) -> str:
        def part(match: re.Match[str]) -> str:
            key = match.group(1)
            if key == "path":
                return path
            if key in {"NAME", "name"}:
                name = self._verb(found)
                return name.upper() if key == "NAME" else name
            if key == "field":
                return "{field}"
            if key == "key":
                return found.fn.file.keys.get(id(found.call), "*")
            return self._select.text(found.fn, found.call, key) or "*"

        return _PART.sub(part, template).strip()[:LONGEST]

    def _verb(self, found: Registration, route: ObjectValue | None = None) -> str:
        if found.entry.verb and route is not None:
            return self._select.field_text(route, found.entry.verb)
        if found.entry.verb:
            text = self._select.text(found.fn, found.call, found.entry.verb)
            return text.upper() if text else "*"
        name = found.value.name.rpartition(".")[2]
        callee = found.call.callee
        if isinstance(callee, ir.Index) and callee.indices:
            text = self._select.spelled(found.fn, callee.indices[0])
            if text != "*" or name == "*":
                return "*" if "|" in text and self._given(found) else _verbs(text)
        return _VERBS.get(name.upper(), name)


def _verbs(text: str) -> str:
    """The verbs that a computed method may be, each once; ``*`` for nearly all there are."""
    each = dict.fromkeys(verb.upper() for verb in text.split("|"))
    return "|".join(each) if len(each) <= FEW_VERBS else "*"


def _can_be_path(expr: ir.Expr) -> bool:
    return not isinstance(expr, ir.FunctionRef | ir.Object)


def _unknown(label: str) -> bool:
    """Whether a label names no route: its verb or whole path is computed, or it names several."""
    verb, _, path = label.partition(" ")
    return "|" in label or (path.strip("/") in {"*", ""} and (verb == "*" or path == "*"))
