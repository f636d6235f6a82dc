"""What a call calls, and what it gives."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from archlint.model import ir
from archlint.program.golang.infer import infer
from archlint.program.golang.package import Package, Symbol, UnknownPackage
from archlint.program.golang.scopes import UNSET
from archlint.program.golang.select import Selection, select
from archlint.program.golang.source import Unit
from archlint.program.golang.types import (
    VOID,
    Func,
    FunctionId,
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
from archlint.program.golang.universe import BASIC, default_type

if TYPE_CHECKING:
    from archlint.program.golang.evaluate import Evaluator


class Callee(msgspec.Struct, gc=False, eq=False):
    """What a call's callee is, before function values are followed.

    ``kind``: function, method, dynamic (through an interface), value (of function type), closure,
    builtin, conversion or unknown. ``canonical`` names what is declared
    (``net/http.ServeMux.Handle``), for an in-repo one too. ``receiver`` is the receiver's static
    type.
    """

    kind: str
    canonical: str = ""
    signature: Func | None = None
    functions: tuple[FunctionId, ...] = ()
    receiver: Type | None = None
    selection: Selection | None = None
    package: str = ""
    resolution: Any = None
    """What every call of it runs, once that was asked, where it is the same for all."""
    errors: tuple[int, ...] | None = None
    """Which results are errors, once that was asked, where it is the same for all calls."""


UNKNOWN = Callee("unknown")
_CONVERSION = Callee("conversion")
_INTEGER = {"len", "cap", "copy"}
_NOTHING = {"clear", "close", "delete", "panic", "print", "println"}
_VALUES = {"append", "complex", "imag", "make", "max", "min", "new", "real", "recover"}
_BUILTIN = {name: Callee("builtin", name) for name in sorted(_INTEGER | _NOTHING | _VALUES)}


class Calls:
    """Resolves callees and results, memoised by call."""

    def __init__(self, evaluator: Evaluator) -> None:
        self._evaluator = evaluator
        self._memo: dict[int, Callee] = {}
        self.made: dict[str, Type] = {}
        """What unknown functions give, by canonical name: told by tables."""

    def callee(self, unit: Unit, index: int, call: ir.Call) -> Callee:
        """What the call calls."""
        key = id(call)
        found = self._memo.get(key)
        if found is not None:
            return found
        self._memo[key] = UNKNOWN
        found = self._plain(unit, index, call.callee)
        if found is None:
            found = self._computed(unit, index, call.callee)
        signature = found.signature
        if call.types and signature is not None and signature.type_params:
            args = [self._evaluator.written(unit, index, t, call.at) for t in call.types]
            found = _bind(found, dict(_pairs(signature, args)))
        self._memo[key] = found
        return found

    def _computed(self, unit: Unit, index: int, callee: ir.Expr) -> Callee:
        """A callee that is a value, or an instance of what is generic."""
        if type(callee) is ir.Index:
            inner = self._plain(unit, index, callee.object)
            if inner is not None and inner.signature is not None and inner.signature.type_params:
                return self._instantiated(unit, index, inner, callee)
        return self._value(unit, index, callee)

    def function(self, unit: Unit, index: int, expr: ir.Expr) -> Callee | None:
        """What calling a function value would call, when the expression names a function."""
        found = self._plain(unit, index, expr)
        return found if found is not None and found.kind in {"function", "method"} else None

    def _plain(self, unit: Unit, index: int, callee: ir.Expr) -> Callee | None:
        """Callees that name what they call; None for computed ones."""
        kind = type(callee)
        if kind is ir.Member:
            return self._member(unit, index, callee)  # type: ignore[arg-type]
        if kind is ir.Name:
            return self._name(unit, index, callee)  # type: ignore[arg-type]
        if kind is ir.FunctionRef:
            signature = self._evaluator.type_of(unit, index, callee)
            ident = (unit.facts.path, callee.index)  # type: ignore[union-attr]
            return Callee("closure", signature=_func(signature), functions=(ident,))
        if kind is ir.TypeExpr:
            return _CONVERSION
        if kind is ir.Unary or kind is ir.Index:
            denoted = self._evaluator.denoted(unit, index, callee)
            return _CONVERSION if denoted is not None else None
        return None

    def _name(self, unit: Unit, index: int, callee: ir.Name) -> Callee | None:
        evaluator = self._evaluator
        local = evaluator.local(unit, index, callee.id, callee.at)
        if local is not None:
            return _CONVERSION if local.kind == "type" else None
        symbol = unit.named(callee.id)
        if symbol is not None:
            return self._symbol(symbol)
        if callee.id in _BUILTIN:
            return _BUILTIN[callee.id]
        if evaluator.denoted(unit, index, callee) is not None:
            return _CONVERSION
        return UNKNOWN

    def _symbol(self, symbol: Symbol) -> Callee:
        found = symbol.callee
        if found is None:
            found = symbol.callee = _named(symbol)
        assert isinstance(found, Callee)
        return found

    def _member(self, unit: Unit, index: int, callee: ir.Member) -> Callee | None:
        evaluator = self._evaluator
        object_ = callee.object
        if type(object_) is ir.Name:
            local = evaluator.local(unit, index, object_.id, object_.at)
            if local is not None and local.kind != "type":
                receiver = local.type
                if receiver is UNSET:
                    receiver = evaluator.bound_type(unit, local)
                return self._of_value(receiver, callee.name)
            package = unit.imported(object_.id) if local is None else None
            if package is not None:
                return self._qualified(package, callee.name)
        elif type(object_) is ir.Call:
            return self._of_value(evaluator.type_of(unit, index, object_), callee.name)
        denoted = evaluator.denoted(unit, index, object_)
        if denoted is not None:
            found = select(denoted, callee.name)
            return _selected(found, denoted, callee.name, True) if found is not None else UNKNOWN
        return self._of_value(evaluator.type_of(unit, index, object_), callee.name)

    def _of_value(self, receiver: Type | None, name: str) -> Callee:
        """The method or field of a value, made once for each declared type."""
        if receiver is None:
            return UNKNOWN
        base = receiver.elem if type(receiver) is Pointer else receiver
        if type(base) is not Named or base.args:
            return _of_type(receiver, name)
        key = (name, base is receiver)
        known = base.definition.callees
        made = known.get(key)
        if made is None:
            made = _of_type(receiver, name)
            if made.kind != "unknown":
                known[key] = made
        assert isinstance(made, Callee)
        return made

    def _qualified(self, package: Package, name: str) -> Callee | None:
        symbol = package.lookup(name)
        if symbol is not None:
            return self._symbol(symbol)
        if isinstance(package, UnknownPackage):
            return Callee("unknown", f"{package.path}.{name}", package=package.path)
        return UNKNOWN

    def _value(self, unit: Unit, index: int, callee: ir.Expr) -> Callee:
        found = self._evaluator.type_of(unit, index, callee)
        if isinstance(found, Opaque):
            return Callee("unknown", found.path)
        return Callee("value", signature=_func(underlying(found)), receiver=found)

    def _instantiated(self, unit: Unit, index: int, found: Callee, callee: ir.Index) -> Callee:
        args = [self._evaluator.denoted(unit, index, i) for i in callee.indices]
        assert found.signature is not None
        return _bind(found, dict(_pairs(found.signature, args)))

    # ------------------------------------------------------------ results

    def results(self, unit: Unit, index: int, call: ir.Call) -> tuple[Type | None, ...] | None:
        """The types of a call's results; None when the callee is not known."""
        found = self.callee(unit, index, call)
        if found.kind == "conversion":
            return (self._evaluator.denoted(unit, index, call.callee),)
        if found.kind == "builtin":
            return self._builtin(unit, index, call)
        signature = found.signature
        if signature is None:
            return None
        if signature.type_params:
            return self._inferred(unit, index, call, signature).results
        return signature.results

    def _inferred(self, unit: Unit, index: int, call: ir.Call, signature: Func) -> Func:
        args = tuple([self._evaluator.type_of(unit, index, arg) for arg in call.args])
        if len(args) == 1 and isinstance(args[0], Tuple):
            args = args[0].items
        params = signature.params
        if signature.variadic and params:
            last = Slice(params[-1]) if call.spread else params[-1]
            extra = len(args) - len(params)
            params = (*params[:-1], *([last] * (extra + 1)))
        bound: dict[str, Type | None] = {}
        infer(params, args, bound)
        return substitute_func(signature, bound)

    def _builtin(self, unit: Unit, index: int, call: ir.Call) -> tuple[Type | None, ...] | None:
        name = call.callee.id if type(call.callee) is ir.Name else ""
        if name in _NOTHING:
            return ()
        if name in _INTEGER:
            return (BASIC["int"],)
        if not call.args:
            return (None,)
        if name in {"make", "new"}:
            made = self._evaluator.denoted(unit, index, call.args[0])
            if name == "make":
                return (made,)
            if made is None:  # of a value, since Go 1.26
                value = _as_value(call.args[0])
                made = default_type(self._evaluator.type_of(unit, index, value))
            return (pointer(made),)
        found = self._evaluator.type_of(unit, index, call.args[0])
        return (default_type(found),)

    def value_type(self, unit: Unit, index: int, call: ir.Call) -> Type | None:
        """The type of a call as an expression."""
        results = self.results(unit, index, call)
        if results is None:
            canonical = self.callee(unit, index, call).canonical
            if canonical in self.made:
                return self.made[canonical]
            return Opaque(f"{canonical}()") if 0 < len(canonical) < 200 else None
        if len(results) == 1:
            return results[0]
        return Tuple(results) if results else VOID


