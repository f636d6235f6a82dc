"""Selectors: from a call's arguments to handlers and texts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archlint.model import ir
from archlint.program.ecma.entries.controllers import controller_methods
from archlint.program.ecma.index import FunctionIndex
from archlint.program.ecma.values import (
    ExternalValue,
    FunctionValue,
    ListValue,
    LiteralValue,
    ObjectValue,
    Values,
    union,
)

if TYPE_CHECKING:
    from archlint.program.ecma.evaluate import Evaluator

_WRAPPABLE = (ir.FunctionRef, ir.Name, ir.Member, ir.Call, ir.Array)

_NO_TEXT = frozenset({"bool", "null", "undefined"})
"""Literals that say a path or name is not given: ``config.root || false``."""


class Selector:
    """Reads arguments as framework tables name them."""

    def __init__(self, evaluator: Evaluator) -> None:
        self._ev = evaluator

    def arguments(self, call: ir.Call, selector: str) -> tuple[ir.Expr, ...]:
        """The argument expressions that the head of a selector (before any field) names."""
        head = selector.replace("..", ":").split(".", 1)[0]
        if head.endswith(":"):
            return call.args[int(head[:-1]) :]
        position = int(head) if head.lstrip("-").isdigit() else 0
        if position < 0:
            position += len(call.args)
        return call.args[position : position + 1] if position >= 0 else ()

    def values(self, fn: FunctionIndex, call: ir.Call, selector: str) -> Values:
        """What a selector's arguments (or their fields) evaluate to."""
        parts = [self._ev.values(fn, arg) for arg in self.arguments(call, selector)]
        found = union(*parts)
        return self._below(self._described(found) if "." in selector else found, selector)

    def _described(self, values: Values) -> Values:
        """Values, with the descriptions of routes that calls of the outside world stand for."""
        parts: list[Values] = [values]
        for value in values:
            if not isinstance(value, ExternalValue) or value.made is None:
                continue
            file = self._ev.file(value.made[0]) if self._describes(value) else None
            for fn in file.functions if file is not None else ():
                made = (c for c in fn.calls if c.at == value.made[1] and c.args)
                parts.extend(self._ev.values(fn, call.args[0]) for call in made)
        return union(*parts)

    def _describes(self, value: ExternalValue) -> bool:
        return value.name in self._ev.canonical.describers

    def _below(self, found: Values, selector: str) -> Values:
        """What the fields of a selector lead to."""
        for step in selector.replace("..", ":").split(".")[1:]:
            if step == "*":
                found = self._ev.members.elements(found)
            else:
                inner = union(*(v.items for v in found if isinstance(v, ListValue)))
                found = self._ev.members.of(union(found, inner), step)
        return found

    def handlers(
        self, fn: FunctionIndex, call: ir.Call, selector: str, depth: int = 0
    ) -> dict[FunctionValue, str]:
        """The functions that a selector names, with the fields that lead to them.

        ``depth`` levels of objects are opened.
        """
        found = self.named(self.values(fn, call, selector), depth)
        if "." not in selector.replace("..", ""):
            for arg in self.arguments(call, selector):
                for function in self.unwrapped(fn, arg):
                    found.setdefault(function, "")
        return found

    def among(self, holder: ObjectValue, selectors: tuple[str, ...]) -> dict[FunctionValue, str]:
        """The functions that selectors name in an object that stands for their first argument."""
        found: dict[FunctionValue, str] = {}
        for selector in selectors:
            found |= self.named(self._below((holder,), selector), 0)
        return found

    def field_text(self, holder: ObjectValue, selector: str) -> str:
        """The text that a selector names in an object that stands for its first argument."""
        texts = [self.shown(v) for v in self._below((holder,), selector)]
        return "|".join(dict.fromkeys(t for t in texts if t)) or "*"

    def opened(self, fn: FunctionIndex, call: ir.Call, selector: str) -> Values:
        """What a selector names, with functions replaced by what they return."""
        values = self.values(fn, call, selector)
        plain = tuple(v for v in values if not isinstance(v, FunctionValue))
        return union(plain, self._ev.results.returned_by(values))

    def functions(self, values: Values, depth: int) -> list[FunctionValue]:
        """Functions among values, in lists, and in objects down to a depth."""
        found: list[FunctionValue] = []
        for value in values:
            if isinstance(value, FunctionValue):
                found.append(value)
            elif isinstance(value, ListValue):
                paired = controller_methods(self._ev, value)
                found.extend(paired or self.functions(value.items, depth))
            elif isinstance(value, ObjectValue) and depth > 0:
                for _, inner in self._ev.members.fields(value):
                    found.extend(self.functions(inner, depth - 1))
        return found

    def named(self, values: Values, depth: int, prefix: str = "") -> dict[FunctionValue, str]:
        """Functions among values with the path of field names that leads to each."""
        found: dict[FunctionValue, str] = {}
        for value in values:
            if isinstance(value, FunctionValue):
                found.setdefault(value, prefix)
            elif isinstance(value, ListValue):
                paired = controller_methods(self._ev, value)
                inner_named = dict.fromkeys(paired, prefix) if paired else None
                for function, name in (
                    inner_named or self.named(value.items, depth, prefix)
                ).items():
                    found.setdefault(function, name)
            elif isinstance(value, ObjectValue) and depth > 0:
                for key, inner in self._ev.members.fields(value):
                    path = f"{prefix}.{key}" if prefix else key
                    for function, name in self.named(inner, depth - 1, path).items():
                        found.setdefault(function, name)
        return found

    def unwrapped(self, fn: FunctionIndex, expr: ir.Expr, depth: int = 0) -> list[FunctionValue]:
        """Functions inside calls of unknown or external wrappers: ``lib.wrap(f)``."""
        expr = self.origin(fn, expr)
        if not isinstance(expr, ir.Call) or depth > 3:
            return []
        values = self._ev.values(fn, expr)
        if any(not isinstance(v, ExternalValue) or v.made is not None for v in values):
            return []
        found: list[FunctionValue] = []
        for arg in expr.args:
            if isinstance(arg, _WRAPPABLE):
                found.extend(self.functions(self._ev.values(fn, arg), 0))
                found.extend(self.unwrapped(fn, arg, depth + 1))
        return found

    def origin(self, fn: FunctionIndex, expr: ir.Expr) -> ir.Expr:
        """A constant's own expression."""
        if isinstance(expr, ir.Name):
            binding = self._ev.binding(fn, expr)
            if binding is not None and binding.kind == "const" and len(binding.sources) == 1:
                source = binding.sources[0]
                if binding.function == fn.index and not source.steps and source.expr is not None:
                    return source.expr
        return expr

    def text(self, fn: FunctionIndex, call: ir.Call, selector: str) -> str:
        """The text that a selector names; the parts of a list are joined by ``|``."""
        if "." not in selector.replace("..", ""):
            args = self.arguments(call, selector)
            return self.spelled(fn, args[0]) if args else ""
        texts = [self.shown(v) for v in self.values(fn, call, selector)]
        return "|".join(dict.fromkeys(t for t in texts if t)) or "*"

    def spelled(self, fn: FunctionIndex, expr: ir.Expr) -> str:
        """An expression as text for a label."""
        if isinstance(expr, ir.Literal):
            return expr.value
        if isinstance(expr, ir.Array):
            return "|".join(self.spelled(fn, item) for item in expr.items if item is not None)
        text = self._ev.text(fn, expr)
        if text == "*":
            shown = [self.shown(v) for v in self._ev.values(fn, expr)]
            return "|".join(dict.fromkeys(t for t in shown if t)) or "*"
        return text

    def shown(self, value: object) -> str:
        """A literal's (or a list of literals') text."""
        if isinstance(value, LiteralValue):
            return "" if value.kind in _NO_TEXT else value.text
        if isinstance(value, ListValue):
            return "|".join(self.shown(item) for item in value.items)
        return ""
