"""Where function values come from: what a variable, field, element or result may hold.

A demand-driven, flow-insensitive points-to over functions, handler types and router values.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from typing import TYPE_CHECKING, NamedTuple

from archlint.model import ir
from archlint.program.golang.place import Place
from archlint.program.golang.scopes import Binding
from archlint.program.golang.select import select
from archlint.program.golang.source import Unit
from archlint.program.golang.stores import Key, Stores
from archlint.program.golang.types import (
    Definition,
    FunctionId,
    Interface,
    Map,
    Slice,
    named,
    underlying,
)

if TYPE_CHECKING:
    from archlint.program.golang.linker import GoLinker

DEPTH = 8
"""Steps that are followed from an expression to what it holds."""


class Value(NamedTuple):
    """``kind``: function (``function``), type (``definition``: a value of that declared type),
    param (``function`` and ``slot``: whatever callers pass) or made (``place``: the outside call
    that made it)."""

    kind: str
    function: FunctionId = ("", -1)
    slot: int = -1
    definition: Definition | None = None
    place: Place | None = None

    @property
    def key(self) -> tuple[object, ...]:
        """What makes values the same."""
        made = id(self.place.expr) if self.place is not None else 0
        return (self.kind, self.function, self.slot, id(self.definition), made)


class Values:
    """Points-to on demand."""

    def __init__(self, linker: GoLinker) -> None:
        self._linker = linker
        self.stores = Stores(linker)
        self._memo: dict[int, tuple[Value, ...]] = {}
        self._elements_of: dict[Hashable, list[Value]] = {}

    def of(self, place: Place, depth: int = 0) -> tuple[Value, ...]:
        """What the expression may hold; empty when nothing is known."""
        key = id(place.expr)
        found = self._memo.get(key)
        if found is None:
            if depth > DEPTH:
                return ()
            self._memo[key] = ()
            collected = {value.key: value for value in self._of(place, depth)}
            found = self._memo[key] = tuple(collected.values())
        return found

    def _of(self, place: Place, depth: int) -> list[Value]:
        expr = place.expr
        kind = type(expr)
        if kind is ir.FunctionRef:
            return [Value("function", (place.unit.facts.path, expr.index))]  # type: ignore[union-attr]
        if kind is ir.Name:
            return self._name(place, depth)
        if kind is ir.Member:
            return self._member(place, depth)
        if kind is ir.Call:
            return self._call(place, depth)
        if isinstance(expr, ir.Unary | ir.Cast):
            return self._all([Place(place.unit, place.holder, expr.value)], depth)
        if isinstance(expr, ir.Index):
            inner = Place(place.unit, place.holder, expr.object)
            return self._elements(inner, depth + 1)
        return self._typed(place)

    def _all(self, places: list[Place], depth: int) -> list[Value]:
        found: list[Value] = []
        for place in places[:40]:
            found.extend(self.of(place, depth + 1))
        return found

    def _typed(self, place: Place) -> list[Value]:
        """A value of a declared, concrete type."""
        base = named(self._linker.evaluator.type_of(*place))
        if base is None or isinstance(underlying(base), Interface) or not base.definition.known:
            return []
        return [Value("type", definition=base.definition)]

    def _name(self, place: Place, depth: int) -> list[Value]:
        unit, index, expr = place
        assert isinstance(expr, ir.Name)
        local = self._linker.evaluator.binding(unit, index, expr)
        if local is None:
            symbol = unit.named(expr.id)
            if symbol is None:
                return []
            if symbol.functions:
                return [Value("function", function) for function in symbol.functions]
            return self._stored(Key("var", symbol.package, symbol.name), place, depth)
        binding, holder = local
        found = self._bound(unit, holder, binding, depth)
        found += self._all(self._assigned(unit, holder, binding), depth)
        for call, result in _result_assigned(unit, holder, binding):
            found += self._returned(Place(unit, holder, call), result, depth)
        return found or self._typed(place)

    def _bound(self, unit: Unit, holder: int, binding: Binding, depth: int) -> list[Value]:
        if binding.kind in {"param", "variadic"}:
            return [Value("param", (unit.facts.path, holder), binding.index)]
        if binding.kind == "value" and binding.node is not None:
            if binding.count > 1 and type(binding.node) is ir.Call:
                return self._returned(Place(unit, holder, binding.node), binding.index, depth)
            return self._all([Place(unit, holder, binding.node)], depth)
        if binding.kind == "range" and binding.index == 1:
            return self._elements(Place(unit, holder, binding.node), depth + 1)
        return []

    def _assigned(self, unit: Unit, holder: int, binding: Binding) -> list[Place]:
        """What later assignments in the declaring function give a variable."""
        return [
            Place(unit, holder, value)
            for stmt in unit.body(holder).assigns
            if stmt.op == "=" and len(stmt.targets) == len(stmt.values)
            for target, value in zip(stmt.targets, stmt.values, strict=True)
            if type(target) is ir.Name
            and target.id == binding.name
            and binding.start <= target.at < binding.end
        ]

    def _member(self, place: Place, depth: int) -> list[Value]:
        unit, index, expr = place
        assert isinstance(expr, ir.Member)
        evaluator = self._linker.evaluator
        qualified = evaluator.package_member(unit, index, expr)
        if qualified is not None:
            symbol = qualified[0].lookup(qualified[1])
            if symbol is None:
                return []
            if symbol.functions:
                return [Value("function", function) for function in symbol.functions]
            return self._stored(Key("var", symbol.package, symbol.name), place, depth)
        receiver = evaluator.denoted(unit, index, expr.object)
        if receiver is None:
            receiver = evaluator.type_of(unit, index, expr.object)
        found = select(receiver, expr.name)
        if found is None:
            return []
        if found.kind == "method" and found.method is not None:
            function = found.method.function
            return [Value("function", function)] if function is not None else []
        if found.kind == "dynamic":
            targets = self._linker.dispatch.targets(receiver, expr.name)
            return [Value("function", function) for function in targets]
        if found.owner is None:
            return self._typed(place)
        key = Key("field", found.owner.definition.canonical, expr.name)
        return self._stored(key, place, depth)

    def _stored(self, key: Key, place: Place, depth: int) -> list[Value]:
        """What a field or package variable may hold."""
        return self._all(self.stores.of(key), depth) or self._typed(place)

    def _elements(self, place: Place, depth: int) -> list[Value]:
        """What the elements of a slice or map may hold."""
        if depth > DEPTH:
            return []
        expr = place.expr
        if isinstance(expr, ir.Composite):
            inner = [Place(place.unit, place.holder, e.value) for e in expr.entries]
            return self._all(inner, depth) or self._element_type(place)
        if (
            isinstance(expr, ir.Call)
            and type(expr.callee) is ir.Name
            and expr.callee.id == "append"
        ):
            inner = [Place(place.unit, place.holder, arg) for arg in expr.args[1:]]
            return self._elements(
                Place(place.unit, place.holder, expr.args[0]), depth + 1
            ) + self._all(inner, depth)
        return self._contained(place, depth) or self._element_type(place)

    def _contained(self, place: Place, depth: int) -> list[Value]:
        """What the elements of a container variable or field may hold, worked out once for each."""
        container = self._container(place)
        if container is None:
            return []
        key, sources = container
        found = self._elements_of.get(key)
        if found is None:
            self._elements_of[key] = []
            values = [v for source in sources for v in self._elements(source, depth + 1)]
            found = list({value.key: value for value in values}.values())
            self._elements_of[key] = found
        return found

    def _element_type(self, place: Place) -> list[Value]:
        shape = underlying(self._linker.evaluator.type_of(*place))
        base = named(shape.elem) if isinstance(shape, Slice | Map) else None
        if base is None or isinstance(underlying(base), Interface) or not base.definition.known:
            return []
        return [Value("type", definition=base.definition)]

    def _container(self, place: Place) -> tuple[Hashable, list[Place]] | None:
        """A container variable or field, and the expressions that it was set to."""
        unit, index, expr = place
        if isinstance(expr, ir.Name):
            local = self._linker.evaluator.binding(unit, index, expr)
            if local is not None:
                binding, holder = local
                own = [Place(unit, holder, binding.node)] if binding.kind == "value" else []
                own = [p for p in own if p.expr is not None]
                return binding, own + self._assigned(unit, holder, binding)
            symbol = unit.named(expr.id)
            if symbol is None:
                return None
            key = Key("var", symbol.package, symbol.name)
        elif isinstance(expr, ir.Member):
            owner = self.stores.owner(unit, index, expr)
            if not owner:
                return None
            key = Key("field", owner, expr.name)
        else:
            return None
        return key, self.stores.of(key)

    def _call(self, place: Place, depth: int) -> list[Value]:
        unit, index, expr = place
        assert isinstance(expr, ir.Call)
        callee = self._linker.calls.callee(unit, index, expr)
        if callee.kind == "conversion":
            return self._all([Place(unit, index, arg) for arg in expr.args[:1]], depth)
        found = self._returned(place, 0, depth)
        if callee.functions:
            return found or self._typed(place)
        passed = [Place(unit, index, arg) for arg in expr.args if type(arg) is not ir.Literal]
        return [*found, *self._all(passed, depth), *self._typed(place)]

    def _returned(self, place: Place, result: int, depth: int) -> list[Value]:
        """What an in-repo callee returns, its parameters replaced by the call's arguments."""
        unit, index, expr = place
        assert isinstance(expr, ir.Call)
        found: list[Value] = []
        if depth > DEPTH:
            return found
        targets = self._linker.static_targets(unit, index, expr)
        kind = self._linker.calls.callee(unit, index, expr).kind
        if not targets and kind == "value":
            held = self.of(Place(unit, index, expr.callee), depth + 1)
            targets = tuple([value.function for value in held if value.kind == "function"])
        if result == 0 and not targets and kind != "conversion":
            found.append(Value("made", place=place))
        for function in targets[:4]:
            home = self._linker.world.units[function[0]]
            for stmt in home.body(function[1]).returns:
                if result < len(stmt.values):
                    returned = Place(home, function[1], stmt.values[result])
                    for value in self.of(returned, depth + 1):
                        found += self._substituted(value, function, place, depth)
        return found

    def _substituted(
        self, value: Value, function: FunctionId, place: Place, depth: int
    ) -> list[Value] | tuple[Value, ...]:
        call = place.expr
        assert isinstance(call, ir.Call)
        if value.kind != "param" or value.function != function:
            return [value]
        if value.slot >= len(call.args):
            return []
        return self.of(Place(place.unit, place.holder, call.args[value.slot]), depth + 1)

    def literals_of(self, place: Place, expr: ir.Member) -> list[tuple[Place, ir.Composite]]:
        """What literals put into the field that ``expr`` names, each with its literal."""
        owner = self.stores.owner(place.unit, place.holder, expr)
        stored = self.stores.of(Key("field", owner, expr.name)) if owner else []
        return [
            (item, literal)
            for item in stored
            if (literal := self.stores.literal(item.expr)) is not None
        ]


def _result_assigned(unit: Unit, holder: int, binding: Binding) -> Iterator[tuple[ir.Call, int]]:
    """Calls of which a later assignment gives one of several results to a variable."""
    for stmt in unit.body(holder).assigns:
        if stmt.op != "=" or len(stmt.values) != 1 or len(stmt.targets) < 2:
            continue
        value = stmt.values[0]
        if type(value) is not ir.Call:
            continue
        for i, target in enumerate(stmt.targets):
            same = type(target) is ir.Name and target.id == binding.name
            if same and binding.start <= target.at < binding.end:
                yield value, i
