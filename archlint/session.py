"""The pipeline, top to bottom: discover, extract, link, rules, triage."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import msgspec

from archlint.config import BASELINE_NAME, Config, check_names, complete, known_names, load_config
from archlint.discovery import discover
from archlint.discovery.files import WorkTree
from archlint.discovery.source import Source
from archlint.extract import ExtractOptions, extract_all
from archlint.extract.cache import default_folder
from archlint.extract.queries import user_queries
from archlint.model.errors import ArchlintError
from archlint.model.facts import FileFacts
from archlint.model.finding import (
    ComponentInfo,
    Confidence,
    Context,
    Depth,
    EntryPoint,
    Report,
    Result,
    RuleInfo,
    Skip,
    Stage,
)
from archlint.model.version import __version__
from archlint.model.workspace import Workspace
from archlint.program.build import build_program
from archlint.program.ownership import kinds_decide
from archlint.program.program import DEPTHS, Program
from archlint.rules.queries import repo_rules
from archlint.rules.registry import Rule, all_rules
from archlint.triage import (
    META_RULES,
    Baseline,
    Ran,
    Tree,
    accepted,
    read_baseline,
    shown,
    triage,
)

Progress = Callable[[str, int, int], None]
"""Told (stage, done, total) as long work goes on."""


class Options(msgspec.Struct, frozen=True, kw_only=True):
    """How to run, as opposed to what to check (which the configuration says).

    ``select`` and ``ignore`` name rules and override the configuration, as ``min_confidence`` does
    when given; ``jobs`` is the number of worker processes (0: as many as there are cores).
    """

    select: tuple[str, ...] | None = None
    ignore: tuple[str, ...] = ()
    min_confidence: Confidence | None = None
    cache: bool = True
    cache_dir: Path | None = None
    jobs: int = 0
    paths: tuple[str, ...] = ()
    """Show only findings in these files (relative to the root); the whole program is analysed."""
    config_file: Path | None = None
    baseline: Path | None = None
    """The baseline file; None: the configuration's, or the usual name when there is one."""
    use_baseline: bool = True
    since: str = ""
    """Report only what changed since the commit at which the work tree parted from this one."""
    until: str = ""
    """With ``since``: the commit to judge in place of the work tree."""
    staged: bool = False
    """Report only what the index changes."""
    verdicts: bool = False
    """With a comparison: also say which components' suitability verdicts move."""
    today: str = ""
    """The day (ISO) by which ignored imports end; "": none of them ends."""


class Analysis(msgspec.Struct):
    """A linked program with what was skipped on the way and how long each stage took.

    ``own_rules`` are those that the repo brings itself, in ``.archlint/rules``.
    """

    program: Program
    skipped: tuple[Skip, ...]
    stages: list[Stage] = msgspec.field(default_factory=list)
    own_rules: tuple[Rule, ...] = ()

    @property
    def rules(self) -> tuple[Rule, ...]:
        """Every rule that can run here: the built-in ones and the repo's own."""
        return (*all_rules(), *self.own_rules)


@contextmanager
def uncollected() -> Iterator[None]:
    """Pause garbage collection: a run's records live to its end, tracing them finds nothing."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


@uncollected()
def analyse(
    source: Source,
    config: Config,
    options: Options,
    progress: Progress | None = None,
    depth: Depth | None = "calls",
) -> Analysis:
    """Discover, extract and link everything that ``source`` holds, as deep as asked.

    None for ``depth``: as deep as the rules need that the options and the configuration select.
    """
    stages: list[Stage] = []
    with timed(stages, "discover"):
        workspace = discover(source, config)
        nested = complete(config, workspace.tree, workspace.documents)
        nested = msgspec.structs.replace(nested, today=options.today)
        if nested.exclude != config.exclude:
            kept = tuple(f for f in workspace.files if not nested.excludes(f.path))
            workspace = msgspec.structs.replace(workspace, files=kept)
        own_rules = repo_rules(workspace.documents)
        depth = enough(depth or depth_of_rules(nested, options, own_rules), workspace)
    with timed(stages, "extract"):
        files = workspace.files if depth != "manifests" else ()
        extracting = extract_options(options, workspace.documents, depth)
        extraction = extract_all(source, files, extracting, progress)
    with timed(stages, "link"):
        program = build_program(workspace, nested, extraction.facts, depth)
        if options.cache and program.linkers is not None:
            program.linkers.remember(options.cache_dir or default_folder())
    skipped = tuple(sorted({*workspace.skipped, *extraction.skipped}))
    return Analysis(program, skipped, stages, own_rules)


def depth_of_rules(config: Config, options: Options, own_rules: tuple[Rule, ...]) -> Depth:
    """How deep the selected rules need the program linked; raises for unknown names.

    Rules about suppressions read the comments of source files.
    """
    if options.verdicts:
        return "calls"
    config = effective(config, options, rule_infos(own_rules))
    needed = {rule.info.needs for rule in (*all_rules(), *own_rules) if config.selects(rule.info)}
    if any(config.selects(info) for info in META_RULES):
        needed.add("modules")
    return max(needed, key=DEPTHS.index, default="manifests")


def enough(depth: Depth, workspace: Workspace) -> Depth:
    """The depth at which every finding names the component that it would name at any other."""
    return "calls" if kinds_decide(workspace.components) else depth


def extract_options(
    options: Options, documents: Mapping[str, str], depth: Depth = "calls"
) -> ExtractOptions:
    """What the extract stage needs: where to cache, how many jobs, and the repo's own queries."""
    return ExtractOptions(
        cache=options.cache,
        cache_dir=options.cache_dir,
        jobs=options.jobs,
        rules=user_queries(documents),
        outline=depth != "calls",
    )


