"""Calls that leave the repo: which functions of Node.js and of packages are called where."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from archlint.model import ir
from archlint.program.program import FunctionId, Program


class OuterCall(NamedTuple):
    """A call of something outside of the repo; ``names`` are the canonical names it may have."""

    function: FunctionId
    call: ir.Call
    names: tuple[str, ...]
    note: str


def production_functions(program: Program) -> Iterator[FunctionId]:
    """Every JavaScript and TypeScript function that is linked, in order."""
    for path in program.ecma.paths:
        for function in program.files[path].functions:
            yield path, function.index


def outer_calls(program: Program) -> list[OuterCall]:
    """Every call with a canonical name, in order; computed once for all rules."""
    found = program.memo.get(__name__)
    if not isinstance(found, list):
        found = program.memo[__name__] = list(_outer_calls(program))
    return found


def _outer_calls(program: Program) -> Iterator[OuterCall]:
    ecma = program.ecma
    for ident in production_functions(program):
        for call in ecma.calls(ident):
            resolution = ecma.resolve_call(ident, call)
            if resolution.externals:
                yield OuterCall(ident, call, resolution.externals, resolution.note)
