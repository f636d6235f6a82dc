"""archlint: an architecture linter for Node.js and Go back ends."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archlint.model.version import __version__

if TYPE_CHECKING:
    from archlint.api import check, report
    from archlint.model.errors import ArchlintError
    from archlint.model.finding import Finding, Result
    from archlint.model.suitability import SuitabilityReport

__all__ = [
    "ArchlintError",
    "Finding",
    "Result",
    "SuitabilityReport",
    "__version__",
    "check",
    "report",
]

_HOMES = {
    "check": "archlint.api",
    "report": "archlint.api",
    "ArchlintError": "archlint.model.errors",
    "Finding": "archlint.model.finding",
    "Result": "archlint.model.finding",
    "SuitabilityReport": "archlint.model.suitability",
}


def __getattr__(name: str) -> Any:
    """Import the API when it is used, so that the command line starts fast."""
    import importlib

    if name not in _HOMES:
        raise AttributeError(f"module 'archlint' has no attribute {name!r}")
    return getattr(importlib.import_module(_HOMES[name]), name)
