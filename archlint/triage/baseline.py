"""The baseline: findings that a team has accepted for now, in a file that may only shrink."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import msgspec

from archlint.model.errors import ArchlintError
from archlint.model.finding import Finding, RuleInfo, Severity
from archlint.triage.match import Known, Tree, known, pair
from archlint.triage.meta import META_RULES

VERSION = 1
MAX_BYTES = 50_000_000
_META = {info.id for info in META_RULES}


class Entry(msgspec.Struct, frozen=True, order=True, forbid_unknown_fields=True):
    """``count`` equal findings of a file, the gravest of which is ``severity``."""

    path: str
    rule: str
    key: str
    severity: Severity
    count: int = 1


class Baseline(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Accepted findings, sorted; no line numbers, so that edits elsewhere leave it alone."""

    version: int = VERSION
    entries: tuple[Entry, ...] = ()

    def apply(
        self, findings: Sequence[Finding], tree: Tree, ran: Sequence[RuleInfo]
    ) -> tuple[tuple[Finding, ...], tuple[Entry, ...]]:
        """The findings, accepted ones flagged, and the entries (with counts) that are stale.

        A finding that is graver than its entry is not accepted. Entries of rules that did not run
        are left alone.
        """
        old = [item for entry in self.entries for item in _expanded(entry)]
        open_ = [i for i, f in enumerate(findings) if not f.suppressed and f.rule not in _META]
        pairs = pair(old, [known(findings[i]) for i in open_], tree)
        flagged = list(findings)
        for index, was in pairs.items():
            finding = findings[open_[index]]
            if finding.severity.rank >= old[was].severity.rank:
                flagged[open_[index]] = msgspec.structs.replace(finding, baselined=True)
        names = {name for info in ran for name in (info.id, *info.aliases)}
        used = set(pairs.values())
        stale = Counter(
            (k.path, k.rule, k.key, k.severity)
            for i, k in enumerate(old)
            if i not in used and k.rule in names
        )
        return tuple(flagged), tuple(sorted(Entry(*k, count) for k, count in stale.items()))

    def pruned(self, findings: Sequence[Finding], tree: Tree, ran: Sequence[RuleInfo]) -> Baseline:
        """The baseline without stale entries, at the places where its findings are now."""
        flagged, _ = self.apply(findings, tree, ran)
        names = {name for info in ran for name in (info.id, *info.aliases)}
        others = [entry for entry in self.entries if entry.rule not in names]
        kept = of_findings([f for f in flagged if f.baselined]).entries
        return Baseline(entries=tuple(sorted((*kept, *others))))

    @property
    def total(self) -> int:
        """How many findings are accepted."""
        return sum(entry.count for entry in self.entries)


def _expanded(entry: Entry) -> list[Known]:
    item = Known(rule=entry.rule, path=entry.path, key=entry.key, severity=entry.severity)
    return [item] * min(entry.count, 10_000)


def of_findings(findings: Sequence[Finding]) -> Baseline:
    """A baseline that accepts every open finding."""
    counts: Counter[tuple[str, str, str]] = Counter()
    gravest: dict[tuple[str, str, str], Severity] = {}
    for finding in findings:
        if finding.suppressed or finding.rule in _META:
            continue
        place = (finding.location.path, finding.rule, finding.key)
        counts[place] += 1
        before = gravest.get(place, finding.severity)
        gravest[place] = min(before, finding.severity, key=lambda s: s.rank)
    return Baseline(
        entries=tuple(sorted(Entry(*k, gravest[k], count) for k, count in counts.items()))
    )


def read_baseline(file: Path, name: str) -> Baseline:
    """Read a baseline; ``name`` is what messages call it. Raises ArchlintError."""
    try:
        if file.stat().st_size > MAX_BYTES:
            raise ArchlintError(f"{name}: too large for a baseline")
        data = file.read_bytes()
    except OSError as error:
        raise ArchlintError(f"{name}: cannot be read: {error.strerror}") from None
    try:
        baseline = msgspec.json.decode(data, type=Baseline)
    except (msgspec.MsgspecError, RecursionError, UnicodeError) as error:
        text = " ".join(str(error).split())
        raise ArchlintError(f"{name}: not a baseline: {text}") from None
    if baseline.version != VERSION:
        raise ArchlintError(
            f"{name}: version {baseline.version} is not known (run `archlint baseline write`)"
        )
    return baseline


def write_baseline(file: Path, baseline: Baseline) -> None:
    """Write a baseline, one entry a line, so that merges and diffs stay readable."""
    rows = [json.dumps(msgspec.to_builtins(entry), ensure_ascii=True) for entry in baseline.entries]
    body = ",\n    ".join(rows)
    entries = f"[\n    {body}\n  ]" if rows else "[]"
    text = f'{{\n  "version": {baseline.version},\n  "entries": {entries}\n}}\n'
    try:
        file.write_text(text, encoding="utf-8")
    except OSError as error:
        raise ArchlintError(f"{file.name}: cannot be written: {error.strerror}") from None
