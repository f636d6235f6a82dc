"""A compact form for language models and other readers who pay by the word."""

from __future__ import annotations

from archlint.model.finding import Finding, Result
from archlint.render.document import is_open, summary
from archlint.render.escape import one_line
from archlint.render.options import RenderOptions
from archlint.render.sources import Sources

_MAX_CODE = 160


def render(result: Result, sources: Sources, options: RenderOptions) -> str:
    """Gravest first; per finding its place, rule, message, code, trace and advice, a line each."""
    found = [f for f in result.findings if is_open(f)]
    if options.quiet:
        found = [f for f in found if f.severity.rank <= options.fail_on.rank]
    found.sort(key=lambda f: (f.severity.rank, f.order))
    counts = summary(result)
    since = f" introduced since {one_line(result.since)}" if result.since else ""
    lines = [f"{counts.error} errors, {counts.warning} warnings, {counts.note} notes{since}"]
    if result.since:
        lines[0] += f"; {counts.fixed} fixed"
    for finding in found:
        lines += _finding(finding, sources)
    return "\n".join(lines) + "\n"


def _finding(finding: Finding, sources: Sources) -> list[str]:
    at = finding.location
    place = f"{one_line(at.path)}:{at.line}:{at.column}"
    lines = [f"{place} {finding.severity}[{finding.rule}] {one_line(finding.message)}"]
    code = one_line(sources.line(at.path, at.line))[:_MAX_CODE]
    if code:
        lines.append(f"  code: {code}")
    if finding.trace:
        hops = (f"{one_line(h.label)} ({one_line(h.path)}:{h.line})" for h in finding.trace)
        lines.append(f"  trace: {' > '.join(hops)}")
    if finding.advice:
        lines.append(f"  fix: {one_line(finding.advice)}")
    return lines
