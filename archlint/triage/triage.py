"""Turning the rules' reports into findings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import msgspec

from archlint.config import BASELINE_NAME, Config
from archlint.model.facts import FileFacts
from archlint.model.finding import Finding, Report, RuleInfo, Severity
from archlint.model.location import Location
from archlint.triage.baseline import Baseline
from archlint.triage.fingerprint import Fingerprints
from archlint.triage.match import Tree
from archlint.triage.meta import INVALID_SUPPRESSION, STALE_BASELINE, UNUSED_SUPPRESSION
from archlint.triage.suppressions import Problem, Suppression, of_document, of_source


class Ran(msgspec.Struct, frozen=True, kw_only=True):
    """What the run covered: the rules that ran, and files that have comments but no facts.

    Only a rule that ran can leave a suppression unused; ``known`` are all rules' names.
    """

    rules: tuple[RuleInfo, ...] = ()
    known: frozenset[str] = frozenset()
    documents: Mapping[str, str] = msgspec.field(default_factory=dict)


def triage(
    reports: Iterable[tuple[RuleInfo, Report]],
    program_files: Mapping[str, FileFacts],
    config: Config,
    ran: Ran | None = None,
) -> tuple[Finding, ...]:
    """Every finding, sorted by place, suppressed ones flagged; least confidence is not applied."""
    placed = sorted(
        ((info, report) for info, report in reports),
        key=lambda pair: (pair[1].location, pair[0].id, pair[1].key, pair[1].message),
    )
    suppressions = _Suppressions(program_files, ran or Ran())
    prints = Fingerprints()
    findings = []
    for info, report in placed:
        setting = config.at(info, report.location.path)
        if not setting.enabled:
            continue
        finding = _finding(info, report, setting.severity, prints)
        findings.append(suppressions.apply(finding, info))
    if ran is not None:
        complaints = suppressions.complaints(ran)
        findings += _meta((c for c in complaints if c[0] in ran.rules), config, prints)
    return tuple(sorted(findings, key=lambda f: f.order))


def _finding(
    info: RuleInfo, report: Report, configured: Severity | None, prints: Fingerprints
) -> Finding:
    return Finding(
        rule=info.id,
        severity=graded(report.severity or info.severity, info.severity, configured),
        confidence=report.confidence or info.confidence,
        message=report.message,
        location=report.location,
        fingerprint=prints.next(info.id, report.key, report.location.path),
        component=report.component,
        context=report.context,
        trace=report.trace,
        related=report.related,
        advice=report.advice,
        entry_points=report.entry_points,
        edits=report.edits,
        evidence=report.evidence,
        key=report.key,
    )


def graded(severity: Severity, default: Severity, configured: Severity | None) -> Severity:
    """The configured severity replaces the rule's own; what a context softened stays softer.

    ``default`` is the rule's own severity, ``severity`` the report's.
    """
    if configured is None:
        return severity
    if severity.rank <= default.rank:
        return configured
    return max(severity, configured, key=lambda s: s.rank)


def accepted(
    findings: tuple[Finding, ...], baseline: Baseline, tree: Tree, run: tuple[Config, Ran]
) -> tuple[Finding, ...]:
    """The findings with those of the baseline flagged, and its stale entries as findings."""
    config, ran = run
    flagged, stale = baseline.apply(findings, tree, ran.rules)
    if STALE_BASELINE not in ran.rules:
        return flagged
    name = config.baseline or BASELINE_NAME
    messages = (f"`{e.rule}` in {e.path} ({e.key}) is gone: prune the baseline" for e in stale)
    complaints = ((STALE_BASELINE, name, 1, message) for message in messages)
    found = (*flagged, *_meta(complaints, config, Fingerprints()))
    return tuple(sorted(found, key=lambda f: f.order))


def shown(finding: Finding, info: RuleInfo, config: Config) -> bool:
    """Whether the finding is sure enough: for its rule and file, else for the run."""
    wanted = config.at(info, finding.location.path).confidence or config.min_confidence
    return finding.confidence.rank <= wanted.rank


def _meta(
    complaints: Iterable[tuple[RuleInfo, str, int, str]], config: Config, prints: Fingerprints
) -> list[Finding]:
    found = []
    for info, path, line, message in complaints:
        setting = config.at(info, path)
        if setting.enabled:
            report = Report(location=Location(path, line, 1, line, 1), message=message, key=message)
            found.append(_finding(info, report, setting.severity, prints))
    return found


class _Suppressions:
    """All suppressions of the repo; documents are read when a finding lies in one."""

    def __init__(self, files: Mapping[str, FileFacts], ran: Ran) -> None:
        self._by_path: dict[str, list[Suppression]] = {}
        self._problems: list[Problem] = []
        self._documents = ran.documents
        self._read = set(files)
        for path in sorted(files):
            if files[path].directives:
                self._add(of_source(files[path]))
        for path in sorted(self._documents):
            if path not in files and "archlint-ignore" in self._documents[path]:
                self._add(of_document(path, self._documents[path]))

    def _add(self, found: Iterable[Suppression | Problem]) -> None:
        for item in found:
            if isinstance(item, Problem):
                self._problems.append(item)
            else:
                self._by_path.setdefault(item.path, []).append(item)

    def apply(self, finding: Finding, info: RuleInfo) -> Finding:
        """The finding, suppressed when a comment covers it."""
        names = {info.id, *info.aliases}
        at = finding.location
        for suppression in self._by_path.get(at.path, ()):
            if not suppression.covers(at.line, at.end_line):
                continue
            hit = names & set(suppression.rules)
            if hit:
                suppression.used |= hit
                return _suppressed(finding, suppression.reason)
        return finding

    def complaints(self, ran: Ran) -> Iterable[tuple[RuleInfo, str, int, str]]:
        """What is wrong with the comments themselves: rule, path, line, message."""
        for problem in self._problems:
            message = f"This suppression is not applied: {problem.text}"
            yield INVALID_SUPPRESSION, problem.path, problem.line, message
        names = {name for info in ran.rules for name in (info.id, *info.aliases)}
        for path in sorted(self._by_path):
            for suppression in self._by_path[path]:
                for rule in suppression.rules:
                    if ran.known and rule not in ran.known:
                        message = f"No rule is called `{rule}`: this suppression is not applied"
                        yield INVALID_SUPPRESSION, path, suppression.line, message
                    elif rule in names and rule not in suppression.used:
                        message = f"`{rule}` finds nothing here: delete this suppression"
                        yield UNUSED_SUPPRESSION, path, suppression.line, message


def _suppressed(finding: Finding, reason: str) -> Finding:
    return msgspec.structs.replace(finding, suppressed=True, suppression=reason)
