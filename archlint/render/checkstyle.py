"""Checkstyle XML, which many review tools read."""

from __future__ import annotations

from itertools import groupby

from archlint.model.finding import Result, Severity
from archlint.render.document import is_open
from archlint.render.escape import xml
from archlint.render.options import RenderOptions
from archlint.render.sources import Sources

_SEVERITIES = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "info"}


def render(result: Result, sources: Sources, options: RenderOptions) -> str:
    """A file element per file, an error element per finding."""
    del sources
    rows = ['<?xml version="1.0" encoding="UTF-8"?>', '<checkstyle version="8.0">']
    found = sorted((f for f in result.findings if is_open(f)), key=lambda f: f.order)
    for path, group in groupby(found, key=lambda f: f.location.path):
        rows.append(f'  <file name="{xml(options.prefix + path)}">')
        for finding in group:
            at = finding.location
            rows.append(
                f'    <error line="{at.line}" column="{at.column}"'
                f' severity="{_SEVERITIES[finding.severity]}"'
                f' message="{xml(finding.message)}" source="archlint.{xml(finding.rule)}"/>'
            )
        rows.append("  </file>")
    rows.append("</checkstyle>")
    return "\n".join(rows) + "\n"
