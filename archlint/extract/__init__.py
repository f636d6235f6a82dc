"""From source bytes to facts: the only package that sees a syntax tree."""

from __future__ import annotations

from archlint.extract.options import ExtractOptions, QueryRule
from archlint.extract.stage import Extraction, extract_all

__all__ = ["ExtractOptions", "Extraction", "QueryRule", "extract_all"]
