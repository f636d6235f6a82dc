"""Keeping only fixes that work: the edited files are analysed anew, the whole program with them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence

import msgspec

from archlint.discovery.source import Entry, Listing, Source, Unreadable
from archlint.extract.options import MAX_SOURCE
from archlint.fixes.propose import Fix, apply, propose
from archlint.model.finding import Edit, Finding
from archlint.session import Analysis, Options, analyse, conclude

_ROUNDS = 4


class Fixed(msgspec.Struct, frozen=True):
    """The fixes that hold, and what their files become."""

    fixes: tuple[Fix, ...]
    files: dict[str, bytes]


class Overlay:
    """A source with some files' bytes replaced."""

    def __init__(self, below: Source, files: dict[str, bytes]) -> None:
        self.root = below.root
        self._below = below
        self._files = files

    def listing(self) -> Listing:
        """The files below, with the sizes that the replaced ones have."""
        found = self._below.listing()
        entries = tuple(
            Entry(e.path, len(self._files[e.path])) if e.path in self._files else e
            for e in found.entries
        )
        return Listing(entries, found.skipped)

    def read(self, path: str, limit: int) -> bytes:
        """The bytes of a file; raises Unreadable."""
        if path not in self._files:
            return self._below.read(path, limit)
        if len(self._files[path]) > limit:
            raise Unreadable("grew too large")
        return self._files[path]


def fix(source: Source, analysis: Analysis, options: Options) -> Fixed:
    """Propose fixes for the open findings, and drop those that do not remove theirs.

    A fix is kept only if the file still parses, its finding is gone and no other has come.
    """
    before = _open(analysis, options)
    data: dict[str, bytes] = {}
    fixes = _proposals(source, analysis, before, data)
    for _ in range(_ROUNDS):
        if not fixes:
            break
        files = _applied(fixes, data)
        after = analyse(Overlay(source, files), analysis.program.config, options)
        failed = _failed(fixes, before, after, options)
        if not failed:
            return Fixed(tuple(fixes), files)
        fixes = [item for index, item in enumerate(fixes) if index not in failed]
    return Fixed((), {})


def _open(analysis: Analysis, options: Options) -> tuple[Finding, ...]:
    return tuple(f for f in conclude(analysis, options).findings if not f.suppressed)


def _proposals(
    source: Source, analysis: Analysis, findings: Sequence[Finding], data: dict[str, bytes]
) -> list[Fix]:
    fixes = []
    for finding in findings:
        path = finding.location.path
        facts = analysis.program.files.get(path)
        if facts is None or facts.problem:
            continue
        if path not in data:
            try:
                data[path] = source.read(path, MAX_SOURCE)
            except Unreadable:
                continue
        found = propose(finding, facts, data[path])
        if found is not None and all(edit.path == path for edit in found.edits):
            fixes.append(found)
    return fixes


def _applied(fixes: Sequence[Fix], data: dict[str, bytes]) -> dict[str, bytes]:
    edits: dict[str, list[Edit]] = defaultdict(list)
    for item in fixes:
        edits[item.finding.location.path] += item.edits
    return {path: apply(data[path], edits[path]) for path in sorted(edits)}


def _failed(
    fixes: Sequence[Fix], before: tuple[Finding, ...], after: Analysis, options: Options
) -> set[int]:
    """Which fixes to drop: of files that broke or got something new, and those without effect."""
    was = Counter(_name(f) for f in before)
    now = Counter(_name(f) for f in _open(after, options))
    new_in = {name[1] for name in now if now[name] > was[name]}
    left = Counter(now)
    wanted = Counter(_name(item.finding) for item in fixes)
    failed = set()
    for index, item in enumerate(fixes):
        path, name = item.finding.location.path, _name(item.finding)
        facts = after.program.files.get(path)
        if facts is None or facts.problem or path in new_in:
            failed.add(index)
        elif left[name] > was[name] - wanted[name]:
            failed.add(index)
            left[name] -= 1
    return failed


def _name(finding: Finding) -> tuple[str, str, str]:
    return finding.rule, finding.location.path, finding.key
