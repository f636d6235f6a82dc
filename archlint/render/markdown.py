"""Markdown: a job summary or a comment on a pull request."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from archlint.model.finding import Finding, Result, Severity
from archlint.render.document import is_open, summary
from archlint.render.escape import code_span, markdown
from archlint.render.options import RenderOptions, rule_page
from archlint.render.sources import Sources

MAX_BYTES = 900_000
"""A job summary may hold 1 MiB; what does not fit is counted."""
_MAX_TABLE = 50
_FEW = 20
"""Notes up to here are listed; more of them are counted by rule."""
_TITLES = {Severity.ERROR: "Errors", Severity.WARNING: "Warnings", Severity.NOTE: "Notes"}


def render(result: Result, sources: Sources, options: RenderOptions) -> str:
    """Counts, then errors and warnings with their traces, then notes and what was fixed."""
    parts = [_head(result)]
    found = [f for f in result.findings if is_open(f)]
    size, left = 0, 0
    for severity, title in _TITLES.items():
        group = [f for f in found if f.severity is severity]
        if not group or (options.quiet and severity.rank > options.fail_on.rank):
            continue
        parts.append(f"## {title}\n")
        if severity is Severity.NOTE:
            parts.append(_by_rule(group) if len(group) > _FEW else _listed(group))
            continue
        for finding in group:
            text = _finding(finding, sources)
            size += len(text.encode())
            if size > MAX_BYTES:
                left += 1
            else:
                parts.append(text)
    if left:
        parts.append(f"{left} more findings are not shown here.\n")
    if result.fixed:
        parts.append(_fixed(result))
    if result.verdicts:
        parts.append(_verdicts(result))
    return "\n".join(parts)


def _head(result: Result) -> str:
    counts = summary(result)
    total = counts.error + counts.warning + counts.note
    title = f"archlint: {total or 'no'} finding{'' if total == 1 else 's'}"
    if result.since:
        title += f" introduced since {code_span(result.since)}, {counts.fixed} fixed"
    rows = [
        f"# {title}\n",
        "| errors | warnings | notes | suppressed | in the baseline | files |",
        "| ---: | ---: | ---: | ---: | ---: | ---: |",
        f"| {counts.error} | {counts.warning} | {counts.note} | {counts.suppressed} "
        f"| {counts.baselined} | {result.coverage.parsed} |",
    ]
    notice = f"\n{markdown(result.notice)}.\n" if result.notice else ""
    return "\n".join(rows) + "\n" + notice


def _finding(finding: Finding, sources: Sources) -> str:
    at = finding.location
    link = f"[{finding.rule}]({rule_page(finding.rule)})"
    rows = [f"### {code_span(f'{at.path}:{at.line}')} {link}\n", markdown(finding.message) + "\n"]
    code = sources.line(at.path, at.line).strip()
    if code:
        rows.append(code_span(code[:300]) + "\n")
    if finding.trace:
        rows += [
            f"{number}. {code_span(hop.label)} at {code_span(f'{hop.path}:{hop.line}')}"
            for number, hop in enumerate(finding.trace, 1)
        ]
        rows.append("")
    if finding.advice:
        rows.append(f"What to do: {markdown(finding.advice)}\n")
    return "\n".join(rows)


def _listed(found: Iterable[Finding]) -> str:
    """A line each."""
    rows = []
    for finding in found:
        place = code_span(f"{finding.location.path}:{finding.location.line}")
        rows.append(f"- {finding.rule} at {place}: {markdown(finding.message)}")
    return "\n".join(rows) + "\n"


def _by_rule(found: list[Finding]) -> str:
    counts = Counter(f.rule for f in found)
    rows = ["| rule | notes | first |", "| --- | ---: | --- |"]
    first = {f.rule: f for f in reversed(found)}
    for rule, count in sorted(counts.items(), key=lambda item: (-item[1], item[0])):
        at = first[rule].location
        rows.append(f"| {rule} | {count} | {code_span(f'{at.path}:{at.line}')} |")
    return "\n".join(rows) + "\n"


def _verdicts(result: Result) -> str:
    rows = ["## Verdicts that moved\n"]
    rows += [
        f"- {code_span(v.component)}: {v.before}, now {v.after} ({markdown(v.title)})"
        for v in result.verdicts
    ]
    return "\n".join(rows) + "\n"


def _fixed(result: Result) -> str:
    text = "## Fixed\n\n" + _listed(result.fixed[:_MAX_TABLE])
    if len(result.fixed) > _MAX_TABLE:
        text += f"- and {len(result.fixed) - _MAX_TABLE} more\n"
    return text
