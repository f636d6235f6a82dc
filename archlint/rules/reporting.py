"""From a site in a function to a report: location, context, trace and fitting severity."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from archlint.model.finding import Confidence, Context, Edit, Hop, Related, Report, Severity
from archlint.model.location import Location, locate
from archlint.program.program import FunctionId, Program

ON_REQUEST_PATH: Mapping[Context, Severity | None] = {
    Context.REQUEST: Severity.ERROR,
    Context.BACKGROUND: Severity.WARNING,
    Context.STARTUP: Severity.NOTE,
    Context.CLI: Severity.NOTE,
    Context.UNKNOWN: Severity.NOTE,
    Context.TEST: None,
    Context.BUILD: None,
}
"""The default scale: an error where a request waits, silent in tests and build scripts."""

WHILE_SERVING: Mapping[Context, Severity | None] = {
    Context.REQUEST: Severity.ERROR,
    Context.BACKGROUND: Severity.ERROR,
    Context.STARTUP: Severity.NOTE,
    Context.CLI: Severity.NOTE,
    Context.UNKNOWN: Severity.WARNING,
    Context.TEST: None,
    Context.BUILD: None,
}
"""What ends the process, or loses its work, for everybody whom it serves."""

ANYWHERE: Mapping[Context, Severity | None] = {
    **dict.fromkeys(Context, Severity.WARNING),
    Context.CLI: Severity.NOTE,
    Context.TEST: None,
    Context.BUILD: None,
}
"""A defect wherever it runs in production, though no request waits for it."""


class Site(msgspec.Struct, frozen=True, kw_only=True):
    """A place in a function's own body: byte offsets ``at`` to ``end`` of its file.

    ``label`` is what the trace's last hop shows (the callee, mostly). ``runs`` is the function
    whose context counts, where the place only names it.
    """

    function: FunctionId
    at: int
    end: int
    label: str
    runs: FunctionId | None = None


class Extra(msgspec.Struct, frozen=True, kw_only=True):
    """Optional parts of a report."""

    scale: Mapping[Context, Severity | None] = msgspec.field(
        default_factory=lambda: ON_REQUEST_PATH
    )
    cap: Severity | None = None
    """No graver than this, whatever the context."""
    confidence: Confidence | None = None
    related: tuple[Related, ...] = ()
    advice: str = ""
    edits: tuple[Edit, ...] = ()
    evidence: dict[str, Any] = msgspec.field(default_factory=dict)


def site_report(
    program: Program, site: Site, message: str, key: str, extra: Extra | None = None
) -> Report | None:
    """The report of a site, or None where its context silences it (tests, build scripts).

    The severity comes from the context by ``extra.scale``, never graver than ``extra.cap``. ``key``
    is the finding's stable name within its file (the callee, say); the function's name is added.
    """
    extra = extra or Extra()
    running = site.runs or site.function
    context = program.context(running)
    severity = extra.scale.get(context)
    if severity is None:
        return None
    if extra.cap is not None and extra.cap.rank > severity.rank:
        severity = extra.cap
    facts = program.files[site.function[0]]
    location = locate(facts, site.at, site.end)
    hop = Hop(location.path, location.line, site.label)
    component = program.component(location.path)
    name = facts.functions[site.function[1]].name
    return Report(
        location=location,
        message=message,
        key=f"{name}:{key}",
        severity=severity,
        confidence=extra.confidence,
        context=context,
        trace=program.reach.trace(running, hop),
        related=extra.related,
        component=component.name if component else "",
        advice=extra.advice,
        entry_points=program.reach.entry_count(running),
        edits=extra.edits,
        evidence=extra.evidence,
    )


def file_report(program: Program, location: Location, message: str, key: str) -> Report:
    """A report about a file or manifest, with the rule's own severity."""
    component = program.component(location.path)
    return Report(
        location=location, message=message, key=key, component=component.name if component else ""
    )


def entry_phrase(program: Program, function: FunctionId) -> str:
    """How a message names the way in: ``reachable from GET /users`` ("" when nothing reaches)."""
    entry = program.reach.entry(function)
    if entry is None:
        return ""
    others = program.reach.entry_count(function) - 1
    more = f" and {others} more" if others > 0 else ""
    return f"reachable from {entry.label}{more}"
