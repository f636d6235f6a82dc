"""Results as text: one module per format, all with ``render(result, sources, options) -> str``."""

from __future__ import annotations

import importlib
from typing import Protocol

from archlint.model.errors import ArchlintError
from archlint.model.finding import Result
from archlint.render.options import RenderOptions
from archlint.render.sources import Sources

FORMATS = (
    "text",
    "json",
    "jsonl",
    "sarif",
    "github",
    "gitlab",
    "junit",
    "checkstyle",
    "rdjson",
    "markdown",
    "html",
    "compact",
)
"""The formats of ``check``; each is the module of that name."""

__all__ = ["FORMATS", "RenderOptions", "Sources", "render"]


class Renderer(Protocol):
    """A format's module."""

    def render(self, result: Result, sources: Sources, options: RenderOptions) -> str:
        """The result in this format, with a final line break."""


def render(name: str, result: Result, sources: Sources, options: RenderOptions) -> str:
    """The result in the named format; raises ArchlintError for an unknown one."""
    if name not in FORMATS:
        raise ArchlintError(f"no format is called {name!r} (one of {', '.join(FORMATS)})")
    module: Renderer = importlib.import_module(f"archlint.render.{name}")
    return module.render(result, sources, options)
