"""SARIF 2.1.0, as GitHub code scanning wants it: traces as code flows, our own fingerprints."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from archlint.model.finding import Finding, Hop, Result, RuleInfo
from archlint.model.location import Location
from archlint.render.document import is_open
from archlint.render.escape import printable
from archlint.render.options import RenderOptions, rule_page
from archlint.render.sources import Sources

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
MAX_RESULTS = 5_000
"""GitHub keeps no more per run; the gravest are kept."""
MAX_RUNS = 20
"""GitHub rejects a file with more."""
_MAX_LOCATIONS = 100
_ROOT = "SRCROOT"
Json = dict[str, Any]


def render(result: Result, sources: Sources, options: RenderOptions) -> str:
    """One run per component (GitHub tells analyses apart by it), ASCII only.

    A repo with more components than a file may have runs has a single one, so that its name does
    not hang on which of them have findings today.
    """
    found = [f for f in result.findings if not f.baselined]
    found.sort(key=lambda f: (not is_open(f), f.severity.rank, f.order))
    kept = sorted(found[:MAX_RESULTS], key=lambda f: f.order)
    names = sorted({f.component for f in kept}) or [""]
    where = (sources, options)
    if max(len(result.components) + 1, len(names)) > MAX_RUNS:
        runs = [_run(result, kept, "", where)]
    else:
        runs = [
            _run(result, [f for f in kept if f.component == name], name, where) for name in names
        ]
    return json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": runs}, indent=1) + "\n"


def _run(
    result: Result,
    found: Sequence[Finding],
    component: str,
    where: tuple[Sources, RenderOptions],
) -> Json:
    used = {f.rule for f in found}
    rules = [info for info in result.rules if info.id in used]
    index = {info.id: number for number, info in enumerate(rules)}
    driver = {
        "name": "archlint",
        "version": result.version,
        "semanticVersion": result.version,
        "informationUri": "https://github.com/archlint/archlint",
        "rules": [_rule(info) for info in rules],
    }
    category = f"archlint/{quote(component, safe='')}/" if component else "archlint/"
    return {
        "tool": {"driver": driver},
        "automationDetails": {"id": category},
        "originalUriBaseIds": {
            _ROOT: {"description": {"text": "The root of the repository."}},
        },
        "columnKind": "unicodeCodePoints",
        "results": [_result(f, index, where) for f in found],
    }


def _rule(info: RuleInfo) -> Json:
    parts = [("Why it matters", info.why), ("What to do", info.remedy)]
    body = "\n\n".join(f"{title}: {text}" for title, text in parts if text) or info.summary
    marked = "\n\n".join(f"**{title}**: {text}" for title, text in parts if text) or info.summary
    return {
        "id": info.id,
        "name": "".join(part.capitalize() for part in info.id.split("-")),
        "shortDescription": {"text": info.summary},
        "fullDescription": {"text": info.why or info.summary},
        "help": {"text": body, "markdown": marked},
        "helpUri": rule_page(info.id),
        "defaultConfiguration": {"level": info.severity.value},
        "properties": {
            "tags": sorted({info.category, "architecture"}),
            "precision": {"high": "very-high"}.get(info.confidence.value, info.confidence.value),
            "problem.severity": {"note": "recommendation"}.get(
                info.severity.value, info.severity.value
            ),
        },
    }


def _result(finding: Finding, index: dict[str, int], where: tuple[Sources, RenderOptions]) -> Json:
    sources, options = where
    message = printable(finding.message)
    if finding.advice:
        message = f"{message}. {printable(finding.advice)}"
    shaped: Json = {
        "ruleId": finding.rule,
        "ruleIndex": index.get(finding.rule, -1),
        "level": finding.severity.value,
        "message": {"text": message},
        "locations": [_location(finding.location, options.prefix, sources)],
        "partialFingerprints": {"archlintFingerprint/v1": finding.fingerprint},
        "properties": {
            "component": finding.component,
            "context": finding.context.value,
            "confidence": finding.confidence.value,
            "entryPoints": finding.entry_points,
        },
    }
    if finding.trace:
        flow = [{"location": hop} for hop in _hops(finding.trace, options.prefix)]
        shaped["codeFlows"] = [{"threadFlows": [{"locations": flow}]}]
    if finding.related:
        related = finding.related[:_MAX_LOCATIONS]
        shaped["relatedLocations"] = [
            {
                "id": number,
                **_location(item.location, options.prefix, sources),
                "message": {"text": printable(item.message)},
            }
            for number, item in enumerate(related)
        ]
    if finding.suppressed:
        shaped["suppressions"] = [
            {"kind": "inSource", "justification": printable(finding.suppression)}
        ]
    return shaped


def _hops(trace: tuple[Hop, ...], prefix: str) -> list[Json]:
    """The trace, a long one without its middle."""
    hops = list(trace)
    if len(hops) > _MAX_LOCATIONS:
        half = _MAX_LOCATIONS // 2
        hops = hops[:half] + hops[-half:]
    return [
        {
            "physicalLocation": {
                "artifactLocation": _artifact(hop.path, prefix),
                "region": {"startLine": hop.line},
            },
            "message": {"text": printable(hop.label)},
        }
        for hop in hops
    ]


def _location(at: Location, prefix: str, sources: Sources) -> Json:
    region: Json = {
        "startLine": at.line,
        "startColumn": at.column,
        "endLine": at.end_line,
        "endColumn": at.end_column,
    }
    line = sources.line(at.path, at.line)
    if line and at.line == at.end_line:
        region["snippet"] = {"text": printable(line.strip()[:300])}
    return {
        "physicalLocation": {
            "artifactLocation": _artifact(at.path, prefix),
            "region": region,
        }
    }


def _artifact(path: str, prefix: str) -> Json:
    uri = quote((prefix + path).encode("utf-8", "surrogateescape"), safe="/~!$&'()*+,;=@")
    return {"uri": uri, "uriBaseId": _ROOT}
