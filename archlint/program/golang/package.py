"""What a package offers to the resolver, wherever its declarations come from."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from archlint.program.golang.types import Definition, FunctionId, Type


class Symbol:
    """A package-level object: ``kind`` is func, var, const or type; its type comes on demand.

    A type's symbol has ``definition`` (None for an alias). ``functions`` are a function's in-repo
    bodies, several where build constraints choose between them.
    """

    __slots__ = ("_make", "_type", "callee", "definition", "functions", "kind", "name", "package")

    def __init__(
        self,
        package: str,
        name: str,
        kind: str,
        make: Callable[[], Type | None],
        definition: Definition | None = None,
    ) -> None:
        self.package = package
        self.name = name
        self.kind = kind
        self.definition = definition
        self.functions: tuple[FunctionId, ...] = ()
        self.callee: object = None
        """What calling it is, once that was asked."""
        self._make: Callable[[], Type | None] | None = make
        self._type: Type | None = None

    @property
    def type(self) -> Type | None:
        """The object's type; None while it is being worked out or when it is unknown."""
        make = self._make
        if make is not None:
            self._make = None
            self._type = make()
        return self._type

    @property
    def canonical(self) -> str:
        """``net/http.HandleFunc``."""
        return f"{self.package}.{self.name}"


class Package:
    """A package by its import path; ``name`` is what its package clause says."""

    def __init__(self, path: str, name: str) -> None:
        self.path = path
        self.name = name

    def lookup(self, name: str) -> Symbol | None:
        """The package-level object of that name, or None."""
        raise NotImplementedError

    def definitions(self) -> Iterator[Definition]:
        """Every type that it declares; nothing for packages outside the repo."""
        return iter(())


class UnknownPackage(Package):
    """A package outside the repo of which only the path is known: its types are opaque."""

    def __init__(self, path: str, name: str = "") -> None:
        super().__init__(path, name or guessed_name(path))
        self._definitions: dict[str, Definition] = {}

    def lookup(self, name: str) -> Symbol | None:
        """Nothing is known of it."""
        return None

    def definition(self, name: str) -> Definition:
        """The type of that name, with nothing known but its name."""
        found = self._definitions.get(name)
        if found is None:
            found = self._definitions[name] = Definition(self.path, name, known=False)
        return found


def guessed_name(path: str) -> str:
    """The package name that an import path suggests."""
    parts = path.split("/")
    last = parts[-1]
    if len(parts) > 1 and last[:1] == "v" and last[1:].isdigit():
        last = parts[-2]
    head, dot, version = last.rpartition(".")
    if dot and version[:1] == "v" and version[1:].isdigit():
        last = head
    last = last.removesuffix(".go").removesuffix("-go").removeprefix("go-").removeprefix("go.")
    return last.rpartition("-")[2]
