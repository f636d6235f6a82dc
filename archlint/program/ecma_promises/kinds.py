"""Static kinds: types as written, and the functions, classes and literals of the repo as types."""

from __future__ import annotations

from typing import TypeAlias

import msgspec

from archlint.model import ir

FunctionId = tuple[str, int]


class FunctionKind(msgspec.Struct, frozen=True, gc=False):
    """A function of the repo, as the type of a value."""

    path: str
    index: int


class ClassKind(msgspec.Struct, frozen=True, gc=False):
    """An instance of a class of the repo; ``static`` is the class itself."""

    path: str
    index: int
    static: bool = False


class LiteralKind(msgspec.Struct, frozen=True, eq=False):
    """An object or array literal in a function; compared by identity."""

    function: FunctionId
    node: ir.Object | ir.Array


class ListKind(msgspec.Struct, frozen=True, gc=False):
    """A list of what a callback returns or of known elements."""

    items: tuple[Typed, ...]


class Typed(msgspec.Struct, frozen=True, gc=False):
    """A kind with the function in whose scope its names are written."""

    scope: FunctionId
    kind: Kind


Kind: TypeAlias = ir.Type | FunctionKind | ClassKind | LiteralKind | ListKind

PROMISE = ir.TName("Promise")
UNDEFINED = ir.TName("undefined")
VOID = ir.TName("void")
"""What a function without a value returns."""
