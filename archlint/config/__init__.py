"""Configuration: archlint.toml, ``[tool.archlint]`` and package.json's ``archlint``, frozen."""

from archlint.config.complete import check_names, complete
from archlint.config.load import load_config
from archlint.config.model import (
    BASELINE_NAME,
    Config,
    Contract,
    Denied,
    Dependencies,
    IgnoredImport,
    Override,
)
from archlint.config.selection import known_names

__all__ = [
    "BASELINE_NAME",
    "Config",
    "Contract",
    "Denied",
    "Dependencies",
    "IgnoredImport",
    "Override",
    "check_names",
    "complete",
    "known_names",
    "load_config",
]
