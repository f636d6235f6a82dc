"""Finding and reading the configuration of a root."""

from __future__ import annotations

from pathlib import Path

from archlint.config.model import Config


def load_config(root: Path) -> Config:
    """The configuration of ``root``; raises ArchlintError for a file that cannot be used."""
    del root
    return Config()
