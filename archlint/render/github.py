"""GitHub's workflow commands: annotations within the host's limits, the gravest first."""

from __future__ import annotations

from archlint.model.finding import Finding, Result, Severity
from archlint.render.document import is_open
from archlint.render.escape import github_data, github_property
from archlint.render.options import RenderOptions
from archlint.render.sources import Sources

MAX_PER_KIND = 10
"""Annotations of each kind that GitHub shows per step; the rest would be dropped in silence."""
_KINDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "notice"}
_MAX_TRACE = 8


def render(result: Result, sources: Sources, options: RenderOptions) -> str:
    """A line per annotation; what does not fit is counted in a last line."""
    del sources
    lines: list[str] = []
    left = 0
    for severity, kind in _KINDS.items():
        found = [f for f in result.findings if is_open(f) and f.severity is severity]
        if options.quiet and severity.rank > options.fail_on.rank:
            continue
        found.sort(key=lambda f: (f.confidence.rank, -f.entry_points, f.order))
        lines += [_annotation(f, kind, options.prefix) for f in found[:MAX_PER_KIND]]
        left += max(len(found) - MAX_PER_KIND, 0)
    if left:
        lines.append(f"+{left} more findings: see the job summary or the SARIF result")
    return "".join(line + "\n" for line in lines)


def _annotation(finding: Finding, kind: str, prefix: str) -> str:
    at = finding.location
    properties = {
        "file": prefix + at.path,
        "line": str(at.line),
        "endLine": str(at.end_line),
        "title": f"archlint {finding.rule}",
    }
    if at.line == at.end_line:
        properties |= {"col": str(at.column), "endColumn": str(at.end_column)}
    named = ",".join(f"{name}={github_property(value)}" for name, value in properties.items())
    return f"::{kind} {named}::{github_data(_text(finding))}"


def _text(finding: Finding) -> str:
    lines = [finding.message]
    hops = finding.trace
    if len(hops) > _MAX_TRACE:
        hops = hops[: _MAX_TRACE // 2] + hops[-_MAX_TRACE // 2 :]
    lines += [f"  {hop.label} ({hop.path}:{hop.line})" for hop in hops]
    if finding.advice:
        lines.append(finding.advice)
    return "\n".join(lines)
