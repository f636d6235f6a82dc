"""Graphviz."""

from __future__ import annotations

from archlint.program.architecture.view import Edge, GraphView, Node
from archlint.render.escape import one_line


def to_dot(view: GraphView) -> str:
    """A digraph; groups are clusters, cycles red, broken contracts orange and dashed."""
    lines = ["digraph archlint {", "  rankdir=LR;", '  node [shape=box, fontname="sans-serif"];']
    groups: dict[str, list[Node]] = {}
    for node in view.nodes:
        groups.setdefault(node.group, []).append(node)
    for number, (group, nodes) in enumerate(sorted(groups.items())):
        indent = "  "
        if group:
            lines.append(f"  subgraph cluster_{number} {{")
            lines.append(f"    label={_quoted(group)};")
            indent = "    "
        lines.extend(indent + _node(node) for node in nodes)
        if group:
            lines.append("  }")
    lines.extend(f"  {_edge(edge)}" for edge in view.edges)
    return "\n".join([*lines, "}"]) + "\n"


def _node(node: Node) -> str:
    colour = ", color=red" if node.cycle else ""
    return f"{_quoted(node.id)} [label={_quoted(node.label)}{colour}];"


def _edge(edge: Edge) -> str:
    marks = [f'label="{edge.count}"'] if edge.count > 1 else []
    if edge.contract:
        marks.append(f"color=orange, style=dashed, tooltip={_quoted(edge.contract)}")
    elif edge.cycle:
        marks.append("color=red")
    attributes = f" [{', '.join(marks)}]" if marks else ""
    return f"{_quoted(edge.source)} -> {_quoted(edge.target)}{attributes};"


def _quoted(text: str) -> str:
    return '"' + one_line(text).replace("\\", "\\\\").replace('"', '\\"') + '"'
