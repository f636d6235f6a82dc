"""The linkers of a program, each made when its language is there or somebody asks for it."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from archlint.config import Config
from archlint.knowledge.frameworks import Framework
from archlint.model.facts import FileFacts
from archlint.model.workspace import Workspace
from archlint.program.program import Linked

if TYPE_CHECKING:
    from archlint.program.ecma import EcmaLinker
    from archlint.program.golang import GoLinker


class Linkers:
    """Both languages' linkers: a repo of one language does not import the other's."""

    def __init__(self, workspace: Workspace, config: Config, files: dict[str, FileFacts]) -> None:
        self._workspace = workspace
        self._config = config
        self._files = {go: of_language(files, go=go) for go in (False, True)}

    @cached_property
    def ecma(self) -> EcmaLinker:
        """The linker for JavaScript and TypeScript."""
        from archlint.program.ecma import EcmaLinker

        return EcmaLinker(
            self._workspace,
            self._files[False],
            self._tables("node"),
            installed=self._config.read_dependencies,
        )

    @cached_property
    def golang(self) -> GoLinker:
        """The linker for Go."""
        from archlint.program.golang import GoLinker

        return GoLinker(
            self._workspace,
            self._files[True],
            self._tables("go"),
            sources=self._config.read_dependencies,
        )

    def link(self) -> tuple[Linked, ...]:
        """What each language contributes to the program; nothing of one that has no files."""
        return (
            self.ecma.link() if self._files[False] else Linked(),
            self.golang.link() if self._files[True] else Linked(),
        )

    def remember(self, folder: Path | None) -> None:
        """Take from a cache folder what earlier runs learnt of installed dependencies."""
        if self._files[False]:
            self.ecma.declared.remember(folder)

    def keep(self) -> None:
        """Write to that folder what this run has learnt."""
        if self._files[False]:
            self.ecma.declared.keep()

    def _tables(self, runtime: str) -> tuple[Framework, ...]:
        """The frameworks that the configuration describes."""
        return tuple(table for table in self._config.frameworks if table.runtime == runtime)


def of_language(files: dict[str, FileFacts], *, go: bool) -> dict[str, FileFacts]:
    """The files in Go, or those in JavaScript and TypeScript."""
    return {path: facts for path, facts in files.items() if (facts.language == "go") is go}
