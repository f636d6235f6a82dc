"""From source bytes to facts: the only package that sees a syntax tree.

A worker process imports ``task`` alone; the stage, with discovery behind it, is for its owner.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from archlint.extract.options import ExtractOptions, QueryRule
    from archlint.extract.stage import Extraction, extract_all

__all__ = ["ExtractOptions", "Extraction", "QueryRule", "extract_all"]


def __getattr__(name: str) -> Any:
    """The public names, imported when first asked for."""
    if name not in __all__:
        raise AttributeError(name)
    module = "options" if name in {"ExtractOptions", "QueryRule"} else "stage"
    return getattr(importlib.import_module(f"archlint.extract.{module}"), name)
