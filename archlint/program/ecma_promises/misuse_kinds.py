"""A promise where something else is expected."""

from __future__ import annotations

import msgspec

from archlint.model import ir
from archlint.program.ecma_promises.kinds import FunctionId


class Misuse(msgspec.Struct, frozen=True):
    """``kind``: conditional, spread, predicate (of an array method), argument (a callback that

    nobody awaits), attribute (JSX), property, variable, return or inherited. ``label`` is the
    callee's, property's or member's name. ``guessed``: of the callee only the name is known.
    """

    kind: str
    function: FunctionId
    expr: ir.Expr
    label: str = ""
    place: int = -1
    guessed: bool = False

    @property
    def at(self) -> int:
        """Byte offset of the place."""
        return self.place if self.place >= 0 else self.expr.at
