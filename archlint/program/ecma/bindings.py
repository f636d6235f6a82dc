"""Names: which declaration a name means, and what it may hold."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from archlint.model import ir
from archlint.program.ecma.index import FileIndex, FunctionIndex, added_by
from archlint.program.ecma.records import Binding, Source
from archlint.program.ecma.values import (
    ListValue,
    LiteralValue,
    Values,
    union,
)

if TYPE_CHECKING:
    from archlint.program.ecma.evaluate import Evaluator


class Bindings:
    """Scopes and hoisting; the values of declared names."""

    def __init__(self, evaluator: Evaluator) -> None:
        self._ev = evaluator
        self._known = evaluator.memo.done
        self._by_binding: dict[
            tuple[str, str, str], dict[int, list[tuple[FunctionIndex, Any]]]
        ] = {}

    def find(self, fn: FunctionIndex, name: str, at: int) -> Binding | None:
        """The declaration a name at byte ``at`` of a function means; None when it is global."""
        here: FunctionIndex | None = fn
        while here is not None:
            found = here.bindings.get(name)
            if found:
                best = found[0] if len(found) == 1 else _innermost(found, at)
                if best is not None and best.start <= at < best.stop:
                    return best
            at = here.facts.at if here.index else at
            here = here.parent
        return None

    def values(self, binding: Binding) -> Values:
        """Everything a declared name may hold."""
        hit = self._known.get(id(binding))
        if hit is not None and not hit[1]:
            return hit[0]  # type: ignore[no-any-return]
        found: Values = self._ev.memo(id(binding), self._values, binding)
        return found

    def _values(self, binding: Binding) -> Values:
        if binding.imported is not None:
            return self._ev.exports.imported(binding.path, *binding.imported)
        file = self._ev.file(binding.path)
        if file is None:
            return ()
        fn = file.functions[binding.function]
        parts: list[Values] = []
        for source in binding.sources:
            if binding.parameter >= 0 and source.expr is None:
                parts.append(self._ev.parameters.values(fn, binding, source))
            else:
                parts.append(self._source(fn, source))
        for holder, source in self._uses(binding, "assigns"):
            parts.append(self._source(holder, source))
        parts.append(self._grown(binding))
        found = union(*parts)
        if binding.type is not None and not _telling(found):
            return union(self._ev.types.values(fn, binding.type), found)
        return found

    def _uses(self, binding: Binding, sort: str) -> list[tuple[FunctionIndex, Any]]:
        """What a file does to a declared name: ``assigns``, ``grown`` (calls) or ``elements``.

        All uses of a name are sorted by declaration at once: a name may be declared many times.
        """
        key = (binding.path, binding.name, sort)
        table = self._by_binding.get(key)
        if table is None:
            table = self._by_binding[key] = {}
            file = self._ev.file(binding.path)
            if file is not None:
                for holder, name, at, use in _named_uses(file, binding.name, sort):
                    found = self.find(holder, name, at)
                    if found is not None:
                        table.setdefault(id(found), []).append((holder, use))
        return table.get(id(binding), [])

    def _source(self, fn: FunctionIndex, source: Source) -> Values:
        expr = source.expr
        found: Values = ()
        if expr is not None:
            found = self.stepped(fn, expr, source)
        if source.default is not None:
            found = union(found, self._ev.values(fn, source.default))
        return found

    def stepped(self, fn: FunctionIndex, expr: ir.Expr, source: Source) -> Values:
        """The value of a source's expression after its steps."""
        steps = source.steps
        if steps and steps[0][0] == "item":
            item = _literal_item(expr, steps[0][1])
            if item is not None:
                found = self._ev.values(fn, item[0])
                found = self._ev.awaited(found) if item[1] else found
                return self.follow(found, steps[1:])
        return self.follow(self._ev.values(fn, expr), steps)

    def follow(self, values: Values, steps: tuple[tuple[str, object], ...]) -> Values:
        """Take values apart along the steps of a pattern."""
        members = self._ev.members
        for step, key in steps:
            if step == "prop":
                values = members.of(values, str(key))
            elif step in {"item", "each"}:
                values = members.iterated(values)
            elif step == "key":
                values = ()
        return values

    def _grown(self, binding: Binding) -> Values:
        """Elements that calls such as ``name.push(x)`` and ``name[k] = x`` add."""
        parts: list[Values] = []
        for holder, call in self._uses(binding, "grown"):
            parts.extend(self._ev.values(holder, arg) for arg in added_by(call))
        for holder, record in self._uses(binding, "elements"):
            parts.append(self._ev.values(holder, record.value))
        items = union(*parts)
        return (ListValue(items),) if items else ()


def _named_uses(
    file: FileIndex, name: str, sort: str
) -> Iterator[tuple[FunctionIndex, str, int, Any]]:
    """(function, name, place, use) of all uses of a name in a file."""
    if sort == "assigns":
        for source in file.assigns.get(name, ()):
            if source.expr is not None:
                yield file.functions[source.function], name, source.expr.at, source
    elif sort == "grown":
        for index, call in file.grown.get(name, ()):
            target = call.callee.object if isinstance(call.callee, ir.Member) else None
            if isinstance(target, ir.Name):
                yield file.functions[index], target.id, target.at, call
    else:
        for record in file.elements.get(name, ()):
            if isinstance(record.object, ir.Name):
                at = record.object.at
                yield file.functions[record.function], name, at, record


def _innermost(found: list[Binding], at: int) -> Binding | None:
    best: Binding | None = None
    for binding in found:
        if binding.start <= at < binding.stop and (
            best is None
            or binding.start > best.start
            or (binding.start == best.start and best.at < binding.at <= at)
        ):
            best = binding
    return best


def _literal_item(expr: ir.Expr, position: int) -> tuple[ir.Expr, bool] | None:
    """The item of ``[a, b]`` (or of ``await Promise.all([a, b])``) at a position."""
    awaited = isinstance(expr, ir.Await)
    inner = expr.value if isinstance(expr, ir.Await) else expr
    if awaited and isinstance(inner, ir.Call) and len(inner.args) == 1:
        callee = inner.callee
        if isinstance(callee, ir.Member) and callee.name == "all":
            inner = inner.args[0]
    if isinstance(inner, ir.Array) and position < len(inner.items):
        item = inner.items[position]
        if item is not None and not any(isinstance(i, ir.Spread) for i in inner.items):
            return item, awaited
    return None


def _telling(values: Values) -> bool:
    """Whether values say more than that something is there."""
    return any(
        type(value) is not LiteralValue and not (type(value) is ListValue and not value.items)
        for value in values
    )
