"""JSON: the public contract of ``check``."""

from __future__ import annotations

import json

import msgspec

from archlint.model.finding import Result
from archlint.render.document import document
from archlint.render.options import RenderOptions
from archlint.render.sources import Sources


def render(result: Result, sources: Sources, options: RenderOptions) -> str:
    """One JSON object, ASCII only, in a fixed order."""
    del sources, options
    return json.dumps(msgspec.to_builtins(document(result)), indent=1) + "\n"
