"""Where an expression stands."""

from __future__ import annotations

from typing import NamedTuple

from archlint.model import ir
from archlint.program.golang.source import Unit


class Place(NamedTuple):
    """An expression and the function it stands in."""

    unit: Unit
    holder: int
    expr: ir.Expr
