"""JSON lines: one finding a line, for pipes."""

from __future__ import annotations

import json

import msgspec

from archlint.model.finding import Result
from archlint.render.document import finding_document, is_open
from archlint.render.options import RenderOptions
from archlint.render.sources import Sources


def render(result: Result, sources: Sources, options: RenderOptions) -> str:
    """Each open finding as the JSON format has it."""
    del sources, options
    found = (msgspec.to_builtins(finding_document(f)) for f in result.findings if is_open(f))
    return "".join(json.dumps(item) + "\n" for item in found)
