"""Mermaid flowcharts, as code hosts show them in Markdown."""

from __future__ import annotations

from archlint.model.errors import ArchlintError
from archlint.program.architecture.view import GraphView, Node
from archlint.render.escape import one_line

MAX_EDGES = 500
"""Mermaid's own limit (maxEdges)."""


def to_mermaid(view: GraphView) -> str:
    """A flowchart; raises ArchlintError above Mermaid's limit of edges."""
    if len(view.edges) > MAX_EDGES:
        raise ArchlintError(
            f"{len(view.edges)} edges are more than Mermaid draws ({MAX_EDGES}): take "
            "--level components, or --format dot or html"
        )
    names = {node.id: f"n{number}" for number, node in enumerate(view.nodes)}
    lines = ["flowchart LR"]
    groups: dict[str, list[Node]] = {}
    for node in view.nodes:
        groups.setdefault(node.group, []).append(node)
    for number, (group, nodes) in enumerate(sorted(groups.items())):
        if group:
            lines.append(f"  subgraph g{number}[{_quoted(group)}]")
        lines.extend(f"    {names[node.id]}[{_quoted(node.label)}]" for node in nodes)
        if group:
            lines.append("  end")
    styles: list[str] = []
    for number, edge in enumerate(view.edges):
        arrow = "-.->" if edge.contract else "-->"
        label = f"|{_quoted(edge.contract)}|" if edge.contract else ""
        label = label or (f"|{edge.count}|" if edge.count > 1 else "")
        lines.append(f"  {names[edge.source]} {arrow}{label} {names[edge.target]}")
        if edge.contract or edge.cycle:
            colour = "orange" if edge.contract else "red"
            styles.append(f"  linkStyle {number} stroke:{colour}")
    return "\n".join([*lines, *styles]) + "\n"


def _quoted(text: str) -> str:
    """A label; Mermaid reads HTML entities written with ``#``."""
    plain = one_line(text)
    for char in '#"<>&[]{}|`':
        plain = plain.replace(char, f"\0{ord(char)};")
    return '"' + plain.replace("\0", "#") + '"'
