"""The published JSON of ``check``: these types are its schema (docs/schema/check.schema.json)."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from archlint.model.finding import ComponentInfo, Coverage, Finding, Result, RuleInfo, Severity
from archlint.model.schema import published_schema
from archlint.render.options import rule_page

From1 = Annotated[int, Meta(ge=1)]
Count = Annotated[int, Meta(ge=0)]
Path = Annotated[str, Meta(description="Posix path relative to the scanned folder.")]


class Tool(msgspec.Struct, frozen=True):
    """What wrote the document."""

    version: str
    name: str = "archlint"


class HopDocument(msgspec.Struct, frozen=True):
    """One step of a trace, from the entry point down."""

    path: Path
    line: From1
    label: str


class RelatedDocument(msgspec.Struct, frozen=True):
    """Another place that belongs to the finding."""

    path: Path
    line: From1
    column: From1
    message: str


class FindingDocument(msgspec.Struct, frozen=True, kw_only=True):
    """A finding; lines and columns count from 1, columns in Unicode code points."""

    rule: str
    severity: Literal["error", "warning", "note"]
    confidence: Literal["high", "medium", "low"]
    message: str
    path: Path
    line: From1
    column: From1
    end_line: From1
    end_column: From1
    component: str
    context: Literal["request", "background", "startup", "cli", "test", "build", "unknown"]
    trace: tuple[HopDocument, ...]
    related: tuple[RelatedDocument, ...]
    fingerprint: str
    suppressed: bool
    suppression: Annotated[str, Meta(description="The reason given, if suppressed.")]
    baselined: Annotated[bool, Meta(description="Accepted by the baseline.")]
    advice: str
    entry_points: Annotated[int, Meta(description="Request and background entry points.", ge=0)]
    evidence: dict[str, str | int | float | bool | None]


class EntryPointDocument(msgspec.Struct, frozen=True):
    """A place where the outside world calls in."""

    kind: Literal["request", "background", "startup", "cli", "test", "build", "unknown"]
    label: str
    path: Path
    line: From1
    framework: str


class ComponentDocument(msgspec.Struct, frozen=True):
    """A deployable unit or library."""

    name: str
    root: Path
    runtime: Literal["node", "go"]
    kind: str
    frameworks: tuple[str, ...]
    entry_points: tuple[EntryPointDocument, ...]
    files: Count
    lines: Count


class RuleDocument(msgspec.Struct, frozen=True):
    """A rule that ran."""

    id: str
    category: str
    summary: str
    url: str


class SkipDocument(msgspec.Struct, frozen=True):
    """A file that was not read, or only half (``partial``)."""

    path: str
    reason: str
    partial: bool


class CoverageDocument(msgspec.Struct, frozen=True):
    """How much of the repo the result rests on."""

    files: Count
    parsed: Count
    lines: Count
    imports: Count
    imports_resolved: Count
    dynamic_imports: Count
    calls: Count
    calls_resolved: Count
    calls_external: Count
    depth: Literal["manifests", "modules", "calls"] = "calls"


class SummaryDocument(msgspec.Struct, frozen=True):
    """Counts: of open findings by severity, and of what is not open."""

    error: Count
    warning: Count
    note: Count
    suppressed: Count
    baselined: Count
    hidden: Annotated[int, Meta(description="Below the least confidence.", ge=0)]
    fixed: Count


class VerdictDocument(msgspec.Struct, frozen=True):
    """A component whose suitability verdict the change moved."""

    component: str
    before: str
    after: str
    title: str


class CheckDocument(msgspec.Struct, frozen=True, kw_only=True):
    """The result of ``archlint check --format json``."""

    schema_version: Literal[1] = 1
    tool: Tool
    since: Annotated[str, Meta(description="The commit compared with, empty for a whole run.")]
    notice: Annotated[
        str, Meta(description="Said where there is no Node.js or Go code to check, else empty.")
    ] = ""
    summary: SummaryDocument
    components: tuple[ComponentDocument, ...]
    findings: tuple[FindingDocument, ...]
    fixed: tuple[FindingDocument, ...]
    verdicts: Annotated[
        tuple[VerdictDocument, ...], Meta(description="Only with --verdicts and a comparison.")
    ]
    skipped: tuple[SkipDocument, ...]
    coverage: CoverageDocument
    rules: tuple[RuleDocument, ...]


def document(result: Result) -> CheckDocument:
    """The published form of a result."""
    return CheckDocument(
        tool=Tool(result.version),
        since=result.since,
        notice=result.notice,
        summary=summary(result),
        components=tuple(_component(c) for c in result.components),
        findings=tuple(finding_document(f) for f in result.findings),
        fixed=tuple(finding_document(f) for f in result.fixed),
        verdicts=tuple(
            VerdictDocument(v.component, v.before, v.after, v.title) for v in result.verdicts
        ),
        skipped=tuple(SkipDocument(s.path, s.reason, s.partial) for s in result.skipped),
        coverage=_coverage(result.coverage),
        rules=tuple(_rule(info) for info in result.rules),
    )


def is_open(finding: Finding) -> bool:
    """Whether the finding asks for something: neither suppressed nor in the baseline."""
    return not finding.suppressed and not finding.baselined


def summary(result: Result) -> SummaryDocument:
    """The counts of a result."""
    open_ = [f.severity for f in result.findings if is_open(f)]
    return SummaryDocument(
        error=open_.count(Severity.ERROR),
        warning=open_.count(Severity.WARNING),
        note=open_.count(Severity.NOTE),
        suppressed=sum(f.suppressed for f in result.findings),
        baselined=sum(f.baselined for f in result.findings),
        hidden=result.hidden,
        fixed=len(result.fixed),
    )


def finding_document(finding: Finding) -> FindingDocument:
    """The published form of a finding."""
    at = finding.location
    return FindingDocument(
        rule=finding.rule,
        severity=finding.severity.value,
        confidence=finding.confidence.value,
        message=finding.message,
        path=at.path,
        line=at.line,
        column=at.column,
        end_line=at.end_line,
        end_column=at.end_column,
        component=finding.component,
        context=finding.context.value,
        trace=tuple(HopDocument(h.path, h.line, h.label) for h in finding.trace),
        related=tuple(
            RelatedDocument(r.location.path, r.location.line, r.location.column, r.message)
            for r in finding.related
        ),
        fingerprint=finding.fingerprint,
        suppressed=finding.suppressed,
        suppression=finding.suppression,
        baselined=finding.baselined,
        advice=finding.advice,
        entry_points=finding.entry_points,
        evidence=finding.evidence,
    )


def _component(info: ComponentInfo) -> ComponentDocument:
    entries = tuple(
        EntryPointDocument(e.kind.value, e.label, e.path, e.line, e.framework)
        for e in info.entry_points
    )
    runtime: Any = info.runtime
    return ComponentDocument(
        info.name, info.root, runtime, info.kind, info.frameworks, entries, info.files, info.lines
    )


def _coverage(coverage: Coverage) -> CoverageDocument:
    values = msgspec.structs.asdict(coverage)
    return CoverageDocument(**{name: values[name] for name in CoverageDocument.__struct_fields__})


def _rule(info: RuleInfo) -> RuleDocument:
    return RuleDocument(info.id, info.category, info.summary, rule_page(info.id))


def schema() -> dict[str, Any]:
    """The JSON schema (2020-12) of the document."""
    return published_schema("archlint check", CheckDocument)
