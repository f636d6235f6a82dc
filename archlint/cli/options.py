"""What the commands share: how they show their help, and options that mean the same everywhere."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

ConfigFile = Annotated[
    Path | None, typer.Option(help="Configuration file to use in place of the folder's.")
]
CacheFolder = Annotated[
    Path | None, typer.Option(help="Where facts are cached [the user's cache folder].")
]
NoCache = Annotated[bool, typer.Option("--no-cache", help="Neither read nor write it.")]
Jobs = Annotated[int, typer.Option("--jobs", "-j", min=0, help="Processes; 0: per core.")]


def command_app(**settings: Any) -> typer.Typer:
    """One command's app: plain help, ``-h`` too, completion left to ``archlint`` itself."""
    return typer.Typer(
        add_completion=False,
        rich_markup_mode=None,
        context_settings={"help_option_names": ["-h", "--help"]},
        **settings,
    )
