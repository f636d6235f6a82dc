"""Options that several commands share, so that they read and mean the same everywhere."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

ConfigFile = Annotated[
    Path | None, typer.Option(help="Configuration file to use in place of the folder's.")
]
CacheFolder = Annotated[
    Path | None, typer.Option(help="Where facts are cached [the user's cache folder].")
]
NoCache = Annotated[bool, typer.Option("--no-cache", help="Neither read nor write it.")]
Jobs = Annotated[int, typer.Option("--jobs", "-j", min=0, help="Processes; 0: per core.")]
