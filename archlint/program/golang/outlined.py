"""A dependency's package: each declaration is parsed when its name is first looked up."""

from __future__ import annotations

from collections.abc import Callable

from archlint.extract.golang.part import extract_part
from archlint.model import ir
from archlint.model.facts import FunctionFacts
from archlint.program.golang.outline import Declaration, Outline
from archlint.program.golang.package import Symbol, UnknownPackage
from archlint.program.golang.qualifiers import Find, Qualifiers
from archlint.program.golang.source import (
    SourcePackage,
    Unit,
    method_signature,
    signature_of,
)
from archlint.program.golang.types import Definition, Func, Method


class SourceFile:
    """A file that was read, and the declarations of it that were parsed so far, by offset."""

    __slots__ = ("imports", "outline", "parsed", "path")

    def __init__(self, path: str, data: bytes) -> None:
        self.path = path
        self.outline = Outline(data)
        self.parsed: dict[int, Unit] = {}
        self.imports: Qualifiers | None = None


class OutlinedPackage(SourcePackage):
    """A package outside the repo that was read from its source."""

    def __init__(self, path: str, name: str) -> None:
        super().__init__(path, name, "")
        self.local = False
        self.find: Find = UnknownPackage
        self.files: list[SourceFile] = []
        self._found: dict[str, Symbol | None] = {}

    def lookup(self, name: str) -> Symbol | None:
        """The package-level object of that name."""
        if name not in self._found:
            self._found[name] = None
            self._found[name] = self._symbol(name)
        return self._found[name]

    def _symbol(self, name: str) -> Symbol | None:
        """The first declaration that has the name, a function before all others."""
        written = name.encode()
        for file in self.files:
            found = file.outline.functions.get(written)
            if found is not None:
                return Symbol(self.path, name, "func", self._maker(file, found))
        for file in self.files:
            for found in file.outline.others.get(written, ()):
                symbol = self._declared(name, self._parsed(file, found))
                if symbol is not None:
                    return symbol
        return None

    def _declared(self, name: str, unit: Unit) -> Symbol | None:
        """The type, variable or constant of that name that a part declares."""
        for facts in unit.facts.types:
            if facts.name == name and facts.parent == 0:
                return self._type(unit, facts)
        symbols: dict[str, Symbol] = {}
        for stmt in unit.facts.functions[0].body or ():
            if type(stmt) is ir.Assign and stmt.op in {"var", "const"}:
                self._variables(unit, stmt, symbols)
        return symbols.get(name)

    def _maker(self, file: SourceFile, found: Declaration) -> Callable[[], Func]:
        def make() -> Func:
            unit, function = self._function_facts(file, found)
            return signature_of(unit, function) if function is not None else Func((), ())

        return make

    def _function_facts(
        self, file: SourceFile, found: Declaration
    ) -> tuple[Unit, FunctionFacts | None]:
        unit = self._parsed(file, found)
        functions = unit.facts.functions[1:]
        return unit, functions[0] if functions else None

    def _methods_of(self, name: str, owner: Definition) -> dict[str, Method]:
        methods: dict[str, Method] = {}
        written = name.encode()
        for file in self.files:
            for found in file.outline.methods.get(written, ()):
                if found.name not in methods:
                    make = self._method_maker(file, found, owner)
                    methods[found.name] = Method(found.name, owner, make, found.pointer)
        return methods

    def _method_maker(
        self, file: SourceFile, found: Declaration, owner: Definition
    ) -> Callable[[], Func]:
        def make() -> Func:
            unit, function = self._function_facts(file, found)
            if function is None:
                return Func((), ())
            return method_signature(unit, function, owner)

        return make

    def _parsed(self, file: SourceFile, found: Declaration) -> Unit:
        """A declaration as a file of its own, with the import names of the file it stands in."""
        unit = file.parsed.get(found.start)
        if unit is None:
            text = file.outline.text(found)
            unit = file.parsed[found.start] = Unit(extract_part(file.path, text), self)
            if file.imports is None:
                file.imports = Qualifiers(file.outline.imports, self.find)
            unit.imports = file.imports
        return unit
