"""A dependency's package: each declaration is parsed when its name is first looked up."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from archlint.extract.engine import extract_file
from archlint.extract.options import ExtractOptions
from archlint.model.facts import FileFacts, FunctionFacts
from archlint.program.golang.outline import Declaration, Outline, signature
from archlint.program.golang.package import Symbol, UnknownPackage
from archlint.program.golang.qualifiers import Find, Qualifiers
from archlint.program.golang.source import (
    SourcePackage,
    Unit,
    method_signature,
    signature_of,
)
from archlint.program.golang.types import Definition, Func, Method

_OPTIONS = ExtractOptions(cache=False, jobs=1)
_NOTHING = FileFacts("", "go", 0, (), (FunctionFacts(0, "", "module", 0, 0, body=()),))


class SourceFile(msgspec.Struct, eq=False):
    """A file that was read: its text, its outline, and the parts that were parsed so far."""

    path: str
    data: bytes
    outline: Outline
    parsed: dict[int, Unit] = msgspec.field(default_factory=dict)
    imports: Qualifiers | None = None


class OutlinedPackage(SourcePackage):
    """A package outside the repo that was read from its source."""

    def __init__(self, path: str, name: str) -> None:
        super().__init__(path, name, "")
        self.local = False
        self.find: Find = UnknownPackage
        self._declared: dict[str, list[tuple[SourceFile, Declaration]]] = {}
        self._owned: dict[str, list[tuple[SourceFile, Declaration]]] = {}
        self._found: dict[str, Symbol | None] = {}

    def add(self, file: SourceFile) -> None:
        """Take in what a file declares."""
        for found in file.outline.declarations:
            if found.kind == "method":
                self._owned.setdefault(found.receiver, []).append((file, found))
            else:
                for name in found.names:
                    self._declared.setdefault(name, []).append((file, found))

    def lookup(self, name: str) -> Symbol | None:
        """The package-level object of that name."""
        if name not in self._found:
            self._found[name] = None
            self._found[name] = self._symbol(name)
        return self._found[name]

    def _symbol(self, name: str) -> Symbol | None:
        """The first declaration that has the name, a function before all others."""
        places = self._declared.get(name, ())
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
        for file, found in self._owned.get(name, ()):
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
            unit = file.parsed[found.start] = self._unit(file, text)
            unit.imports = self._imports(file)
        return unit

    def _imports(self, file: SourceFile) -> Qualifiers:
        if file.imports is None:
            head = self._unit(file, file.data[: file.outline.header])
            file.imports = Qualifiers(head.facts.imports, self.find)
        return file.imports

    def _unit(self, file: SourceFile, text: bytes) -> Unit:
        facts = extract_file(file.path, "go", text, _OPTIONS)
        return Unit(facts if isinstance(facts, FileFacts) else _NOTHING, self)
