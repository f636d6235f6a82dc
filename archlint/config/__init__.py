"""Configuration: archlint.toml, ``[tool.archlint]`` and package.json's ``archlint``, frozen."""

from archlint.config.load import load_config
from archlint.config.model import (
    Config,
    Contract,
    Denied,
    Dependencies,
    Framework,
    FrameworkCall,
    IgnoredImport,
    Override,
)

__all__ = [
    "Config",
    "Contract",
    "Denied",
    "Dependencies",
    "Framework",
    "FrameworkCall",
    "IgnoredImport",
    "Override",
    "load_config",
]
