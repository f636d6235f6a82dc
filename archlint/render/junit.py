"""JUnit XML: a test case per finding, a suite per component."""

from __future__ import annotations

from archlint.model.finding import Finding, Result
from archlint.render.document import is_open
from archlint.render.escape import xml
from archlint.render.options import RenderOptions
from archlint.render.sources import Sources


def render(result: Result, sources: Sources, options: RenderOptions) -> str:
    """Findings below --fail-on are cases that pass, with their text as output."""
    del sources
    found = [f for f in result.findings if is_open(f)]
    names = sorted({f.component for f in found}) or [""]
    failures = sum(_fails(f, options) for f in found)
    rows = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<testsuites name="archlint" tests="{max(len(found), 1)}" failures="{failures}">',
    ]
    for name in names:
        rows += _suite(name, [f for f in found if f.component == name], options)
    rows.append("</testsuites>")
    return "\n".join(rows) + "\n"


def _fails(finding: Finding, options: RenderOptions) -> bool:
    return finding.severity.rank <= options.fail_on.rank


def _suite(name: str, found: list[Finding], options: RenderOptions) -> list[str]:
    failures = sum(_fails(f, options) for f in found)
    shown = xml(name or "archlint")
    head = f'<testsuite name="{shown}" tests="{max(len(found), 1)}" failures="{failures}">'
    rows = [f"  {head}"]
    if not found:
        rows.append('    <testcase name="no findings" classname="archlint"/>')
    for finding in found:
        rows += _case(finding, options)
    rows.append("  </testsuite>")
    return rows


def _case(finding: Finding, options: RenderOptions) -> list[str]:
    at = finding.location
    place = f"{options.prefix}{at.path}:{at.line}:{at.column}"
    text = "\n".join([f"{place}: {finding.message}", *_trace(finding), finding.advice]).strip()
    body = "\n".join(xml(line) for line in text.split("\n"))
    name = xml(f"{finding.rule} at {place}")
    head = f'    <testcase name="{name}" classname="{xml(finding.rule)}">'
    if not _fails(finding, options):
        return [head, f"      <system-out>{body}</system-out>", "    </testcase>"]
    message = xml(finding.message)
    failure = f'      <failure message="{message}" type="{finding.severity}">{body}</failure>'
    return [head, failure, "    </testcase>"]


def _trace(finding: Finding) -> list[str]:
    return [f"  {hop.label} ({hop.path}:{hop.line})" for hop in finding.trace]
