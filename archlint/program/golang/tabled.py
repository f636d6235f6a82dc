"""Packages from the signature tables, decoded on demand."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from archlint.knowledge.golang import Chunk
from archlint.model.pattern import lazy_regex
from archlint.program.golang.package import Package, Symbol
from archlint.program.golang.types import (
    Chan,
    Definition,
    Field,
    Func,
    Interface,
    Map,
    Method,
    Named,
    Slice,
    Struct,
    Type,
    TypeParam,
    pointer,
)
from archlint.program.golang.universe import ANY, UNIVERSE, UNTYPED

FindDefinition = Callable[[str, str], Definition]
"""Package path and type name to the type's definition (one that says nothing when unknown)."""


class TablePackage(Package):
    """A package of a table."""

    def __init__(self, chunk: Chunk, find: FindDefinition) -> None:
        super().__init__(chunk.path, chunk.name)
        self._chunk = chunk
        self._find = find
        self._symbols: dict[str, Symbol | None] = {}

    def lookup(self, name: str) -> Symbol | None:
        """The exported object of that name."""
        if name not in self._symbols:
            self._symbols[name] = self._make(name)
        return self._symbols[name]

    def _make(self, name: str) -> Symbol | None:
        chunk = self._chunk
        encoded = chunk.find("F", name)
        if encoded is not None:
            return Symbol(self.path, name, "func", self._decoded(encoded))
        encoded = chunk.type(name)
        if encoded is not None:
            definition = self._define(name, encoded)
            return Symbol(self.path, name, "type", lambda: definition.instance, definition)
        encoded = chunk.find("V", name)
        if encoded is not None:
            return Symbol(self.path, name, "var", self._decoded(encoded))
        encoded = chunk.constant(name)
        if encoded is not None:
            return Symbol(self.path, name, "const", self._decoded(encoded))
        encoded = chunk.find("A", name)
        if encoded is not None:
            return Symbol(self.path, name, "type", self._decoded(encoded))
        return None

    def _decoded(self, text: str) -> Callable[[], Type | None]:
        return lambda: self.decode(text)

    def _signed(self, text: str) -> Callable[[], Func]:
        return lambda: self.signature(text)

    def _define(self, name: str, text: str) -> Definition:
        definition = Definition(self.path, name)
        params, _, encoded = text.rpartition("> ")
        if params:
            definition.type_params = _Decoder(params + ">", self).type_params()
        definition.load_underlying = lambda: self.decode(encoded.strip())
        definition.load_methods = lambda: self._methods(name, definition)
        return definition

    def _methods(self, name: str, owner: Definition) -> dict[str, Method]:
        return {
            method: Method(method, owner, self._signed(text), pointer)
            for method, pointer, text in self._chunk.methods(name)
        }

    def decode(self, text: str) -> Type | None:
        """A type as the table writes it."""
        return _Decoder(text, self).type()

    def signature(self, text: str) -> Func:
        """A signature as the table writes it; an empty one when it is damaged."""
        found = _Decoder(text, self).type()
        return found if isinstance(found, Func) else Func((), ())

    def named(self, number: str, name: str) -> Definition:
        """The type ``name`` of this package ("") or of its import with that number."""
        if number:
            return self._find(self._chunk.imports[int(number)], name)
        symbol = self.lookup(name)
        if symbol is None or symbol.definition is None:
            return self._find(self.path, name)
        return symbol.definition


_STOP = frozenset("(),;:<>{}[]*^$ ")


