"""The pipeline, top to bottom: discover, extract, link, rules, triage."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from archlint import __version__
from archlint.config import Config, load_config
from archlint.discovery import discover
from archlint.discovery.files import WorkTree
from archlint.discovery.source import Source
from archlint.extract import ExtractOptions, extract_all
from archlint.model.errors import ArchlintError
from archlint.model.finding import (
    ComponentInfo,
    Confidence,
    EntryPoint,
    Finding,
    Report,
    Result,
    RuleInfo,
    Skip,
    Stage,
)
from archlint.program.build import build_program
from archlint.program.program import Program
from archlint.rules.registry import Rule, all_rules
from archlint.triage import triage

Progress = Callable[[str, int, int], None]
"""Told (stage, done, total) as long work goes on."""


@dataclass(frozen=True, kw_only=True)
class Options:
    """How to run, as opposed to what to check (which the configuration says).

    ``select`` and ``ignore`` name rules and override the configuration; ``jobs`` is the number of
    worker processes (0: as many as there are cores).
    """

    select: tuple[str, ...] | None = None
    ignore: tuple[str, ...] = ()
    min_confidence: Confidence = Confidence.MEDIUM
    cache: bool = True
    cache_dir: Path | None = None
    jobs: int = 0
    paths: tuple[str, ...] = ()
    """Show only findings in these files (relative to the root); the whole program is analysed."""


@dataclass
class Analysis:
    """A linked program with what was skipped on the way and how long each stage took."""

    program: Program
    skipped: tuple[Skip, ...]
    stages: list[Stage] = field(default_factory=list)


def analyse(
    source: Source, config: Config, options: Options, progress: Progress | None = None
) -> Analysis:
    """Discover, extract and link everything that ``source`` holds."""
    stages: list[Stage] = []
    with _timed(stages, "discover"):
        workspace = discover(source, config)
    with _timed(stages, "extract"):
        extraction = extract_all(
            source,
            workspace.files,
            ExtractOptions(cache=options.cache, cache_dir=options.cache_dir, jobs=options.jobs),
            progress,
        )
    with _timed(stages, "link"):
        program = build_program(workspace, config, extraction.facts)
    skipped = tuple(sorted({*workspace.skipped, *extraction.skipped}))
    return Analysis(program, skipped, stages)


def run_rules(analysis: Analysis, rules: tuple[Rule, ...]) -> Iterator[tuple[RuleInfo, Report]]:
    """What each rule reports about the program, rule by rule."""
    for rule in rules:
        with _timed(analysis.stages, f"rule {rule.info.id}"):
            reports = list(rule.check(analysis.program))
        for report in reports:
            yield rule.info, report


def check(path: Path, options: Options | None = None, progress: Progress | None = None) -> Result:
    """Lint a tree; raises ArchlintError for a path or configuration that cannot be used."""
    options = options or Options()
    root = checked_root(path)
    config = load_config(root)
    analysis = analyse(WorkTree(root), config, options, progress)
    return conclude(analysis, config, options)


def conclude(analysis: Analysis, config: Config, options: Options) -> Result:
    """Run the rules on an analysis and put everything together, sorted."""
    rules = selected(config, options)
    findings = triage(run_rules(analysis, rules), analysis.program.files, config)
    shown = tuple(f for f in findings if _shown(f, options))
    return Result(
        findings=tuple(sorted(shown, key=lambda f: f.order)),
        components=components(analysis.program),
        skipped=analysis.skipped,
        coverage=analysis.program.coverage,
        rules=tuple(rule.info for rule in rules),
        version=__version__,
        hidden=len(findings) - len(shown),
    )


def _shown(finding: Finding, options: Options) -> bool:
    if options.paths and finding.location.path not in options.paths:
        return False
    return finding.confidence.rank <= options.min_confidence.rank


def selected(config: Config, options: Options) -> tuple[Rule, ...]:
    """The rules to run; raises ArchlintError for a name that no rule has."""
    rules = all_rules()
    known = {name for rule in rules for name in (rule.info.id, *rule.info.aliases)}
    for name in (*(options.select or ()), *options.ignore):
        if name not in known:
            raise ArchlintError(f"no rule is called {name!r} (see `archlint rules`)")
    return tuple(rule for rule in rules if _selected(rule, config, options))


def _selected(rule: Rule, config: Config, options: Options) -> bool:
    names = {rule.info.id, *rule.info.aliases}
    if names & set(options.ignore):
        return False
    if options.select is not None:
        return bool(names & set(options.select))
    return config.selects(rule.info)


def components(program: Program) -> tuple[ComponentInfo, ...]:
    """The components as results show them, with their entry points."""
    by_component: dict[str, list[EntryPoint]] = {}
    for entry in program.entry_points:
        by_component.setdefault(entry.component, []).append(entry)
    files: dict[str, list[int]] = {}
    for path, facts in program.files.items():
        owner = program.component(path)
        if owner is not None:
            files.setdefault(owner.name, []).append(facts.lines)
    return tuple(
        ComponentInfo(
            name=component.name,
            root=component.root,
            runtime=component.runtime,
            kind=component.kind,
            frameworks=component.frameworks,
            entry_points=tuple(by_component.get(component.name, ())),
            files=len(files.get(component.name, ())),
            lines=sum(files.get(component.name, ())),
        )
        for component in sorted(program.workspace.components, key=lambda c: (c.root, c.name))
    )


def checked_root(path: Path) -> Path:
    """The folder to scan, absolute; raises ArchlintError when it is none."""
    if not path.exists():
        raise ArchlintError(f"{path}: no such file or folder")
    if not path.is_dir():
        raise ArchlintError(f"{path}: not a folder")
    return path.resolve()


@contextmanager
def _timed(stages: list[Stage], name: str) -> Iterator[None]:
    cpu, wall = time.process_time(), time.perf_counter()
    yield
    stages.append(Stage(name, time.process_time() - cpu, time.perf_counter() - wall))
