"""One declaration file: parsed at once, its scopes made on demand."""

from __future__ import annotations

from tree_sitter import Tree

from archlint.extract import ecma  # noqa: F401  (registers the lowering of types)
from archlint.extract.declared.scopes import Scope
from archlint.extract.ecma.grammar import grammar_of
from archlint.extract.ecma.lowering import Lowering
from archlint.extract.engine import TooSlowError, timed_parse
from archlint.extract.grammars import parser
from archlint.extract.prepare import as_utf8
from archlint.extract.repair import repaired

SECONDS = 1.0
"""CPU seconds that parsing one file may take; a slower file declares nothing."""


def _parsed(text: bytes) -> Tree:
    try:
        tree = timed_parse("typescript", text, SECONDS)
        if tree.root_node.has_error:
            tree = timed_parse("typescript", repaired(text), SECONDS)
    except TooSlowError:
        return parser("typescript").parse(b"")
    return tree


class DeclarationFile:
    """A ``.d.ts`` (or TypeScript source); never raises on what the file says."""

    def __init__(self, path: str, data: bytes) -> None:
        text, _ = as_utf8(data)
        tree = _parsed(text)
        lowering = Lowering(grammar_of(tree.language), text)
        self.path = path
        self.top = Scope(path, lowering, tree.root_node, None)
        self._ambient: dict[str, Scope] = {}

    def ambient(self, name: str) -> Scope | None:
        """The scope of ``declare module "name"``."""
        found = self._ambient.get(name)
        if found is None and name in self.top.modules:
            found = self._ambient[name] = self.top.below(self.top.modules[name])
        return found
