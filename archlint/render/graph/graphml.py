"""GraphML, for yEd, Gephi and networkx."""

from __future__ import annotations

from xml.sax.saxutils import escape, quoteattr

from archlint.program.architecture.view import GraphView
from archlint.render.escape import one_line

_NODE_KEYS = {
    "label": "string",
    "group": "string",
    "kind": "string",
    "fan_in": "int",
    "fan_out": "int",
    "cycle": "int",
    "path": "string",
    "line": "int",
}
_EDGE_KEYS = {"count": "int", "cycle": "boolean", "contract": "string"}


def to_graphml(view: GraphView) -> str:
    """A GraphML document with every attribute of nodes and edges."""
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<graphml xmlns="http://graphml.graphdrawing.org/xmlns">',
    ]
    for target, keys in (("node", _NODE_KEYS), ("edge", _EDGE_KEYS)):
        for name, kind in keys.items():
            ident = f'id="{target[0]}_{name}" for="{target}" attr.name="{name}" attr.type="{kind}"'
            lines.append(f"  <key {ident}/>")
    lines.append(f'  <graph id="{view.level}" edgedefault="directed">')
    for node in view.nodes:
        lines.append(f"    <node id={_attribute(node.id)}>")
        lines.extend(_data(f"n_{name}", getattr(node, name)) for name in _NODE_KEYS)
        lines.append("    </node>")
    for edge in view.edges:
        ends = f"source={_attribute(edge.source)} target={_attribute(edge.target)}"
        lines.append(f"    <edge {ends}>")
        lines.extend(_data(f"e_{name}", getattr(edge, name)) for name in _EDGE_KEYS)
        lines.append("    </edge>")
    return "\n".join([*lines, "  </graph>", "</graphml>"]) + "\n"


def _data(key: str, value: object) -> str:
    text = str(value).lower() if isinstance(value, bool) else escape(one_line(str(value)))
    return f'      <data key="{key}">{text}</data>'


def _attribute(text: str) -> str:
    return quoteattr(one_line(text))
