"""The Python API, which the command line uses: ``archlint.check`` and ``archlint.report``."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, TypedDict, Unpack

import msgspec

from archlint.config import Config, load_config
from archlint.discovery.files import WorkTree
from archlint.discovery.source import Source
from archlint.model.finding import Confidence, Result, Stage
from archlint.session import (
    Options,
    Progress,
    accepted_before,
    analyse,
    checked_root,
    conclude,
    tree_of,
)
from archlint.triage import Tree

if TYPE_CHECKING:
    from archlint.model.suitability import Answer, SuitabilityReport


class CheckOptions(TypedDict, total=False):
    """The keyword arguments of ``check``; see ``archlint.session.Options``."""

    select: tuple[str, ...] | None
    ignore: tuple[str, ...]
    min_confidence: Confidence | None
    cache: bool
    cache_dir: Path | None
    jobs: int
    paths: tuple[str, ...]
    config_file: Path | None
    baseline: Path | None
    use_baseline: bool
    since: str
    until: str
    staged: bool
    verdicts: bool
    today: str


class Run(msgspec.Struct, frozen=True):
    """A result with what it came from: for messages, code frames and timings."""

    result: Result
    config: Config
    source: Source
    stages: tuple[Stage, ...]
    tree: Tree
    prefix: str = ""
    """From the repository's top to the scanned folder, ``/`` at its end; "" outside git."""


def check(
    path: str | Path = ".", progress: Progress | None = None, **options: Unpack[CheckOptions]
) -> Result:
    """Lint a tree, or with ``since`` or ``staged`` a change of it.

    Raises ``archlint.ArchlintError`` for a path, option or configuration that cannot be used.
    """
    return run(Path(path), Options(**options), progress).result


def report(
    path: str | Path = ".",
    answers: Mapping[str, Answer] | None = None,
    progress: Progress | None = None,
    **options: Unpack[CheckOptions],
) -> SuitabilityReport:
    """The suitability report of a tree; ``answers`` by question win over the configuration's.

    Raises ``archlint.ArchlintError`` for a path, option or configuration that cannot be used.
    """
    from archlint.assessment import assessment

    return assessment(Path(path), Options(**options), progress).report(answers)


def run(path: Path, options: Options, progress: Progress | None = None) -> Run:
    """Lint as the options say, keeping what renderers need beside the result."""
    root = checked_root(path)
    config = load_config(root, options.config_file)
    baseline = accepted_before(root, config, options)
    if not options.since and not options.staged:
        source = WorkTree(root)
        analysis = analyse(source, config, options, progress, None)
        result = conclude(analysis, options, baseline)
        return Run(result, config, source, tuple(analysis.stages), tree_of(analysis))
    from archlint.compare import change_of, check_change, open_repository

    repository = open_repository(root)
    try:
        change = change_of(repository, options)
        analysis = analyse(change.new, config, options, progress, None)
        result = check_change(analysis, change, options, baseline, progress)
        return Run(
            result, config, change.new, tuple(analysis.stages), tree_of(analysis), repository.prefix
        )
    finally:
        repository.close()
