"""The type of an expression, on demand and memoised."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from archlint.model import ir
from archlint.program.golang.convert import convert
from archlint.program.golang.package import Symbol, UnknownPackage
from archlint.program.golang.scopes import UNSET, Binding
from archlint.program.golang.select import select
from archlint.program.golang.source import (
    Unit,
    define,
    receiver_name,
    receiver_params,
    signature_of,
)
from archlint.program.golang.types import (
    BASIC,
    UNIVERSE,
    UNTYPED,
    Chan,
    Func,
    FunctionId,
    Map,
    Named,
    Opaque,
    Pointer,
    Slice,
    Tuple,
    Type,
    default_type,
    deref,
    substitute_func,
    underlying,
)

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


class Evaluator:
    """Types of expressions; ``calls`` (set by the linker) evaluates calls."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.calls: Calls
        self._memo: dict[int, Type | None] = {}
        self._depth = 0
        self._local_types: dict[tuple[str, int], Type | None] = {}
        self._scopes: dict[FunctionId, dict[str, Type | None]] = {}

    # ------------------------------------------------------------- names

    def binding(self, unit: Unit, index: int, name: ir.Name) -> tuple[Binding, int] | None:
        """The local declaration that a name means, and the function that holds it."""
        functions = unit.facts.functions
        while index > 0:
            found = unit.body(index).find(name.id, name.at)
            if found is not None:
                return found, index
            index = functions[index].parent
        return None

    def local_scope(self, unit: Unit, index: int, at: int) -> Callable[[str], Type | None]:
        """Finds type parameters and types declared in the functions around a position."""
        params = self.type_params(unit, index)

        def find(name: str) -> Type | None:
            found = params.get(name)
            if found is None:
                local = self.binding(unit, index, ir.Name(at, name))
                if local is not None and local[0].kind == "type":
                    return self._local_type(unit, local[1], local[0].index)
            return found

        return find

    def type_params(self, unit: Unit, index: int) -> dict[str, Type | None]:
        """The type parameters in force in a function, by name."""
        key = (unit.facts.path, index)
        found = self._scopes.get(key)
        if found is None:
            found = self._scopes[key] = {}
            function = unit.facts.functions[index]
            if function.parent > 0:
                found.update(self.type_params(unit, function.parent))
            if function.receiver is not None:
                symbol = unit.package.lookup(receiver_name(function))
                if symbol is not None and symbol.definition is not None:
                    found.update(receiver_params(function, symbol.definition))
            if function.type_params:
                found.update({p.name: p for p in signature_of(unit, function).type_params})
        return found

    def _local_type(self, unit: Unit, index: int, number: int) -> Type | None:
        key = (unit.facts.path, number)
        if key not in self._local_types:
            facts = unit.facts.types[number]
            scope = self.local_scope(unit, index, facts.at + 1)
            if facts.kind == "alias":
                self._local_types[key] = convert(facts.type, unit, scope)
            else:
                self._local_types[key] = define(unit, facts, scope).instance
        return self._local_types[key]

    def written(self, unit: Unit, index: int, type_: ir.Type | None, at: int) -> Type | None:
        """A type written inside a function."""
        if index <= 0:
            return unit.convert(type_)
        return convert(type_, unit, self.local_scope(unit, index, at))

    def bound_type(self, unit: Unit, index: int, binding: Binding) -> Type | None:
        """The type of a local variable."""
        if binding.type is UNSET:
            binding.type = None
            binding.type = self._bind(unit, index, binding)
        return binding.type

    def _bind(self, unit: Unit, index: int, binding: Binding) -> Type | None:
        kind = binding.kind
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
        handler = _HANDLERS.get(type(expr))
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
        local = self.binding(unit, index, expr)
        if local is not None:
            return self.bound_type(unit, local[1], local[0])
        symbol = unit.named(expr.id)
        if symbol is not None:
            return self.symbol_type(symbol)
        return BASIC["int"] if expr.id == "iota" else None

    def symbol_type(self, symbol: Symbol) -> Type | None:
        """The type of a function, variable or constant; None for a type."""
        return None if symbol.kind == "type" else symbol.type

    def package_member(self, unit: Unit, index: int, expr: ir.Member) -> tuple[Any, str] | None:
        """(package, name) when the expression is a name qualified by an import."""
        if type(expr.object) is not ir.Name:
            return None
        package = unit.imports[expr.object.id]
        if package is None and not unit.imports.unsure:
            return None
        if self.binding(unit, index, expr.object) is not None:
            return None
        package = package or unit.imported(expr.object.id)
        return (package, expr.name) if package is not None else None

    def _member(self, unit: Unit, index: int, expr: ir.Member) -> Type | None:
        qualified = self.package_member(unit, index, expr)
        if qualified is not None:
            package, name = qualified
            symbol = package.lookup(name)
            if symbol is not None:
                return self.symbol_type(symbol)
            if isinstance(package, UnknownPackage):
                return Opaque(f"{package.path}.{name}")
            return None
        receiver = self.denoted(unit, index, expr.object)
        if receiver is not None:
            found = select(receiver, expr.name)
            if found is None or not isinstance(found.type, Func):
                return None
            return Func((receiver, *found.type.params), found.type.results, found.type.variadic)
        return self.selected(self.type_of(unit, index, expr.object), expr.name)

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

    def denoted(self, unit: Unit, index: int, expr: ir.Expr) -> Type | None:
        """The type that an expression names (``T``, ``pkg.T``, ``*T``, ``[]T``, ``T[int]``)."""
        kind = type(expr)
        if kind is ir.Name:
            return self._denoted_name(unit, index, expr)  # type: ignore[arg-type]
        if kind is ir.Member:
            qualified = self.package_member(unit, index, expr)  # type: ignore[arg-type]
            symbol = qualified[0].lookup(qualified[1]) if qualified is not None else None
            return symbol.type if symbol is not None and symbol.kind == "type" else None
        if isinstance(expr, ir.TypeExpr):
            return self.written(unit, index, expr.type, expr.at)
        if isinstance(expr, ir.Unary) and expr.op == "*":
            inner = self.denoted(unit, index, expr.value)
            return Pointer(inner) if inner is not None else None
        if isinstance(expr, ir.Index):
            base = self.denoted(unit, index, expr.object)
            if isinstance(base, Named):
                args = [self.denoted(unit, index, i) for i in expr.indices]
                return Named(base.definition, tuple(args))
        return None

    def _denoted_name(self, unit: Unit, index: int, expr: ir.Name) -> Type | None:
        found = self.type_params(unit, index).get(expr.id) if index > 0 else None
        if found is not None:
            return found
        local = self.binding(unit, index, expr)
        if local is not None:
            binding, holder = local
            return self._local_type(unit, holder, binding.index) if binding.kind == "type" else None
        symbol = unit.named(expr.id)
        if symbol is not None:
            return symbol.type if symbol.kind == "type" else None
        return UNIVERSE.get(expr.id)

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
            return Pointer(found) if found is not None else None
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
    ir.Name: Evaluator._name,
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
