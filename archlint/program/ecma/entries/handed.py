"""Handlers that a registering function is handed and calls from the handler that it registers.

function route(path, work) { router.get(path, (req, res) => res.json(work(req))) }
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from archlint.model import ir
from archlint.model.finding import Context
from archlint.program.ecma.values import FunctionValue

if TYPE_CHECKING:
    from archlint.program.ecma.entries.collect import Registration
    from archlint.program.ecma.evaluate import Evaluator


def handed(evaluator: Evaluator, found: Registration) -> Iterator[FunctionValue]:
    """The functions that a registration's own closures call by a parameter around them."""
    if found.entry.kind is not Context.REQUEST or not found.fn.index:
        return
    file, outer = found.fn.file, found.fn.facts
    for handler in found.handlers:
        if handler.path != file.path:
            continue
        facts = file.functions[handler.index].facts
        if not (outer.at < facts.at and facts.end <= outer.end):
            continue
        for fn in file.functions:
            if not facts.at <= fn.facts.at < facts.end:
                continue
            for call in fn.calls:
                if not isinstance(call.callee, ir.Name):
                    continue
                binding = evaluator.binding(fn, call.callee)
                if binding is None or binding.parameter < 0 or binding.function != found.fn.index:
                    continue
                for value in evaluator.values(fn, call.callee):
                    if isinstance(value, FunctionValue):
                        yield value
