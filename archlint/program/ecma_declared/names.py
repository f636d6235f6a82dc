"""Names in declaration files: what a scope declares, imports and exports."""

from __future__ import annotations

import re
from os.path import dirname

import msgspec

from archlint.extract.declared import Declared, Export, Scope
from archlint.knowledge.builtins import builtin_module
from archlint.model.pattern import lazy_regex
from archlint.program.ecma_declared.packages import Installed

DEPTH = 24
"""Re-exports, imports and aliases that are followed."""
_IMPORTED = lazy_regex(r"""import\(\s*["']([^"']+)["'][^)]*\)(?:\.(.+))?$""", re.DOTALL)


class Symbol(msgspec.Struct, frozen=True, eq=False):
    """A name's meaning: all its declarations. A module has one, of kind ``module``."""

    decls: tuple[Declared, ...]

    def of(self, *kinds: str) -> tuple[Declared, ...]:
        """The declarations of some kinds."""
        return tuple(decl for decl in self.decls if decl.kind in kinds)


class Names:
    """Follows names through scopes, files and packages."""

    def __init__(self, installed: Installed) -> None:
        self.installed = installed
        self._modules: dict[int, Symbol] = {}
        self._depth = 0

    def module(self, folder: str, specifier: str, name: str = "") -> Scope | None:
        """The module that a specifier means in a folder, if it can hold ``name``."""
        path = self.installed.declaration(folder, specifier)
        if not path or (name and not self.installed.mentions(path, name)):
            return None
        file = self.installed.file(path)
        return (file.ambient(specifier) or file.top) if file is not None else None

    def whole(self, scope: Scope) -> Symbol:
        """A module as a value."""
        found = self._modules.get(id(scope))
        if found is None:
            found = Symbol((Declared("module", "", scope, inner=scope),))
            self._modules[id(scope)] = found
        return found

    def named(self, scope: Scope, text: str) -> Symbol | None:
        """What a name written in a scope (``A.B``, ``import("x").Y``) means; None for globals."""
        if self._depth > DEPTH:
            return None
        self._depth += 1
        try:
            return self._named(scope, text)
        finally:
            self._depth -= 1

    def _named(self, scope: Scope, text: str) -> Symbol | None:
        imported = _IMPORTED.match(text)
        if imported is not None:
            module = self.module(dirname(scope.path), imported.group(1))
            found = self.whole(module) if module is not None else None
            return self._inner(found, imported.group(2) or "")
        first, _, rest = text.partition(".")
        here: Scope | None = scope
        while here is not None:
            decls = here.declared(first)
            if decls:
                return self._inner(Symbol(decls), rest)
            if first in here.imports:
                return self._inner(self.meaning(here, here.imports[first]), rest)
            here = here.parent
        return None

    def _inner(self, symbol: Symbol | None, rest: str) -> Symbol | None:
        """A dotted path below a namespace or module."""
        for part in rest.split(".") if rest else ():
            if symbol is None:
                return None
            scopes = [d.inner for d in symbol.of("namespace", "module") if d.inner is not None]
            found = (self.exported(inner, part) for inner in scopes)
            symbol = next((item for item in found if item is not None), None)
        return symbol

    def meaning(self, scope: Scope, export: Export) -> Symbol | None:
        """What an export or import of a scope leads to."""
        if self._depth > DEPTH:
            return None
        self._depth += 1
        try:
            return self._meaning(scope, export)
        finally:
            self._depth -= 1

    def _meaning(self, scope: Scope, export: Export) -> Symbol | None:
        if not export.specifier:
            return self.named(scope, export.source)
        module = self.module(dirname(scope.path), export.specifier)
        if module is None:
            return None
        if export.source == "*":
            return self.whole(module)
        if export.source == "=":
            return self.assigned(module) or self.whole(module)
        if export.source == "default":
            return self.exported(module, "default") or self.whole(module)
        return self.exported(module, export.source)

    def assigned(self, scope: Scope) -> Symbol | None:
        """What ``export =`` names."""
        export = scope.exports.get("=")
        return self.meaning(scope, export) if export is not None else None

    def exported(self, scope: Scope, name: str) -> Symbol | None:
        """What a module or namespace exports under a name."""
        if self._depth > DEPTH:
            return None
        self._depth += 1
        try:
            return self._exported(scope, name)
        finally:
            self._depth -= 1

    def _exported(self, scope: Scope, name: str) -> Symbol | None:
        export = scope.exports.get(name)
        if export is not None:
            return self.meaning(scope, export)
        whole = self.assigned(scope)
        if whole is not None:
            return whole if name == "default" else self._inner(whole, name)
        decls = scope.declared(name)
        if decls:
            return Symbol(decls)
        for specifier in scope.stars if name != "default" else ():
            module = self.module(dirname(scope.path), specifier, name)
            found = self.exported(module, name) if module is not None else None
            if found is not None:
                return found
        return None

    def foreign(self, scope: Scope, text: str) -> bool:
        """Whether a name comes from one of Node.js's own modules."""
        first = text.partition(".")[0]
        here: Scope | None = scope
        while here is not None:
            if first in here.imports:
                return bool(builtin_module(here.imports[first].specifier))
            here = here.parent
        return False
