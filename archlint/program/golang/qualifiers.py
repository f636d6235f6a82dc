"""What a file's import names mean; a package is found when its name is first used."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from archlint.knowledge.golang import standard_library
from archlint.model.facts import ImportFacts
from archlint.program.golang.package import Package, UnknownPackage, guessed_name

Find = Callable[[str], Package]
"""The package that an import path means in a file."""


class Qualifiers(dict[str, "Package | None"]):
    """Import names to packages, None for what is no import's name.

    A name is first looked for among the imports whose paths suggest it. ``search`` also looks at
    the ``unsure`` ones: their package may be called otherwise than its path suggests, which only
    reading it tells.
    """

    __slots__ = ("_aliased", "_dots", "_find", "_guesses", "_imports", "unsure")

    def __init__(self, imports: tuple[ImportFacts, ...], find: Find) -> None:
        super().__init__()
        self._find = find
        self._imports: tuple[ImportFacts, ...] | None = imports
        self._aliased: dict[str, str] = {}
        self._guesses: dict[str, list[str]] = {}
        self._dots: list[Package] = []
        self.unsure: list[str] = []

    @property
    def dots(self) -> list[Package]:
        """The packages whose names the file uses without qualifying them."""
        if self._imports is not None:
            self._load()
        return self._dots

    def _load(self) -> None:
        imports, self._imports = self._imports, None
        for item in imports or ():
            if item.specifier and item.specifier != "C":
                self._add(item.names[0][1] if item.names else "", item.specifier)

    def _add(self, alias: str, path: str) -> None:
        if alias == ".":
            self._dots.append(self._find(path))
        elif alias:
            self._aliased[alias] = path
        else:
            for name in guesses(path):
                self._guesses.setdefault(name, []).append(path)
            if path not in standard_library():
                self.unsure.append(path)

    def __missing__(self, name: str) -> Package | None:
        if self._imports is not None:
            self._load()
        path = self._aliased.get(name)
        found = self._find(path) if path is not None else self._guessed(name)
        self[name] = found
        return found

    def _guessed(self, name: str) -> Package | None:
        packages = [self._find(path) for path in self._guesses.get(name, ())]
        known = [p for p in packages if p.name == name and not isinstance(p, UnknownPackage)]
        unknown = [p for p in packages if isinstance(p, UnknownPackage)]
        return known[-1] if known else unknown[0] if unknown else None

    def search(self, name: str) -> Package | None:
        """The package of that name; only for names that are nothing else in the file."""
        found = self[name]
        if found is None and self.unsure:
            for path in self.unsure:
                package = self._find(path)
                if self.get(package.name) is None:
                    self[package.name] = package
            self.unsure.clear()
            found = self[name]
        return found


@cache
def guesses(path: str) -> tuple[str, ...]:
    """The package names that an import path suggests."""
    last = path.rpartition("/")[2]
    guess = guessed_name(path)
    return (guess,) if guess == last else (guess, last)
