"""Judging a change: both sides analysed as whole programs, and what differs between them."""

from __future__ import annotations

import msgspec

from archlint.discovery import discover
from archlint.discovery.files import WorkTree
from archlint.discovery.git import EMPTY, Repository, blob_id, open_repository
from archlint.discovery.gitfiles import GitFiles
from archlint.discovery.source import Entry, Listing, Source, Unreadable
from archlint.extract import extract_all
from archlint.extract.options import MAX_SOURCE
from archlint.knowledge.suitability import load_model
from archlint.model.errors import ArchlintError
from archlint.model.facts import FileFacts
from archlint.model.finding import Finding, Result, VerdictChange
from archlint.model.workspace import Workspace
from archlint.program.build import build_program
from archlint.session import (
    Analysis,
    Options,
    Progress,
    conclude,
    extract_options,
    timed,
    tree_of,
)
from archlint.suitability.context import answers_from
from archlint.suitability.diff import compare
from archlint.suitability.report import Material, build_report
from archlint.triage import Baseline, Delta, delta


class Change(msgspec.Struct, frozen=True):
    """What to compare: the ``new`` side with the commits it is based on, and how to call those."""

    repository: Repository
    new: Source
    bases: tuple[str, ...]
    label: str


def change_of(repository: Repository, options: Options) -> Change:
    """The two sides that the options name; raises ArchlintError when one cannot be had.

    ``--staged``: the index with HEAD (in a merge also with what is merged in). ``--since REF``: the
    work tree, or ``until``, with the commit at which it parted from REF.
    """
    if options.staged:
        bases = (repository.head(), *repository.merging())
        return Change(repository, GitFiles(repository, repository.index()), bases, "HEAD")
    base = repository.merge_base(options.since, options.until or "HEAD")
    new: Source
    if options.until:
        new = GitFiles(repository, repository.tree(repository.resolve(options.until)))
    else:
        new = _WithoutSubmodules(WorkTree(repository.root), repository)
    return Change(repository, new, (base,), options.since)


def check_change(
    analysed: Analysis,
    change: Change,
    options: Options,
    baseline: Baseline | None = None,
    progress: Progress | None = None,
) -> Result:
    """What the change introduced and fixed, given the analysis of its new side."""
    everywhere = msgspec.structs.replace(options, paths=())
    result = conclude(analysed, everywhere, baseline)
    now = tree_of(analysed)
    found: list[Delta] = []
    verdicts: tuple[VerdictChange, ...] = ()
    for commit in change.bases:
        old = _base(change, commit, analysed, options, progress)
        if old is None:
            found.append(Delta())
            continue
        before = conclude(old, everywhere)
        analysed.stages += [
            msgspec.structs.replace(stage, name=f"base: {stage.name}") for stage in old.stages
        ]
        found.append(delta(before.findings, result.findings, tree_of(old), now))
        if options.verdicts and len(change.bases) == 1:
            verdicts = _verdicts((old, before), (analysed, result))
    introduced = _in_all([part.introduced for part in found])
    fixed = _in_all([part.fixed for part in found])
    return msgspec.structs.replace(
        result,
        findings=tuple(f for f in introduced if _wanted(f, options)),
        fixed=tuple(f for f in fixed if _wanted(f, options)),
        since=change.label,
        verdicts=verdicts,
    )


def _verdicts(
    old: tuple[Analysis, Result], new: tuple[Analysis, Result]
) -> tuple[VerdictChange, ...]:
    """The components whose verdict differs, by the configuration's answers."""
    answers = answers_from(new[0].program.config.context, load_model(), "[context]")
    reports = [
        build_report(analysis.program, Material(result=result, answers=answers))
        for analysis, result in (old, new)
    ]
    return tuple(
        VerdictChange(move.component, move.before, move.after, move.title)
        for move in compare(*reports).verdicts
        if move.before != move.after
    )


