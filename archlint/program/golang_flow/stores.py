"""Maps that live as long as the process: where they grow, and whether anything shrinks them."""

from __future__ import annotations

from typing import NamedTuple

import msgspec

from archlint.model import ir
from archlint.model.finding import Context
from archlint.model.walk import walk
from archlint.program.golang.package import Symbol
from archlint.program.golang.show import show
from archlint.program.golang.types import Basic, Map, Named, deref, named, underlying
from archlint.program.golang_flow.constants import is_constant
from archlint.program.golang_flow.shapes import is_name
from archlint.program.golang_flow.sites import is_production, sites
from archlint.program.program import FunctionId, Program


class Key(NamedTuple):
    """A package variable (``owner`` is the package) or a struct's field (the type)."""

    owner: str
    name: str
    is_field: bool


_BOUNDED_KEYS = {"bool", "reflect.Type", "byte", "uint8", "int8"}
_SHRINKS = ("Clear", "CompareAndDelete", "Delete", "LoadAndDelete", "Swap")
_SERVING = {Context.REQUEST, Context.BACKGROUND}
_BRIEF = {Context.REQUEST, Context.BACKGROUND, Context.TEST, Context.BUILD}


class Growth(NamedTuple):
    """Where a map gets a new key, and the names that the key's expression consists of."""

    function: FunctionId
    at: int
    end: int
    key: tuple[str, ...]


class Store(msgspec.Struct):
    """A map: where it grows, and whether something else handles it.

    ``lasting`` says that it surely lives as long as the process: a package's, or a field of what
    start-up makes.
    """

    growth: list[Growth] = msgspec.field(default_factory=list)
    shrinks: bool = False
    lasting: bool = True


def stores(program: Program) -> dict[Key, Store]:
    """Package variables, and fields of structs that start-up makes, that only ever grow.

    Those alone that a request's or a job's path makes grow.
    """
    found: dict[Key, Store] = {}
    for ident, _ in sites(program).functions:
        for assign in program.golang.body(ident).assigns if ident[1] > 0 else ():
            for target in assign.targets if assign.op == "=" else ():
                if type(target) is ir.Index:
                    _grow(program, ident, assign, target, found)
    _calls(program, found)
    growing = {
        key: store
        for key, store in found.items()
        if any(program.context(growth.function) in _SERVING for growth in store.growth)
    }
    for narrow in (_renewed, _handed_on):
        growing = {key: store for key, store in growing.items() if not store.shrinks}
        if growing:
            narrow(program, growing)
    growing = {key: store for key, store in growing.items() if not store.shrinks}
    lasting = _long_lived(program, {key.owner for key in growing if key.is_field})
    for key, store in growing.items():
        store.lasting = not key.is_field or lasting.get(key.owner, False)
    return {key: s for key, s in growing.items() if not key.is_field or key.owner in lasting}


def _renewed(program: Program, growing: dict[Key, Store]) -> None:
    """``m = ...``, and built-in functions that shrink a map or ask for its size."""
    wanted = {key.name for key in growing}
    for ident, _ in sites(program).functions:
        for assign in program.golang.body(ident).assigns if ident[1] > 0 else ():
            for target in assign.targets if assign.op == "=" else ():
                _handled(program, ident, target, (growing, wanted))
    for ident, call, callee in sites(program).calls(("clear", "delete", "len")):
        if call.args and callee.kind == "builtin":
            _handled(program, ident, call.args[0], (growing, wanted))


def _handled(
    program: Program, ident: FunctionId, expr: ir.Expr, growing: tuple[dict[Key, Store], set[str]]
) -> None:
    """Note that something other than a growth happens to what an expression names."""
    name = expr.name if type(expr) is ir.Member else expr.id if type(expr) is ir.Name else ""
    if name in growing[1]:
        key = key_of(program, ident, expr)
        if key is not None and key in growing[0]:
            growing[0][key].shrinks = True


def _grow(
    program: Program,
    ident: FunctionId,
    assign: ir.Assign,
    target: ir.Index,
    found: dict[Key, Store],
) -> None:
    if isinstance(underlying(program.golang.type_of(ident, target.object)), Map):
        key = key_of(program, ident, target.object)
        if key is not None and not _bounded(program, ident, target.indices[0]):
            growth = Growth(ident, assign.at, assign.end, _words(target.indices[0]))
            found.setdefault(key, Store()).growth.append(growth)


def _calls(program: Program, found: dict[Key, Store]) -> None:
    """Methods of sync.Map."""
    for ident, call, callee in sites(program).calls(("Store", "LoadOrStore", *_SHRINKS)):
        if callee.canonical.startswith("sync.Map.") and isinstance(call.callee, ir.Member):
            key = key_of(program, ident, call.callee.object)
            if key is None:
                continue
            store = found.setdefault(key, Store())
            if call.callee.name in _SHRINKS:
                store.shrinks = True
            elif call.args and not _bounded(program, ident, call.args[0]):
                store.growth.append(Growth(ident, call.at, call.end, _words(call.args[0])))