def _as_value(written: ir.Expr) -> ir.Expr:
    """A name that the grammar took for a type's."""
    if isinstance(written, ir.TypeExpr) and isinstance(written.type, ir.TName):
        return ir.Name(written.at, written.type.name)
    return written


def _named(symbol: Symbol) -> Callee:
    if symbol.kind == "type":
        return _CONVERSION
    if symbol.kind == "func":
        signature = _func(symbol.type)
        return Callee(
            "function", symbol.canonical, signature, symbol.functions, package=symbol.package
        )
    signature = _func(underlying(symbol.type))
    return Callee("value", symbol.canonical, signature, package=symbol.package)


def _of_type(receiver: Type, name: str) -> Callee:
    """The method or field ``name`` of a value; of an unknown type it has a name alone."""
    found = select(receiver, name)
    if found is not None:
        return _selected(found, receiver, name)
    base = deref(receiver)
    path = base.path if isinstance(base, Opaque) else ""
    if isinstance(base, Named) and not base.definition.known:
        path = base.definition.canonical
    return Callee("unknown", f"{path}.{name}" if path else "", receiver=receiver)


def _selected(found: Selection, receiver: Type, member: str, expression: bool = False) -> Callee:
    """A method or field of a value; of a type (``T.Method``) with the receiver as argument."""
    owner = found.owner
    name = owner.definition.canonical if owner is not None else ""
    package = owner.definition.package if owner is not None else ""
    signature = _func(underlying(found.type))
    if expression and signature is not None:
        signature = Func((receiver, *signature.params), signature.results, signature.variadic)
    if found.kind == "method" and found.method is not None:
        functions = (found.method.function,) if found.method.function is not None else ()
        canonical = found.method.canonical
        return Callee("method", canonical, signature, functions, receiver, found, package)
    return Callee(
        "dynamic" if found.kind == "dynamic" else "value",
        canonical=f"{name}.{member}" if name else "",
        signature=signature,
        receiver=receiver,
        selection=found,
        package=package,
    )


def _bind(found: Callee, bound: dict[str, Type | None]) -> Callee:
    assert found.signature is not None
    signature = substitute_func(found.signature, bound)
    return msgspec.structs.replace(found, signature=signature, resolution=None, errors=None)


def _pairs(signature: Func, args: list[Type | None]) -> Any:
    return zip([p.name for p in signature.type_params], args, strict=False)


def _func(type_: Type | None) -> Func | None:
    return type_ if isinstance(type_, Func) else None