class _Decoder:
    """Recursive descent over one encoded type."""

    __slots__ = ("at", "package", "text")

    def __init__(self, text: str, package: TablePackage) -> None:
        self.text = text
        self.package = package
        self.at = 0

    def _peek(self) -> str:
        return self.text[self.at] if self.at < len(self.text) else ""

    def _word(self) -> str:
        start = self.at
        text = self.text
        while self.at < len(text) and text[self.at] not in _STOP:
            self.at += 1
        return text[start : self.at]

    def type(self) -> Type | None:
        """The type that starts here."""
        head = self._peek()
        if head in {"*", "[", "]", "^"}:
            self.at += 1
            elem = self.type()
            return pointer(elem) if head == "*" else Chan(elem) if head == "^" else Slice(elem)
        if head == "{":
            self.at += 1
            key = self.type()
            self.at += 1
            return Map(key, self.type())
        if head in {"(", "<"}:
            return self._func()
        if head == "$":
            self.at += 1
            return TypeParam(self._word())
        if head == "S" and self.text.startswith("S{", self.at):
            return self._struct()
        if head == "I" and self.text.startswith("I{", self.at):
            return self._interface()
        return self._named()

    def _named(self) -> Type | None:
        word = self._word()
        number, dot, name = word.partition(".")
        if not dot:
            return UNTYPED.get(word[1:]) if word[:1] == "~" else UNIVERSE.get(word)
        definition = self.package.named(number, name)
        args = self._list("<", ">") if self._peek() == "<" else ()
        return Named(definition, args) if args else definition.instance

    def _list(self, opening: str, closing: str) -> tuple[Type | None, ...]:
        items: list[Type | None] = []
        self.at += len(opening)
        while self._peek() not in {closing, ""}:
            items.append(self.type())
            if self._peek() == ",":
                self.at += 1
        self.at += 1
        return tuple(items)

    def type_params(self) -> tuple[TypeParam, ...]:
        """``<K:any,V:.Number>``."""
        if self._peek() != "<":
            return ()
        params: list[TypeParam] = []
        self.at += 1
        while self._peek() not in {">", ""}:
            name = self._word()
            self.at += 1
            bound = self.type()
            params.append(TypeParam(name, None if bound is ANY else bound))
            if self._peek() == ",":
                self.at += 1
        self.at += 1
        return tuple(params)

    def _func(self) -> Func:
        type_params = self.type_params()
        params, results = self._span(), self._span()
        package = self.package
        return Func(
            lambda: _Decoder(params, package).list(),
            lambda: _Decoder(results, package).list(),
            ".." in params and _is_variadic(params),
            type_params,
        )

    def _span(self) -> str:
        """What stands between the brackets that open here."""
        start = self.at + 1
        self.at = _closing(self.text, start) + 1
        return self.text[start : self.at - 1]

    def list(self) -> tuple[Type | None, ...]:
        """Every type of a list, a variadic one's element included."""
        items: list[Type | None] = []
        while self.at < len(self.text):
            if self.text.startswith("..", self.at):
                self.at += 2
            items.append(self.type())
            self.at += 1
        return tuple(items)

    def _struct(self) -> Struct:
        self.at += 1
        return Struct(tuple([self._field(text) for text in _parts(self._span())]))

    def _field(self, text: str) -> Field:
        name, _, encoded = text.partition(" ")
        embedded = name.startswith("!")
        package = self.package
        return Field(name.removeprefix("!"), lambda: package.decode(encoded), embedded)

    def _interface(self) -> Interface:
        self.at += 1
        methods: dict[str, Func] = {}
        for text in _parts(self._span()):
            name, _, encoded = text.partition(" ")
            methods[name] = self.package.signature(encoded)
        return Interface(methods)


_BRACKET = lazy_regex(r"[SI]\{|[()<>}]")
"""A map's ``{K:V`` is not closed."""
_CLOSING = frozenset(")}>")


def _closing(text: str, start: int) -> int:
    """Where the bracket closes that was opened before ``start``."""
    depth = 1
    for found in _BRACKET.finditer(text, start):
        depth += -1 if found.group() in _CLOSING else 1
        if not depth:
            return found.start()
    return len(text)


def _is_variadic(params: str) -> bool:
    """Whether ``..`` stands before a parameter's type, not within one."""
    at = params.find("..")
    while at >= 0:
        inner = _BRACKET.findall(params, 0, at)
        if len(inner) == 2 * sum(1 for bracket in inner if bracket in _CLOSING):
            return True
        at = params.find("..", at + 2)
    return False


def _parts(text: str) -> Iterator[str]:
    """The members of a struct or an interface."""
    start = at = 0
    while start < len(text):
        end = text.find(";", at)
        inner = _BRACKET.search(text, at, end if end >= 0 else len(text))
        if inner is not None:
            at = _closing(text, inner.end()) + 1
            continue
        end = len(text) if end < 0 else end
        yield text[start:end]
        start = at = end + 1
