"""The report's pipeline: analyse, run the rules, assess every component."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import msgspec
from msgspec.structs import replace

from archlint.config import load_config
from archlint.discovery.files import WorkTree
from archlint.discovery.git import open_repository
from archlint.discovery.source import Unreadable
from archlint.knowledge.suitability import load_model
from archlint.model.errors import ArchlintError
from archlint.model.finding import Result, Stage
from archlint.model.history import History
from archlint.model.suitability import Answer, SuitabilityReport
from archlint.render.sources import Sources
from archlint.session import (
    Analysis,
    Options,
    Progress,
    accepted_before,
    analyse,
    checked_root,
    conclude,
    timed,
)
from archlint.suitability.context import answers_from, read_answers
from archlint.suitability.origin import origin_of
from archlint.suitability.report import Material, build_report

_GIT_FILE = 1_000_000


class Assessment(msgspec.Struct):
    """An analysed tree whose report can be built, again with other answers."""

    analysis: Analysis
    result: Result
    answers: dict[str, Answer]
    material: Material

    def report(self, more: Mapping[str, Answer] | None = None) -> SuitabilityReport:
        """The report with the configuration's answers and ``more``, which win."""
        answers = {**self.answers, **(more or {})}
        with timed(self.analysis.stages, "suitability"):
            return build_report(self.analysis.program, replace(self.material, answers=answers))

    @property
    def stages(self) -> tuple[Stage, ...]:
        """What each stage took."""
        return tuple(self.analysis.stages)


def assessment(path: Path, options: Options, progress: Progress | None = None) -> Assessment:
    """Analyse a tree for its report; raises ArchlintError for what cannot be used."""
    root = checked_root(path)
    config = load_config(root, options.config_file)
    answers = answers_from(config.context, load_model(), "[context]")
    source = WorkTree(root)
    analysis = analyse(source, config, options, progress)
    result = conclude(analysis, options, accepted_before(root, config, options))

    def read(name: str) -> str:
        try:
            return source.read(name, _GIT_FILE).decode("utf-8", "replace")
        except Unreadable:
            return ""

    sources = Sources(source)
    material = Material(
        result=result,
        answers=answers,
        origin=origin_of(root.name, read),
        lines=sources.lines,
        history=history_of(root),
    )
    return Assessment(analysis, result, answers, material)


def history_of(root: Path) -> History:
    """The git history of a work tree; unknown without git, without a history, or for a part."""
    try:
        repository = open_repository(root)
        if repository.shallow:
            return History(unknown="the clone is shallow")
        if repository.prefix:
            return History(unknown="the folder is only a part of its git repository")
        return repository.history()
    except ArchlintError:
        return History(unknown="no git history can be read")


def answers_file(path: Path) -> dict[str, Answer]:
    """The answers of a TOML file; raises ArchlintError for a file that cannot be used."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "not UTF-8"
        raise ArchlintError(f"{path}: cannot be read: {reason}") from None
    return read_answers(text, load_model(), str(path))