def go_files(source: Source, workspace: Workspace) -> dict[str, FileFacts]:
    """Outlines of the Go files of a workspace: what each imports."""
    files = tuple(file for file in workspace.files if file.language == "go")
    return extract_all(source, files, extract_options(Options(), {}, "modules"), None).facts


def run_rules(analysis: Analysis, rules: tuple[Rule, ...]) -> Iterator[tuple[RuleInfo, Report]]:
    """What each rule reports about the program, rule by rule; none for languages it has not."""
    present = spoken(analysis.program.workspace)
    for rule in rules:
        if present.isdisjoint(rule.info.languages):
            continue
        with timed(analysis.stages, f"rule {rule.info.id}"):
            reports = list(rule.check(analysis.program))
        for report in reports:
            yield rule.info, report


def spoken(workspace: Workspace) -> frozenset[str]:
    """The languages that a repo's sources or manifests speak, as rules name them."""
    files = {file.language for file in workspace.files}
    go = "go" in files or workspace.go_modules or workspace.go_work
    node = files - {"go"} or workspace.packages or workspace.tsconfigs
    return frozenset({"go"} if go else ()) | ({"javascript", "typescript"} if node else set())


def notice(workspace: Workspace) -> str:
    """What to say of a tree that has nothing for any rule; "" where there is something."""
    return "" if spoken(workspace) else "No Node.js or Go code found: nothing was checked"


def check(path: Path, options: Options | None = None, progress: Progress | None = None) -> Result:
    """Lint a tree; raises ArchlintError for a path or configuration that cannot be used."""
    options = options or Options()
    root = checked_root(path)
    config = load_config(root, options.config_file)
    analysis = analyse(WorkTree(root), config, options, progress, None)
    return conclude(analysis, options, accepted_before(root, config, options))


def accepted_before(root: Path, config: Config, options: Options) -> Baseline | None:
    """The baseline of a run, None for none; raises ArchlintError when a named one is not there."""
    if not options.use_baseline:
        return None
    named = options.baseline or (root / config.baseline if config.baseline else None)
    file = named or root / BASELINE_NAME
    return read_baseline(file, file.name) if named is not None or file.is_file() else None


@uncollected()
def conclude(analysis: Analysis, options: Options, baseline: Baseline | None = None) -> Result:
    """Run the rules on an analysis and put everything together, sorted."""
    every = rule_infos(analysis.own_rules)
    config = effective(analysis.program.config, options, every)
    rules = tuple(rule for rule in analysis.rules if config.selects(rule.info))
    infos = (
        *(rule.info for rule in rules),
        *(info for info in META_RULES if config.selects(info)),
    )
    names = frozenset(name for info in every for name in (info.id, *info.aliases))
    ran = Ran(rules=infos, known=names, documents=analysis.program.workspace.documents)
    findings = triage(run_rules(analysis, rules), analysis.program.files, config, ran)
    if analysis.program.linkers is not None:
        analysis.program.linkers.keep()
    if baseline is not None:
        findings = accepted(findings, baseline, tree_of(analysis), (config, ran))
    by_id = {info.id: info for info in infos}
    wanted = [f for f in findings if not options.paths or f.location.path in options.paths]
    visible = tuple(f for f in wanted if shown(f, by_id[f.rule], config))
    return Result(
        findings=visible,
        components=components(analysis.program),
        skipped=analysis.skipped,
        coverage=analysis.program.coverage,
        rules=infos,
        version=__version__,
        hidden=len(wanted) - len(visible),
        notice=notice(analysis.program.workspace),
    )


def tree_of(analysis: Analysis) -> Tree:
    """The files of an analysis, to tell findings that moved from those that are gone."""
    return Tree(analysis.program.workspace.tree, analysis.program.files)


def effective(config: Config, options: Options, infos: tuple[RuleInfo, ...]) -> Config:
    """The configuration with the options' rules and confidence; raises for unknown names."""
    check_names(config, infos)
    known = known_names(infos)
    for name in (*(options.select or ()), *options.ignore):
        if name.removeprefix("!") not in known:
            raise ArchlintError(f"no rule is called {name!r} (see `archlint rules`)")
    if options.select is not None:
        config = msgspec.structs.replace(config, select=options.select, extend_select=(), ignore=())
    return msgspec.structs.replace(
        config,
        ignore=(*config.ignore, *options.ignore),
        min_confidence=options.min_confidence or config.min_confidence,
    )


def rule_infos(own_rules: tuple[Rule, ...] = ()) -> tuple[RuleInfo, ...]:
    """Every rule, a repo's own and those about suppressions and baselines included."""
    return (*(rule.info for rule in (*all_rules(), *own_rules)), *META_RULES)


def components(program: Program) -> tuple[ComponentInfo, ...]:
    """The components as results show them, with their entry points (tests left out)."""
    by_component: dict[str, list[EntryPoint]] = {}
    for entry in program.entry_points:
        if entry.kind is Context.TEST:
            continue
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
def timed(stages: list[Stage], name: str) -> Iterator[None]:
    """Append what the block costs to ``stages``."""
    cpu, wall = time.process_time(), time.perf_counter()
    yield
    stages.append(Stage(name, time.process_time() - cpu, time.perf_counter() - wall))
