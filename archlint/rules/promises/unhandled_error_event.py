"""A stream, socket or child process without an 'error' listener: a failure ends the process.

Why it matters: An 'error' event that nobody hears is thrown. A missing file, a reset connection or
a command that cannot be started then ends the process, with all requests in flight; `.pipe()`
passes no errors on.
What to do: Use `pipeline()` from node:stream/promises, or listen for 'error' on every emitter.
Guide: Uncaught exceptions propagate and make the whole service fail (L46).
"""

from __future__ import annotations

from collections.abc import Iterator

from archlint.model.finding import Confidence, Report, Severity
from archlint.program.ecma_promises.context import has_hook, in_server
from archlint.program.ecma_promises.emitters import Unheard, unheard
from archlint.program.ecma_promises.naming import expression_name
from archlint.program.program import Program
from archlint.rules.registry import rule
from archlint.rules.reporting import WHILE_SERVING, Extra, Site, entry_phrase, site_report


@rule(
    "unhandled-error-event",
    severity=Severity.ERROR,
    confidence=Confidence.HIGH,
    languages=("javascript", "typescript"),
)
def unhandled_error_event(program: Program) -> Iterator[Report]:
    """Emitters that a function makes and that nobody listens to for errors."""
    for found in unheard(program):
        report = _report(program, found)
        if report is not None:
            yield report


def _report(program: Program, found: Unheard) -> Report | None:
    name = expression_name(found.call.callee)
    way = entry_phrase(program, found.function)
    end = "; .pipe() passes no errors on" if found.piped else ""
    text = f"nobody listens for 'error' on this {found.kind} of {name}(){end}"
    path = found.function[0]
    cap = Severity.NOTE if not in_server(program, path) else None
    if cap is None and has_hook(program, path):
        cap = Severity.WARNING
    site = Site(function=found.function, at=found.call.at, end=found.call.end, label=name)
    message = text + (f" ({way})" if way else "")
    advice = "use pipeline() of node:stream/promises" if found.piped else "listen for 'error'"
    extra = Extra(scale=WHILE_SERVING, cap=cap, advice=advice)
    return site_report(program, site, message, name, extra)
