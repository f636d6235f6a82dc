"""What the terminal can show: width, colour, a progress bar on stderr."""

from __future__ import annotations

import os
import shutil
import sys
import time
from collections.abc import Iterable
from enum import StrEnum
from typing import TYPE_CHECKING, TextIO

from archlint.model.finding import Stage

if TYPE_CHECKING:
    from rich.progress import Progress as Bar
    from rich.progress import TaskID

_PATIENCE = 0.8
"""Seconds of work before a progress bar appears."""


class Colour(StrEnum):
    """When to use colour."""

    AUTO = "auto"
    ALWAYS = "always"
    NEVER = "never"


def coloured(wanted: Colour, stream: TextIO) -> bool:
    """Whether to colour the stream: the option, then NO_COLOR, FORCE_COLOR, then the terminal."""
    if wanted is not Colour.AUTO:
        return wanted is Colour.ALWAYS
    if os.environ.get("NO_COLOR"):
        return False
    forced = os.environ.get("FORCE_COLOR", "")
    if forced:
        return forced not in {"0", "false"}
    return stream.isatty() and os.environ.get("TERM") != "dumb"


def width(stream: TextIO) -> int:
    """The terminal's width in cells; 0 where lines need not end (a file, a pipe)."""
    return shutil.get_terminal_size().columns if stream.isatty() else 0


class Progress:
    """A progress bar on stderr, shown once the work takes long; silent where nobody looks."""

    def __init__(self, *, enabled: bool) -> None:
        self._enabled = enabled and sys.stderr.isatty()
        self._start = time.monotonic()
        self._bar: Bar | None = None
        self._task: TaskID | None = None
        self._stage = ""

    def __call__(self, stage: str, done: int, total: int) -> None:
        """Show that ``done`` of ``total`` parts of a stage are over."""
        if not self._enabled or time.monotonic() - self._start < _PATIENCE:
            return
        if self._bar is None:
            from rich.console import Console
            from rich.progress import Progress as Bar

            self._bar = Bar(console=Console(stderr=True), transient=True)
            self._bar.start()
        if self._task is None or stage != self._stage:
            self._stage = stage
            self._task = self._bar.add_task(stage, total=total)
        self._bar.update(self._task, completed=done, total=total)

    def close(self) -> None:
        """Remove the bar."""
        if self._bar is not None:
            self._bar.stop()
            self._bar = None


def print_stages(stages: Iterable[Stage]) -> None:
    """What each stage and rule took, on stderr."""
    print(f"{'wall s':>9}{'CPU s':>9}  stage", file=sys.stderr)
    for stage in stages:
        print(f"{stage.wall:9.3f}{stage.cpu:9.3f}  {stage.name}", file=sys.stderr)
