"""A program's graph as json, dot, mermaid, graphml or a page of its own."""

from __future__ import annotations

from collections.abc import Callable

from archlint.program.architecture.view import GraphView
from archlint.render.graph.dot import to_dot
from archlint.render.graph.graphml import to_graphml
from archlint.render.graph.html import to_html
from archlint.render.graph.mermaid import to_mermaid
from archlint.render.graph.records import to_json

WRITERS: dict[str, Callable[[GraphView], str]] = {
    "json": to_json,
    "dot": to_dot,
    "mermaid": to_mermaid,
    "graphml": to_graphml,
    "html": to_html,
}
"""Format to writer; each gives a whole document that ends in a newline."""


def render_graph(view: GraphView, form: str) -> str:
    """The document in one of ``WRITERS``' formats; raises ArchlintError when too big."""
    return WRITERS[form](view)
