"""What one pass over a file's statements records: declared names and assignments to members."""

from __future__ import annotations

from typing import Any

import msgspec

from archlint.model import ir
from archlint.model.facts import ImportFacts

END = 1 << 62
"""Where a scope ends that ends with its function."""

Step = tuple[str, Any]
"""One step into a destructured value: ("prop", name), ("item", i), ("each", None), ("rest", i)."""


class Source(msgspec.Struct, gc=False):
    """Where a name's value comes from: an expression of ``function``, then ``steps`` into it."""

    function: int
    expr: ir.Expr | None
    steps: tuple[Step, ...] = ()
    default: ir.Expr | None = None


class Binding(msgspec.Struct, gc=False):
    """A declared name: ``kind`` is var, let, const, using, param, function, class, import, catch.

    ``start`` and ``stop`` span its scope in bytes. ``parameter`` is the parameter's position,
    ``imported`` its import and the imported name. ``type`` is its annotation.
    """

    path: str
    function: int
    name: str
    kind: str
    at: int
    start: int = 0
    stop: int = END
    sources: list[Source] = []
    type: ir.Type | None = None
    parameter: int = -1
    imported: tuple[ImportFacts, str] | None = None


class MemberAssign(msgspec.Struct, gc=False):
    """``object.name = value`` (or ``object[*] = value``) in ``function``."""

    function: int
    object: ir.Expr
    value: ir.Expr
    descriptor: bool = False


class Bound(msgspec.Struct, gc=False):
    """A container is told what a token means: ``how`` is the method that binds it to ``value``."""

    how: str
    token: ir.Expr
    value: ir.Expr
