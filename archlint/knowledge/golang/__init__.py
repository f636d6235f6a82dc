"""Signatures of Go's standard library and of popular modules, as packed tables."""

from archlint.knowledge.golang.table import (
    Chunk,
    SignatureTable,
    standard_library,
    third_party,
)

__all__ = ["Chunk", "SignatureTable", "standard_library", "third_party"]
