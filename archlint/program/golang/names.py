"""What names mean in a function: local declarations, type parameters, packages and types."""

from __future__ import annotations

from collections.abc import Callable

from archlint.model import ir
from archlint.program.golang.convert import convert
from archlint.program.golang.package import Package
from archlint.program.golang.scopes import Binding
from archlint.program.golang.source import (
    Unit,
    define,
    receiver_name,
    receiver_params,
    signature_of,
)
from archlint.program.golang.types import FunctionId, Named, Type, pointer
from archlint.program.golang.universe import UNIVERSE


class Names:
    """Resolves names; of a function's type parameters and local types it keeps what it found."""

    def __init__(self) -> None:
        self._local_types: dict[tuple[str, int], Type | None] = {}
        self._scopes: dict[FunctionId, dict[str, Type | None]] = {}

    def local(self, unit: Unit, index: int, name: str, at: int) -> Binding | None:
        """The local declaration that a name at an offset means; None for package-level ones."""
        bodies = unit.bodies
        while index > 0:
            body = bodies[index]
            if body is None:
                body = unit.body(index)
            found = body.bindings.get(name)
            if found is not None:
                for binding in reversed(found):
                    if binding.start <= at < binding.end:
                        return binding
            index = unit.facts.functions[index].parent
        return None

    def binding(self, unit: Unit, index: int, name: ir.Name) -> tuple[Binding, int] | None:
        """The local declaration that a name means, and the function that holds it."""
        found = self.local(unit, index, name.id, name.at)
        return (found, found.holder) if found is not None else None

    def package_member(self, unit: Unit, index: int, expr: ir.Member) -> tuple[Package, str] | None:
        """(package, name) when the expression is a name qualified by an import."""
        object_ = expr.object
        if type(object_) is not ir.Name:
            return None
        package = unit.imports[object_.id]
        if package is None and not unit.imports.unsure:
            return None
        if self.local(unit, index, object_.id, object_.at) is not None:
            return None
        if package is None:
            package = unit.imported(object_.id)
        return (package, expr.name) if package is not None else None

    # ------------------------------------------------------------- types

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

    def local_scope(self, unit: Unit, index: int, at: int) -> Callable[[str], Type | None]:
        """Finds type parameters and types declared in the functions around a position."""
        params = self.type_params(unit, index)

        def find(name: str) -> Type | None:
            found = params.get(name)
            if found is None:
                binding = self.local(unit, index, name, at)
                if binding is not None and binding.kind == "type":
                    return self.local_type(unit, binding)
            return found

        return find

    def local_type(self, unit: Unit, binding: Binding) -> Type | None:
        """The type that a declaration in a function declares."""
        key = (unit.facts.path, binding.index)
        if key not in self._local_types:
            facts = unit.facts.types[binding.index]
            scope = self.local_scope(unit, binding.holder, facts.at + 1)
            if facts.kind == "alias":
                self._local_types[key] = convert(facts.type, unit, scope)
            else:
                self._local_types[key] = define(unit, facts, scope).instance
        return self._local_types[key]

    def written(self, unit: Unit, index: int, type_: ir.Type | None, at: int) -> Type | None:
        """A type written inside a function."""
        if index <= 0 or not (unit.has_local_types or self.type_params(unit, index)):
            return unit.convert(type_)
        return convert(type_, unit, self.local_scope(unit, index, at))

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
            return pointer(inner) if inner is not None else None
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
        binding = self.local(unit, index, expr.id, expr.at)
        if binding is not None:
            return self.local_type(unit, binding) if binding.kind == "type" else None
        symbol = unit.named(expr.id)
        if symbol is not None:
            return symbol.type if symbol.kind == "type" else None
        return UNIVERSE.get(expr.id)
