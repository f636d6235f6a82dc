"""Promise.all over a collection of unknown size: one request starts any amount of work at once.

Why it matters: Every element opens a query, a file or a connection at the same moment. A large
input exhausts pools, descriptors and the other side, and all other requests wait behind it.
What to do: Work in batches, use a limit (p-limit, p-map with concurrency), or ask the database once
for all elements; put a bound on the size of the input.
Guide: Holding many concurrent operations needs bounds to keep response times stable (L62, L65).
"""

from __future__ import annotations

from collections.abc import Iterator

from archlint.model.finding import Confidence, Context, Report, Severity
from archlint.program.ecma_promises.concurrency import Burst, bursts
from archlint.program.ecma_promises.context import in_server, promise_context
from archlint.program.ecma_promises.naming import expression_name
from archlint.program.program import Program
from archlint.rules.registry import rule
from archlint.rules.reporting import Extra, Site, entry_phrase, site_report

_SCALE = {
    Context.REQUEST: Severity.WARNING,
    Context.BACKGROUND: Severity.WARNING,
    Context.STARTUP: None,
    Context.CLI: None,
    Context.UNKNOWN: Severity.NOTE,
    Context.TEST: None,
    Context.BUILD: None,
}


@rule(
    "unbounded-concurrency",
    severity=Severity.WARNING,
    confidence=Confidence.MEDIUM,
    languages=("javascript", "typescript"),
)
def unbounded_concurrency(program: Program) -> Iterator[Report]:
    """Bursts of input and output as large as the data."""
    promises = promise_context(program).promises
    for found in bursts(program, promises):
        report = _report(program, found)
        if report is not None and in_server(program, found.function[0]):
            yield report


def _report(program: Program, found: Burst) -> Report | None:
    name = expression_name(found.collection)
    way = entry_phrase(program, found.function)
    callee = found.callee.partition(":")[2].removesuffix("()")
    text = f"Promise.all starts {callee} for every element of {name} at once"
    site = Site(function=found.function, at=found.call.at, end=found.call.end, label="Promise.all")
    message = text + (f" ({way})" if way else "")
    return site_report(program, site, message, f"all:{name}", Extra(scale=_SCALE))
