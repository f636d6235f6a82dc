"""Findings and everything attached to them."""

from __future__ import annotations

from enum import StrEnum
from typing import Literal

import msgspec

from archlint.model.location import Location


class Severity(StrEnum):
    """SARIF's levels, the gravest first."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"

    @property
    def rank(self) -> int:
        """0 for error, 1 for warning, 2 for note."""
        return _SEVERITIES.index(self)


class Confidence(StrEnum):
    """How sure a rule is of a finding."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"

    @property
    def rank(self) -> int:
        """0 for high, 1 for medium, 2 for low."""
        return _CONFIDENCES.index(self)


class Context(StrEnum):
    """Which kind of entry point reaches a place; the weightiest wins."""

    REQUEST = "request"
    BACKGROUND = "background"
    STARTUP = "startup"
    CLI = "cli"
    TEST = "test"
    BUILD = "build"
    UNKNOWN = "unknown"


_SEVERITIES = list(Severity)
_CONFIDENCES = list(Confidence)


class Hop(msgspec.Struct, frozen=True):
    """One step of a trace: where, and what is called (``label``) there.

    The first hop is the entry point (``GET /users``), the last the finding itself.
    """

    path: str
    line: int
    label: str


class Related(msgspec.Struct, frozen=True):
    """Another place that belongs to the finding, with what it says."""

    location: Location
    message: str


class Edit(msgspec.Struct, frozen=True):
    """Replace the bytes from ``at`` to ``end`` of ``path`` by ``text``."""

    path: str
    at: int
    end: int
    text: str


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """What a rule yields: a finding before triage.

    ``severity`` and ``confidence`` are None where the rule's defaults hold. ``key`` names the
    finding within its file without line numbers (the symbol, the callee, the cycle): it is the
    stable part of the fingerprint. ``entry_points`` counts the request entry points that reach it.
    ``evidence`` holds rule-specific plain values for the report (cost class, twin, ...).
    """

    location: Location
    message: str
    key: str
    severity: Severity | None = None
    confidence: Confidence | None = None
    context: Context = Context.UNKNOWN
    trace: tuple[Hop, ...] = ()
    related: tuple[Related, ...] = ()
    component: str = ""
    advice: str = ""
    entry_points: int = 0
    edits: tuple[Edit, ...] = ()
    evidence: dict[str, str | int | float | bool | None] = {}


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """A finding as it is shown and compared; ``key`` is its stable name within its file."""

    rule: str
    severity: Severity
    confidence: Confidence
    message: str
    location: Location
    fingerprint: str
    component: str = ""
    context: Context = Context.UNKNOWN
    trace: tuple[Hop, ...] = ()
    related: tuple[Related, ...] = ()
    advice: str = ""
    entry_points: int = 0
    suppressed: bool = False
    suppression: str = ""
    baselined: bool = False
    edits: tuple[Edit, ...] = ()
    evidence: dict[str, str | int | float | bool | None] = {}
    key: str = ""

    @property
    def order(self) -> tuple[object, ...]:
        """Sort key: by place, then rule, then message."""
        at = self.location
        return (at.path, at.line, at.column, self.rule, self.message, self.fingerprint)


class Skip(msgspec.Struct, frozen=True, order=True):
    """A file that was not read, or only half; ``partial`` says which."""

    path: str
    reason: str
    partial: bool = False


Depth = Literal["manifests", "modules", "calls"]
"""How much is linked: nothing but what manifests say, who imports whom, or who calls whom."""


class Coverage(msgspec.Struct, frozen=True, kw_only=True):
    """How much of the repo the result rests on; counts, never shares.

    ``calls_external`` are calls into known packages, counted among ``calls_resolved``;
    ``dynamic_imports`` are those whose target is computed. ``depth`` says what the selected rules
    made necessary: calls; modules only (no calls are counted and no entry points known); or
    manifests alone (no source file was read).
    """

    files: int = 0
    parsed: int = 0
    lines: int = 0
    imports: int = 0
    imports_resolved: int = 0
    dynamic_imports: int = 0
    calls: int = 0
    calls_resolved: int = 0
    calls_external: int = 0
    depth: Depth = "calls"


class EntryPoint(msgspec.Struct, frozen=True, kw_only=True):
    """A place where the outside world calls in; ``function`` is the handler's (path, index)."""

    kind: Context
    label: str
    path: str
    line: int
    framework: str = ""
    component: str = ""
    function: tuple[str, int] = ("", -1)


class ComponentInfo(msgspec.Struct, frozen=True, kw_only=True):
    """A deployable unit or library as results show it; ``runtime`` is node or go.

    ``kind`` is service, worker, cli, library, frontend, tool or test.
    """

    name: str
    root: str
    runtime: str
    kind: str
    frameworks: tuple[str, ...] = ()
    entry_points: tuple[EntryPoint, ...] = ()
    files: int = 0
    lines: int = 0


class RuleInfo(msgspec.Struct, frozen=True, kw_only=True):
    """A rule's metadata; the texts come from its docstring.

    ``needs`` is how deep the program must be linked for it; it gets no more when that is all that
    the selected rules need.
    """

    id: str
    category: str
    summary: str
    why: str
    remedy: str
    guide: str
    severity: Severity
    confidence: Confidence
    languages: tuple[str, ...]
    aliases: tuple[str, ...] = ()
    default: bool = True
    needs: Depth = "calls"


class Stage(msgspec.Struct, frozen=True):
    """CPU and wall seconds that a stage or rule took; shown by --verbose, never in results."""

    name: str
    cpu: float
    wall: float


class VerdictChange(msgspec.Struct, frozen=True):
    """A component whose suitability verdict a change moved; ``title`` is the new one in words."""

    component: str
    before: str
    after: str
    title: str


class Result(msgspec.Struct, frozen=True, kw_only=True):
    """All that a run of ``check`` found, ready to render; everything is sorted."""

    findings: tuple[Finding, ...] = ()
    fixed: tuple[Finding, ...] = ()
    components: tuple[ComponentInfo, ...] = ()
    skipped: tuple[Skip, ...] = ()
    coverage: Coverage = Coverage()
    rules: tuple[RuleInfo, ...] = ()
    version: str = ""
    since: str = ""
    hidden: int = 0
    verdicts: tuple[VerdictChange, ...] = ()
    notice: str = ""
    """What a reader must know before the findings: that there was nothing to check."""
