"""A Node.js service without any handler for unhandled rejections, exceptions or shutdown signals.

Why it matters: An error that nobody catches ends the process without a word in the logs, and a
deployment that stops the process cuts off the requests in flight.
What to do: Log and exit in `process.on('unhandledRejection')` and `'uncaughtException'`; on SIGTERM
stop listening, finish what runs, then exit.
Guide: Unhandled rejections and uncaught exceptions propagate (L46); capture them in logs (L47).
"""

from __future__ import annotations

from collections.abc import Iterator

from archlint.model.finding import Confidence, Context, Report, Severity
from archlint.model.location import Location
from archlint.program.ecma_promises.context import promise_context
from archlint.program.program import Program
from archlint.rules.registry import rule
from archlint.rules.reporting import file_report

_FRAMEWORKS_THAT_STOP = frozenset({"nest", "nestjs", "next", "nuxt", "serverless"})


@rule(
    "missing-process-handlers",
    severity=Severity.NOTE,
    confidence=Confidence.MEDIUM,
    languages=("javascript", "typescript"),
)
def missing_process_handlers(program: Program) -> Iterator[Report]:
    """Services with neither error hooks nor a shutdown handler."""
    hooks = promise_context(program).hooks
    commands = {entry.path for entry in program.entry_points if entry.kind is Context.CLI}
    for component in sorted(program.workspace.components, key=lambda c: (c.root, c.name)):
        if component.runtime != "node" or component.kind not in {"service", "worker"}:
            continue
        mains = [path for path in component.mains if path in program.ecma.facts]
        if not mains or _FRAMEWORKS_THAT_STOP & set(component.frameworks):
            continue
        if component.kind == "worker" and mains[0] in commands:
            continue  # a command ends by itself, and shows what it did not catch
        events = hooks.get(component.name, frozenset())
        missing = [text for text, names in _WANTED if not events & names]
        if missing:
            message = f"{component.name} handles no {' and no '.join(missing)}"
            yield file_report(program, Location(mains[0]), message, "process")


_WANTED = (
    (
        "unhandled rejection or exception",
        frozenset({"unhandledRejection", "uncaughtException", "uncaughtExceptionMonitor"}),
    ),
    ("shutdown signal", frozenset({"SIGTERM", "SIGINT", "SIGQUIT", "message", "beforeExit"})),
)
