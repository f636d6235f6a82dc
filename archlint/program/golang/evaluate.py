"""The type of an expression, on demand and memoised."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archlint.model import ir
from archlint.program.golang.names import Names
from archlint.program.golang.package import Symbol, UnknownPackage
from archlint.program.golang.scopes import UNSET, Binding
from archlint.program.golang.select import select
from archlint.program.golang.source import Unit
from archlint.program.golang.types import (
    Chan,
    Func,
    Map,
    Named,
    Opaque,
    Pointer,
    Slice,
    Tuple,
    Type,
    deref,
    pointer,
    substitute_func,
    underlying,
)
from archlint.program.golang.universe import BASIC, UNTYPED, default_type

if TYPE_CHECKING:
    from archlint.program.golang.calls import Calls
    from archlint.program.golang.world import World

MAX_DEPTH = 80
"""Expressions that depend on one another; what goes deeper is unknown."""
SPINE = 10
"""Depth after which a chain of calls is evaluated from its inside."""
_SPINE = {ir.Call, ir.Member, ir.Index}
_COMPARISONS = {"==", "!=", "<", "<=", ">", ">=", "&&", "||"}
_LITERALS = {
    "string": UNTYPED["string"],
    "number": UNTYPED["int"],
    "rune": UNTYPED["rune"],
    "bool": UNTYPED["bool"],
    "null": UNTYPED["nil"],
}


class Evaluator(Names):
    """Types of expressions; ``calls`` (set by the linker) evaluates calls."""

    def __init__(self, world: World) -> None:
        super().__init__()
        self.world = world
        self.calls: Calls
        self._memo: dict[int, Type | None] = {}
        self._depth = 0

    # --------------------------------------------------------- variables

    def bound_type(self, unit: Unit, binding: Binding) -> Type | None:
        """The type of a local variable."""
        if binding.type is UNSET:
            if self._depth > MAX_DEPTH:
                return None
            self._depth += 1
            try:
                binding.type = None
                binding.type = self._bind(unit, binding)
            finally:
                self._depth -= 1
        found: Type | None = binding.type
        return found

    def _bind(self, unit: Unit, binding: Binding) -> Type | None:
        kind, index = binding.kind, binding.holder
        if kind in {"param", "typed", "variadic"}:
            found = self.written(unit, index, binding.node, binding.start)
            return Slice(found) if kind == "variadic" else found
        if kind == "value":
            if binding.node is None:
                return None
            found = self.type_of(unit, index, binding.node)
            return default_type(self.nth(binding.node, found, binding.index, binding.count))
        if kind == "range":
            return self._ranged(self.type_of(unit, index, binding.node), binding.index)
        if kind == "case":
            types = binding.node.types
            if len(types) == 1 and not _is_nil(types[0]):
                return self.written(unit, index, types[0], binding.start)
            return self.type_of(unit, index, binding.subject) if binding.subject else None
        return None

    def declared(self, unit: Unit, stmt: ir.Assign, index: int) -> Type | None:
        """The type of target ``index`` of a package-level ``var`` or ``const`` without a type."""
        if self._depth > MAX_DEPTH:
            return None
        self._depth += 1
        try:
            return self._declared(unit, stmt, index)
        finally:
            self._depth -= 1

    def _declared(self, unit: Unit, stmt: ir.Assign, index: int) -> Type | None:
        values = stmt.values
        if len(values) == 1 and len(stmt.targets) > 1:
            found = self.type_of(unit, 0, values[0])
            return default_type(self.nth(values[0], found, index, len(stmt.targets)))
        if index >= len(values):
            return None
        found = self.type_of(unit, 0, values[index])
        return found if stmt.op == "const" else default_type(found)

    def nth(self, value: ir.Expr, type_: Type | None, index: int, count: int) -> Type | None:
        """Result ``index`` of ``count`` of a value: of a call, or of a ``, ok`` form."""
        if isinstance(type_, Tuple):
            return type_.items[index] if index < len(type_.items) else None
        if count > 1 and type(value) is ir.Call:
            if isinstance(type_, Opaque) and index < count - 1:
                return Opaque(f"{type_.path}[{index}]") if index else type_
            return type_ if index == 0 else None
        return BASIC["bool"] if index == 1 else type_

    def _ranged(self, subject: Type | None, index: int) -> Type | None:
        shape = underlying(subject)
        if isinstance(shape, Pointer):
            shape = underlying(shape.elem)
        match shape:
            case Slice():
                return shape.elem if index else BASIC["int"]
            case Map():
                return shape.elem if index else shape.key
            case Chan():
                return shape.elem if index == 0 else None
            case Func() if shape.params and isinstance(yields := shape.params[0], Func):
                return yields.params[index] if index < len(yields.params) else None
            case type_ if type_ is BASIC["string"] or type_ is UNTYPED["string"]:
                return BASIC["rune"] if index else BASIC["int"]
        return default_type(subject) if index == 0 and shape in _INTEGERS else None

    # ------------------------------------------------------- expressions

    def type_of(self, unit: Unit, index: int, expr: ir.Expr) -> Type | None:
        """The type of an expression in a function; a ``Tuple`` for none or several values."""
        kind = type(expr)
        if kind is ir.Name:  # not memoised: rules ask for names that they make up
            return self._name(unit, index, expr)  # type: ignore[arg-type]
        handler = _HANDLERS.get(kind)
        if handler is None:
            return None
        key = id(expr)
        memo = self._memo
        if key in memo:
            return memo[key]
        if self._depth > MAX_DEPTH:
            return None
        self._depth += 1
        try:
            if self._depth % SPINE == 0:
                self._along_spine(unit, index, expr)
            memo[key] = None
            found: Type | None = handler(self, unit, index, expr)
            memo[key] = found
        finally:
            self._depth -= 1
        return found

    def _along_spine(self, unit: Unit, index: int, expr: ir.Expr) -> None:
        """Evaluate a long chain ``a.b().c()`` from its inside: its length costs no depth."""
        spine: list[ir.Expr] = []
        inner: Any = expr
        while type(inner) in _SPINE:
            inner = inner.callee if type(inner) is ir.Call else inner.object
            spine.append(inner)
        while spine:
            inner = spine.pop()
            if type(inner) is not ir.Member or type(inner.object) is ir.Name:
                self.type_of(unit, index, inner)

    def _name(self, unit: Unit, index: int, expr: ir.Name) -> Type | None:
        binding = self.local(unit, index, expr.id, expr.at)
        if binding is not None:
            return self.bound_type(unit, binding)
        symbol = unit.named(expr.id)
        if symbol is not None:
            return self.symbol_type(symbol)
        return BASIC["int"] if expr.id == "iota" else None

    def symbol_type(self, symbol: Symbol) -> Type | None:
        """The type of a function, variable or constant; None for a type."""
        return None if symbol.kind == "type" else symbol.type

    def _member(self, unit: Unit, index: int, expr: ir.Member) -> Type | None:
        object_ = expr.object
        if type(object_) is ir.Name:
            binding = self.local(unit, index, object_.id, object_.at)
            if binding is not None and binding.kind != "type":
                return self.selected(self.bound_type(unit, binding), expr.name)
        qualified = self.package_member(unit, index, expr)
        if qualified is not None:
            package, name = qualified
            symbol = package.lookup(name)
            if symbol is not None:
                return self.symbol_type(symbol)
            if isinstance(package, UnknownPackage):
                return Opaque(f"{package.path}.{name}")
            return None
        receiver = self.denoted(unit, index, object_)
        if receiver is not None:
            found = select(receiver, expr.name)
            if found is None or not isinstance(found.type, Func):
                return None
            return Func((receiver, *found.type.params), found.type.results, found.type.variadic)
        return self.selected(self.type_of(unit, index, object_), expr.name)

    def selected(self, object_: Type | None, name: str) -> Type | None:
        """The type of field or method ``name`` of a value."""
        base = deref(object_)
        if isinstance(base, Opaque):
            return Opaque(f"{base.path}.{name}")
        found = select(object_, name)
        if found is not None:
            return found.type
        if isinstance(base, Named) and not base.definition.known:
            return Opaque(f"{base.definition.canonical}.{name}")
        return None

    def _call(self, unit: Unit, index: int, expr: ir.Call) -> Type | None:
        return self.calls.value_type(unit, index, expr)

    def _index(self, unit: Unit, index: int, expr: ir.Index) -> Type | None:
        object_ = self.type_of(unit, index, expr.object)
        shape = underlying(object_)
        if isinstance(shape, Pointer):
            shape = underlying(shape.elem)
        match shape:
            case Slice():
                return shape.elem
            case Map():
                return shape.elem
            case Func():
                args = [self.denoted(unit, index, i) for i in expr.indices]
                bound = {p.name: a for p, a in zip(shape.type_params, args, strict=False)}
                return substitute_func(shape, bound)
            case Opaque():
                return Opaque(f"{shape.path}[]")
        return BASIC["byte"] if shape is BASIC["string"] else None

    def _slice(self, unit: Unit, index: int, expr: ir.SliceExpr) -> Type | None:
        found = self.type_of(unit, index, expr.object)
        inner = underlying(deref(found))
        return (
            inner
            if isinstance(found, Pointer) and isinstance(inner, Slice)
            else default_type(found)
        )

    def _unary(self, unit: Unit, index: int, expr: ir.Unary) -> Type | None:
        found = self.type_of(unit, index, expr.value)
        if expr.op == "&":
            return pointer(found) if found is not None else None
        if expr.op == "*":
            shape = underlying(found)
            return shape.elem if isinstance(shape, Pointer) else None
        if expr.op == "<-":
            shape = underlying(found)
            return shape.elem if isinstance(shape, Chan) else None
        return BASIC["bool"] if expr.op == "!" else found

    def _binary(self, unit: Unit, index: int, expr: ir.Binary) -> Type | None:
        if expr.op in _COMPARISONS:
            return UNTYPED["bool"]
        left = self.type_of(unit, index, expr.left)
        if expr.op in {"<<", ">>"} or (left is not None and default_type(left) is left):
            return left
        right = self.type_of(unit, index, expr.right)
        return right if right is not None else left

    def _cast(self, unit: Unit, index: int, expr: ir.Cast) -> Type | None:
        if expr.type is None:
            return self.type_of(unit, index, expr.value)
        return self.written(unit, index, expr.type, expr.at)

    def _composite(self, unit: Unit, index: int, expr: ir.Composite) -> Type | None:
        return self.written(unit, index, expr.type, expr.at) if expr.type is not None else None

    def _function(self, unit: Unit, index: int, expr: ir.FunctionRef) -> Type | None:
        function = unit.facts.functions[expr.index]
        at = function.at
        params = tuple([self.written(unit, index, p.type, at) for p in function.params])
        results = tuple([self.written(unit, index, r.type, at) for r in function.results])
        return Func(params, results, bool(function.params) and function.params[-1].rest)

    def _literal(self, unit: Unit, index: int, expr: ir.Literal) -> Type | None:
        if expr.kind == "number" and ("." in expr.value or "i" in expr.value):
            return UNTYPED["float"]
        return _LITERALS.get(expr.kind)


def _is_nil(type_: ir.Type) -> bool:
    return isinstance(type_, ir.TName | ir.TLiteral) and "nil" in {
        getattr(type_, "name", ""),
        getattr(type_, "text", ""),
    }


_INTEGERS = {
    *[t for name, t in BASIC.items() if name.startswith(("int", "uint", "byte", "rune"))],
    UNTYPED["int"],
}
_HANDLERS: dict[type, Any] = {
    ir.Member: Evaluator._member,
    ir.Call: Evaluator._call,
    ir.Index: Evaluator._index,
    ir.SliceExpr: Evaluator._slice,
    ir.Unary: Evaluator._unary,
    ir.Binary: Evaluator._binary,
    ir.Cast: Evaluator._cast,
    ir.Composite: Evaluator._composite,
    ir.FunctionRef: Evaluator._function,
    ir.Literal: Evaluator._literal,
}
