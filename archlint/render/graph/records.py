"""JSON."""

from __future__ import annotations

import json

import msgspec

from archlint.program.architecture.view import GraphView

SCHEMA_VERSION = 1


def to_json(view: GraphView) -> str:
    """Nodes and edges as records, ASCII only."""
    data = {"schema_version": SCHEMA_VERSION, **msgspec.to_builtins(view)}
    return json.dumps(data, indent=1, ensure_ascii=True) + "\n"
