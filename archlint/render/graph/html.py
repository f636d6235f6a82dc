"""A page of its own: the graph as SVG with zoom, search and neighbours, no network needed."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from importlib.resources import files

from archlint.model.errors import ArchlintError
from archlint.program.architecture.view import GraphView
from archlint.render.escape import html, one_line
from archlint.render.graph.layout import positions

MAX_NODES = 3_000
"""What a browser draws without a pause."""


def to_html(view: GraphView) -> str:
    """The page; raises ArchlintError above ``MAX_NODES``."""
    if len(view.nodes) > MAX_NODES:
        raise ArchlintError(
            f"{len(view.nodes)} nodes are more than a page shows ({MAX_NODES}): take "
            "--level components, or --format graphml for a graph tool"
        )
    folder = files(__name__.rpartition(".")[0])
    page, script, style = (
        folder.joinpath(name).read_text(encoding="utf-8")
        for name in ("page.html", "page.js", "page.css")
    )
    parts = {
        "policy": f"default-src 'none'; script-src {_hash(script)}; style-src {_hash(style)}",
        "title": html(f"archlint graph: {view.level}"),
        "summary": html(_summary(view)),
        "style": style,
        "script": script,
        "data": _data(view),
        "rows": _rows(view),
    }
    return re.sub(r"\{\{(\w+)\}\}", lambda match: parts[match[1]], page)


def _hash(text: str) -> str:
    digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
    return f"'sha256-{digest}'"


def _summary(view: GraphView) -> str:
    circles = len({node.cycle for node in view.nodes} - {0})
    broken = sum(1 for edge in view.edges if edge.contract)
    what = (view.level if view.level != "calls" else "functions").removesuffix("s")
    breaks = "breaks" if broken == 1 else "break"
    return (
        f"{_count(len(view.nodes), what)}, {_count(len(view.edges), 'edge')}, "
        f"{_count(circles, 'cycle')}, {_count(broken, 'edge')} that {breaks} a contract"
    )


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"


def _data(view: GraphView) -> str:
    """Embedded JSON in which no character can end the script element."""
    places = positions(view)
    index = {node.id: number for number, node in enumerate(view.nodes)}
    data = {
        "nodes": [
            [
                one_line(node.label),
                one_line(node.group),
                node.kind,
                node.fan_in,
                node.fan_out,
                node.cycle,
                *places[node.id],
            ]
            for node in view.nodes
        ],
        "edges": [
            [index[e.source], index[e.target], e.count, int(e.cycle), one_line(e.contract)]
            for e in view.edges
        ],
    }
    text = json.dumps(data, separators=(",", ":"), ensure_ascii=True)
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _rows(view: GraphView) -> str:
    """The same as a table, for screen readers and without scripting: the most imported first."""
    ranked = sorted(view.nodes, key=lambda n: (-n.fan_in, -n.fan_out, n.id))[:200]
    cells = ((n.label, n.group, str(n.fan_in), str(n.fan_out), str(n.cycle or "")) for n in ranked)
    return "\n".join(
        "<tr>" + "".join(f"<td>{html(one_line(cell))}</td>" for cell in row) + "</tr>"
        for row in cells
    )
