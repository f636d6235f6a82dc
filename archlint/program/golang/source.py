"""Packages whose declarations are read from source: the repo's own and vendored ones."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from archlint.model import ir
from archlint.model.facts import FileFacts, FunctionFacts, TypeFacts
from archlint.program.golang.convert import Scope, convert, convert_func, top_level
from archlint.program.golang.package import Package, Symbol, UnknownPackage
from archlint.program.golang.qualifiers import Qualifiers
from archlint.program.golang.scopes import Body, build_body
from archlint.program.golang.types import (
    Definition,
    Func,
    Method,
    Type,
    TypeParam,
)

VariableType = Callable[["Unit", ir.Assign, int], "Type | None"]
"""The type of target number ``int`` of a package-level declaration."""


class Unit:
    """A source file: its facts, what its import names mean, and its functions' bodies.

    ``imports`` are the packages that its import names mean; ``bodies`` what was built of its
    functions so far, by index.
    """

    __slots__ = ("_converted", "_named", "bodies", "facts", "has_local_types", "imports", "package")

    def __init__(self, facts: FileFacts, package: SourcePackage) -> None:
        self.facts = facts
        self.package = package
        self.imports = Qualifiers((), UnknownPackage)
        self.bodies: list[Body | None] = [None] * len(facts.functions)
        self.has_local_types = any(type_.parent for type_ in facts.types)
        self._converted: dict[int, Type | None] = {}
        self._named: dict[str, Type] = {}

    def body(self, index: int) -> Body:
        """The scopes and calls of a function."""
        found = self.bodies[index]
        if found is None:
            try:
                found = build_body(self.facts.functions[index], self.facts.types)
            except RecursionError:  # blocks nested beyond all reason: nothing is known of it
                found = Body()
            self.bodies[index] = found
        return found

    def named(self, name: str) -> Symbol | None:
        """A package-level name as this file sees it: its package's, then dot imports'."""
        found = self.package.lookup(name)
        if found is None:
            for dotted in self.imports.dots:
                found = dotted.lookup(name)
                if found is not None:
                    return found
        return found

    def imported(self, name: str) -> Package | None:
        """The package that an import name means; None for the names of other things."""
        found = self.imports[name]
        if found is None and self.imports.unsure and self.package.lookup(name) is None:
            found = self.imports.search(name)
        return found

    def type_named(self, name: str) -> Type | None:
        """The type that a name at the file's top level means, qualified or not."""
        found = self._named.get(name)
        if found is None:
            found = top_level(name, self)
            if found is not None:
                self._named[name] = found
        return found

    def convert(self, type_: ir.Type | None) -> Type | None:
        """A type written at the file's top level."""
        key = id(type_)
        if key not in self._converted:
            self._converted[key] = convert(type_, self, None)
        return self._converted[key]


