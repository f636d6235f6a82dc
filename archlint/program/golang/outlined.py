"""A dependency's package: each declaration is parsed when its name is first looked up."""

from __future__ import annotations

from collections.abc import Callable

from archlint.extract.golang.part import extract_part
from archlint.model.facts import FunctionFacts
from archlint.program.golang.outline import (
    Declaration,
    Outline,
    may_declare,
    may_own,
    outline,
    signature,
)
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
    """A file that was read; what it declares is looked for when one of its names is asked."""

    __slots__ = ("_outline", "data", "declared", "imports", "owned", "parsed", "path")

    def __init__(self, path: str, data: bytes) -> None:
        self.path = path
        self.data = data
        self.parsed: dict[int, Unit] = {}
        """The declarations that were parsed so far, by their offsets."""
        self.imports: Qualifiers | None = None
        self.declared: dict[str, list[Declaration]] = {}
        """Declarations by name, but for methods."""
        self.owned: dict[str, list[Declaration]] = {}
        """Methods by the name of their type."""
        self._outline: Outline | None = None

    @property
    def outline(self) -> Outline:
        """What the file imports and declares."""
        if self._outline is None:
            self._outline = outline(self.data)
            for found in self._outline.declarations:
                if found.kind == "method":
                    self.owned.setdefault(found.receiver, []).append(found)
                else:
                    for name in found.names:
                        self.declared.setdefault(name, []).append(found)
        return self._outline

    def declarations(self, name: str) -> list[Declaration]:
        """What may declare a name."""
        if self._outline is None and not may_declare(self.data, name):
            return []
        return self.declared.get(name, []) if self.outline else []

    def methods(self, name: str) -> list[Declaration]:
        """The methods of a type."""
        if self._outline is None and not may_own(self.data, name):
            return []
        return self.owned.get(name, []) if self.outline else []


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
        places = [(file, found) for file in self.files for found in file.declarations(name)]
        for file, found in places:
            if found.kind == "func":
                return Symbol(self.path, name, "func", self._maker(file, found))
        for file, found in places:
            unit = self._parsed(file, found)
            if found.kind == "type":
                for facts in unit.facts.types:
                    if facts.name == name and facts.parent == 0:
                        return self._type(unit, facts)
            else:
                symbols: dict[str, Symbol] = {}
                self._index(unit, symbols)
                if name in symbols:
                    return symbols[name]
        return None

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
        for file, found in [(f, found) for f in self.files for found in f.methods(name)]:
            (method,) = found.names
            if method not in methods:
                make = self._method_maker(file, found, owner)
                methods[method] = Method(method, owner, make, found.pointer)
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
            text = file.data[found.start : found.end]
            if found.kind in {"func", "method"}:
                text = signature(file.data, found)
            unit = file.parsed[found.start] = Unit(extract_part(file.path, text), self)
            if file.imports is None:
                file.imports = Qualifiers(file.outline.imports, self.find)
            unit.imports = file.imports
        return unit