def _handed_on(program: Program, growing: dict[Key, Store]) -> None:
    """A map that is given to somebody, or has another name, may shrink there."""
    wanted = {key.name for key in growing}
    for ident, _ in sites(program).functions:
        body = program.golang.body(ident)
        values = [arg for call in body.calls for arg in call.args]
        values += [entry.value for literal in body.composites for entry in literal.entries]
        values += [value for assign in body.assigns for value in assign.values]
        for value in values:
            inner = value.value if type(value) is ir.Unary else value
            if (type(inner) is ir.Member and inner.name in wanted) or (
                type(inner) is ir.Name and inner.id in wanted
            ):
                _handled(program, ident, inner, (growing, wanted))


def _long_lived(program: Program, owners: set[str]) -> dict[str, bool]:
    """Those of some struct types that are made, and never on a request's or a job's path.

    With whether start-up is known to make them: nothing may be known of the making.
    """
    made: dict[str, set[Context]] = {}
    for place, definition in program.golang.literals.of(owners) if owners else ():
        path = place.unit.facts.path
        literal = place.expr
        if is_production(program, path) and isinstance(literal, ir.Composite) and literal.type:
            context = program.context((path, place.holder))
            made.setdefault(definition.canonical, set()).add(context)
    return {
        name: contexts != {Context.UNKNOWN}
        for name, contexts in made.items()
        if not contexts & _BRIEF
    }


def _words(key: ir.Expr) -> tuple[str, ...]:
    """The names in a key's expression: ``user.ID`` as (``user``, ``ID``)."""
    found: list[str] = []
    for node in walk((key,)):
        if isinstance(node, ir.Name):
            found.append(node.id)
        elif isinstance(node, ir.Member):
            found.append(node.name)
    return tuple(found)


def _bounded(program: Program, ident: FunctionId, key: ir.Expr) -> bool:
    """Whether there are only so many keys: constants, small types, enumerations, types."""
    if is_constant(program, ident, key) or _written_down(program, ident, key):
        return True
    if isinstance(key, ir.Call) and is_name(key.callee, "TypeOf"):
        return True
    kind = program.golang.type_of(ident, key)
    if kind is not None and show(kind).lstrip("*") in _BOUNDED_KEYS:
        return True
    shape = underlying(kind)
    return isinstance(kind, Named) and isinstance(shape, Basic) and shape.name != "string"


def _written_down(program: Program, ident: FunctionId, key: ir.Expr, depth: int = 0) -> bool:
    """Whether the key is a parameter for which every caller gives a constant."""
    found = program.golang.binding(ident, key) if isinstance(key, ir.Name) else None
    if found is None or found[0].kind != "param" or depth > _CALLERS_DEPTH:
        return False
    (binding, holder), slot = found, found[0].index
    if any(is_name(target, binding.name) for target in _set_in(program, holder)):
        return False
    callers = program.golang.index.callers.get(holder, ())
    return bool(callers) and all(
        isinstance(place.expr, ir.Call)
        and slot < len(place.expr.args)
        and _told(program, (place.unit.facts.path, place.holder), place.expr.args[slot], depth)
        for place in callers
    )


def _told(program: Program, ident: FunctionId, value: ir.Expr, depth: int) -> bool:
    return is_constant(program, ident, value) or _written_down(program, ident, value, depth + 1)


def _set_in(program: Program, ident: FunctionId) -> list[ir.Expr]:
    return [target for stmt in program.golang.body(ident).assigns for target in stmt.targets]


_CALLERS_DEPTH = 3
"""Functions through which a key is followed back."""


def key_of(program: Program, ident: FunctionId, expr: ir.Expr) -> Key | None:
    """The package variable or struct field that an expression names; None for anything else."""
    unit = program.golang.unit(ident[0])
    if isinstance(expr, ir.Name):
        local = program.golang.binding(ident, expr)
        return _variable(unit.named(expr.id)) if local is None else None
    if not isinstance(expr, ir.Member):
        return None
    root = expr.object
    package = unit.imported(root.id) if isinstance(root, ir.Name) else None
    if package is not None and isinstance(root, ir.Name):
        local = program.golang.binding(ident, root)
        if local is None:
            return _variable(package.lookup(expr.name))
    type_ = program.golang.type_of(ident, root)
    field = program.golang.select(type_, expr.name)  # an embedded struct's field is that struct's
    owner = (field.owner if field is not None else None) or named(deref(type_))
    return Key(owner.definition.canonical, expr.name, True) if owner is not None else None


def _variable(symbol: Symbol | None) -> Key | None:
    if symbol is None or symbol.kind != "var":
        return None
    return Key(symbol.package, symbol.name, False)