def _wanted(finding: Finding, options: Options) -> bool:
    return not options.paths or finding.location.path in options.paths


def _in_all(parts: list[tuple[Finding, ...]]) -> tuple[Finding, ...]:
    """Those that are in every part: a merge is to blame only for what no parent had."""
    others = [{f.fingerprint for f in part} for part in parts[1:]]
    return tuple(f for f in parts[0] if all(f.fingerprint in prints for prints in others))


def _base(
    change: Change, commit: str, head: Analysis, options: Options, progress: Progress | None
) -> Analysis | None:
    """The analysis of a base by the new side's configuration; None when nothing differs.

    Facts of files that did not change are taken from the new side.
    """
    config, depth = head.program.config, head.program.depth
    source = GitFiles(change.repository, change.repository.tree(commit))
    analysis = Analysis(head.program, (), own_rules=head.own_rules)
    with timed(analysis.stages, "discover"):
        workspace = discover(source, config)
        facts = _unchanged(workspace, source, head, change.new)
    files = workspace.files if depth != "manifests" else ()
    if len(facts) == len(files) and _same(workspace, head.program.workspace):
        return None
    with timed(analysis.stages, "extract"):
        rest = tuple(file for file in files if file.path not in facts)
        extracting = extract_options(options, head.program.workspace.documents, depth)
        extraction = extract_all(source, rest, extracting, progress)
    if source.missing and commit != EMPTY:
        raise ArchlintError(
            f"{len(source.missing)} files of {change.label!r} are not in this clone: "
            "run `git fetch --refetch origin` (a partial clone leaves them out)"
        )
    facts |= extraction.facts
    ordered = {file.path: facts[file.path] for file in workspace.files if file.path in facts}
    with timed(analysis.stages, "link"):
        analysis.program = build_program(workspace, config, ordered, depth)
    analysis.skipped = tuple(sorted({*workspace.skipped, *extraction.skipped}))
    return analysis


def _same(old: Workspace, new: Workspace) -> bool:
    """Whether all that rules can see of two workspaces, facts apart, is equal."""
    return (old.files, old.documents, old.tree) == (new.files, new.documents, new.tree)


def _unchanged(
    old: Workspace, source: GitFiles, head: Analysis, new: Source
) -> dict[str, FileFacts]:
    """The facts of the files that have the same content on both sides."""
    known_as = {
        file.path: (file.size, file.language, file.role) for file in head.program.workspace.files
    }
    facts: dict[str, FileFacts] = {}
    for file in old.files:
        known = head.program.files.get(file.path)
        if known is None or known_as.get(file.path) != (file.size, file.language, file.role):
            continue
        oid = source.oid(file.path)
        if _oid(new, file.path, oid) == oid:
            facts[file.path] = known
    return facts


def _oid(source: Source, path: str, like: str) -> str:
    """The object id that a file has, or would have."""
    if isinstance(source, GitFiles):
        return source.oid(path)
    try:
        return blob_id(source.read(path, MAX_SOURCE), like)
    except Unreadable:
        return ""


class _WithoutSubmodules:
    """The work tree without submodules' files, which no commit of this repository holds."""

    def __init__(self, tree: WorkTree, repository: Repository) -> None:
        self.root = tree.root
        self._tree = tree
        modules = (e.path + "/" for e in repository.index() if e.mode == "160000")
        self._prefixes = tuple(modules)

    def listing(self) -> Listing:
        """The files of the repository itself."""
        found = self._tree.listing()
        if not self._prefixes:
            return found
        kept: list[Entry] = [e for e in found.entries if not e.path.startswith(self._prefixes)]
        skipped = [s for s in found.skipped if not s.path.startswith(self._prefixes)]
        return Listing(tuple(kept), tuple(skipped))

    def read(self, path: str, limit: int) -> bytes:
        """The bytes of a file; raises Unreadable."""
        return self._tree.read(path, limit)


__all__ = ["Change", "change_of", "check_change", "open_repository"]
