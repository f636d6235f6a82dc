"""GitLab's code quality report."""

from __future__ import annotations

import json
from collections import Counter

from archlint.model.finding import Finding, Result, Severity
from archlint.render.document import is_open
from archlint.render.escape import printable
from archlint.render.options import RenderOptions
from archlint.render.sources import Sources

_SEVERITIES = {Severity.ERROR: "critical", Severity.WARNING: "major", Severity.NOTE: "minor"}


def render(result: Result, sources: Sources, options: RenderOptions) -> str:
    """A list of issues; GitLab drops those whose fingerprint it has seen, so each gets its own."""
    del sources
    seen: Counter[str] = Counter()
    issues = []
    for finding in result.findings:
        if is_open(finding):
            issues.append(_issue(finding, seen[finding.fingerprint], options.prefix))
            seen[finding.fingerprint] += 1
    return json.dumps(issues, indent=1) + "\n"


def _issue(finding: Finding, number: int, prefix: str) -> dict[str, object]:
    at = finding.location
    body = " > ".join(f"{hop.label} ({hop.path}:{hop.line})" for hop in finding.trace)
    parts = [part for part in (body and f"Trace: {body}", finding.advice) if part]
    return {
        "type": "issue",
        "check_name": finding.rule,
        "description": printable(finding.message),
        "content": {"body": printable("\n\n".join(parts) or finding.message)},
        "categories": ["Bug Risk"],
        "severity": _SEVERITIES[finding.severity],
        "fingerprint": f"{finding.fingerprint}:{number}" if number else finding.fingerprint,
        "location": {
            "path": prefix + at.path,
            "positions": {
                "begin": {"line": at.line, "column": at.column},
                "end": {"line": at.end_line, "column": at.end_column},
            },
        },
    }
