"""Reviewdog's diagnostic format (rdjson)."""

from __future__ import annotations

import json
from typing import Any

from archlint.model.finding import Finding, Result, Severity
from archlint.model.location import Location
from archlint.render.document import is_open
from archlint.render.escape import printable, printable_lines
from archlint.render.options import RenderOptions, rule_page
from archlint.render.sources import Sources

_SEVERITIES = {Severity.ERROR: "ERROR", Severity.WARNING: "WARNING", Severity.NOTE: "INFO"}


def render(result: Result, sources: Sources, options: RenderOptions) -> str:
    """A DiagnosticResult; columns count bytes of UTF-8, as the format demands."""
    diagnostics = [_diagnostic(f, sources, options.prefix) for f in result.findings if is_open(f)]
    source = {"name": "archlint", "url": "https://github.com/archlint/archlint"}
    return json.dumps({"source": source, "diagnostics": diagnostics}, indent=1) + "\n"


def _diagnostic(finding: Finding, sources: Sources, prefix: str) -> dict[str, Any]:
    lines = [finding.message]
    lines += [f"  {hop.label} ({hop.path}:{hop.line})" for hop in finding.trace]
    if finding.advice:
        lines.append(finding.advice)
    return {
        "message": printable_lines("\n".join(lines)),
        "location": _location(finding.location, sources, prefix),
        "severity": _SEVERITIES[finding.severity],
        "code": {"value": finding.rule, "url": rule_page(finding.rule)},
        "relatedLocations": [
            {
                "message": printable(related.message),
                "location": _location(related.location, sources, prefix),
            }
            for related in finding.related
        ],
    }


def _location(at: Location, sources: Sources, prefix: str) -> dict[str, Any]:
    start = {"line": at.line, "column": _bytes(sources.line(at.path, at.line), at.column)}
    end = {
        "line": at.end_line,
        "column": _bytes(sources.line(at.path, at.end_line), at.end_column),
    }
    return {"path": prefix + at.path, "range": {"start": start, "end": end}}


def _bytes(line: str, column: int) -> int:
    """The column (from 1) in bytes of UTF-8."""
    before = line[: column - 1]
    return len(before.encode("utf-8", "surrogateescape")) + 1 + max(column - 1 - len(line), 0)