class SourcePackage(Package):
    """A package read from source; ``folder`` is where, ``units`` its files."""

    def __init__(self, path: str, name: str, folder: str) -> None:
        super().__init__(path, name)
        self.folder = folder
        self.units: list[Unit] = []
        self.variable_type: VariableType = lambda _unit, _stmt, _index: None
        self.local = True
        self._symbols: dict[str, Symbol] | None = None
        self._methods: dict[str, list[tuple[Unit, FunctionFacts]]] = {}

    def lookup(self, name: str) -> Symbol | None:
        """The package-level object of that name."""
        symbols = self._symbols
        if symbols is None:
            symbols = self._symbols = {}
            for unit in self.units:
                self._index(unit, symbols)
        return symbols.get(name)

    def symbols(self) -> Iterator[Symbol]:
        """Every package-level object."""
        self.lookup("")
        yield from (self._symbols or {}).values()

    def definitions(self) -> Iterator[Definition]:
        """Every type that the package declares, in order of its files."""
        for symbol in self.symbols():
            if symbol.definition is not None:
                yield symbol.definition

    def _index(self, unit: Unit, symbols: dict[str, Symbol]) -> None:
        for function in unit.facts.functions[1:]:
            if function.kind == "method" and function.receiver is not None:
                owner = receiver_name(function)
                self._methods.setdefault(owner, []).append((unit, function))
            elif function.kind == "function" and function.name:
                self._function(unit, function, symbols)
        for type_ in unit.facts.types:
            if type_.parent == 0:
                symbols.setdefault(type_.name, self._type(unit, type_))
        for stmt in unit.facts.functions[0].body or ():
            if type(stmt) is ir.Assign and stmt.op in {"var", "const"}:
                self._variables(unit, stmt, symbols)

    def _function(self, unit: Unit, function: FunctionFacts, symbols: dict[str, Symbol]) -> None:
        if function.name in {"init", "_"}:
            return
        found = symbols.get(function.name)
        if found is None or found.kind != "func":
            make = lambda: signature_of(unit, function)  # noqa: E731 (called when asked for)
            found = symbols[function.name] = Symbol(self.path, function.name, "func", make)
        if self.local:
            found.functions = (*found.functions, (unit.facts.path, function.index))

    def _variables(self, unit: Unit, stmt: ir.Assign, symbols: dict[str, Symbol]) -> None:
        for i, target in enumerate(stmt.targets):
            if type(target) is ir.Name and target.id != "_":
                make = lambda i=i: self._variable(unit, stmt, i)  # noqa: E731 (called when asked for)
                symbol = Symbol(self.path, target.id, stmt.op, make)
                symbols.setdefault(target.id, symbol)

    def _variable(self, unit: Unit, stmt: ir.Assign, index: int) -> Type | None:
        if stmt.type is not None:
            return unit.convert(stmt.type)
        return self.variable_type(unit, stmt, index)

    def _type(self, unit: Unit, facts: TypeFacts) -> Symbol:
        if facts.kind == "alias":
            return Symbol(self.path, facts.name, "type", lambda: unit.convert(facts.type))
        definition = define(unit, facts)
        definition.load_methods = lambda: self._methods_of(facts.name, definition)
        return Symbol(self.path, facts.name, "type", lambda: definition.instance, definition)

    def _methods_of(self, name: str, owner: Definition) -> dict[str, Method]:
        found: dict[str, Method] = {}
        for unit, function in self._methods.get(name, ()):
            if function.name not in found:
                ident = (unit.facts.path, function.index) if self.local else None
                make = lambda u=unit, f=function: method_signature(u, f, owner)  # noqa: E731 (called when asked for)
                found[function.name] = Method(
                    function.name, owner, make, _by_pointer(function), ident
                )
        return found


def define(unit: Unit, facts: TypeFacts, local: Scope | None = None) -> Definition:
    """The definition of a declared type; ``local`` finds the names of the function around it."""
    path = unit.package.path
    definition = Definition(path, facts.name, file=unit.facts.path)
    params = tuple(TypeParam(f.name, None) for f in facts.type_params)
    if params:
        scope = {p.name: p for p in params}
        params = tuple(
            TypeParam(f.name, convert(f.type, unit, scope.get)) for f in facts.type_params
        )
        definition.type_params = params
    bound = {p.name: p for p in params}
    definition.load_underlying = lambda: convert(facts.type, unit, bound.get if bound else local)
    return definition


def receiver_name(function: FunctionFacts) -> str:
    """The name of a method's receiver type."""
    kind = function.receiver.type if function.receiver is not None else None
    if isinstance(kind, ir.TPointer):
        kind = kind.elem
    return kind.name if isinstance(kind, ir.TName) else ""


def _by_pointer(function: FunctionFacts) -> bool:
    return function.receiver is not None and isinstance(function.receiver.type, ir.TPointer)


def receiver_params(function: FunctionFacts, owner: Definition) -> dict[str, Type | None]:
    """A method's names for its receiver's type parameters."""
    kind = function.receiver.type if function.receiver is not None else None
    if isinstance(kind, ir.TPointer):
        kind = kind.elem
    names = kind.args if isinstance(kind, ir.TName) else ()
    return {
        name.name: param
        for name, param in zip(names, owner.type_params, strict=False)
        if isinstance(name, ir.TName)
    }


def signature_of(unit: Unit, function: FunctionFacts) -> Func:
    """A function's type."""
    scope: dict[str, Type | None] = {}
    return convert_func(_shape(function), unit, scope.get, scope)


def method_signature(unit: Unit, function: FunctionFacts, owner: Definition) -> Func:
    """A method's type without its receiver, in terms of the owner's type parameters."""
    scope = receiver_params(function, owner)
    return convert_func(_shape(function), unit, scope.get, scope)


def _shape(function: FunctionFacts) -> ir.TFunc:
    params = tuple(ir.TField("", p.type) for p in function.params)
    variadic = bool(function.params) and function.params[-1].rest
    return ir.TFunc(params, function.results, variadic, function.type_params)
