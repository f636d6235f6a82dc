"""The one table of grammars: language -> parser, lowering and version."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from functools import cache
from typing import Any

from tree_sitter import Language, Parser, Tree

from archlint.model.facts import FileFacts

Lower = Callable[[str, str, bytes, Tree], FileFacts]

_GRAMMARS: dict[str, tuple[str, str]] = {
    "javascript": ("tree_sitter_javascript", "language"),
    "typescript": ("tree_sitter_typescript", "language_typescript"),
    "tsx": ("tree_sitter_typescript", "language_tsx"),
    "go": ("tree_sitter_go", "language"),
}
_LOWERINGS = {
    "javascript": "archlint.extract.ecma",
    "typescript": "archlint.extract.ecma",
    "tsx": "archlint.extract.ecma",
    "go": "archlint.extract.golang",
}


@cache
def language(name: str) -> Language:
    """The grammar of a language."""
    module, function = _GRAMMARS[name]
    loaded: Any = importlib.import_module(module)
    return Language(getattr(loaded, function)())


@cache
def parser(name: str) -> Parser:
    """A parser for a language; one per process."""
    return Parser(language(name))


@cache
def lowering(name: str) -> Lower:
    """The function that turns a tree of the language into facts."""
    lower: Lower = importlib.import_module(_LOWERINGS[name]).lower
    return lower


@cache
def outlining(name: str) -> Lower:
    """The function that turns a tree of the language into an outline of its file."""
    outline: Lower = importlib.import_module(_LOWERINGS[name]).outline
    return outline


@cache
def versions() -> str:
    """The versions of the parser and the grammars, as part of cache keys."""
    from importlib.metadata import version

    names = ("tree-sitter", "tree-sitter-javascript", "tree-sitter-typescript", "tree-sitter-go")
    return " ".join(f"{name}={version(name)}" for name in names)
