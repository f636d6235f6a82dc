import json
import re
import xml.etree.ElementTree as ET
from html.parser import HTMLParser

import pytest

from archlint.model.errors import ArchlintError
from archlint.program.architecture.view import Edge, GraphView, Node
from archlint.render.graph import WRITERS, render_graph

EVIL = 'a"]; evil</script><b>&\x1b[31m\u202e#|`'
VIEW = GraphView(
    "modules",
    (
        Node("a.js", "a.js", "api", "file", 1, 1, 1),
        Node("b.js", "b.js", "api", "file", 1, 2, 1),
        Node(EVIL, EVIL, EVIL, "file", 1, 0),
    ),
    (
        Edge("a.js", "b.js", 1, cycle=True),
        Edge("b.js", "a.js", 1, cycle=True),
        Edge("b.js", EVIL, 3, contract="layers"),
    ),
)


@pytest.mark.parametrize("form", sorted(WRITERS))
def test_every_format_is_deterministic_and_harmless(form: str) -> None:
    text = render_graph(VIEW, form)
    assert text == render_graph(VIEW, form)
    assert text.endswith("\n")
    assert "\x1b" not in text
    assert "\u202e" not in text
    assert "<b>" not in text or form in {"json", "dot"}


def test_json_has_every_node_and_edge() -> None:
    data = json.loads(render_graph(VIEW, "json"))
    assert [n["id"] for n in data["nodes"]] == ["a.js", "b.js", EVIL]
    assert data["edges"][2] == {
        "source": "b.js", "target": EVIL, "count": 3, "cycle": False, "contract": "layers",
    }  # fmt: skip


def test_dot_marks_cycles_and_contracts() -> None:
    text = render_graph(VIEW, "dot")
    assert '"a.js" -> "b.js" [color=red];' in text
    assert "color=orange, style=dashed" in text
    assert r"a\"]; evil" in text


def test_mermaid_marks_cycles_and_contracts() -> None:
    text = render_graph(VIEW, "mermaid")
    assert 'n1 -.->|"layers"| n2' in text
    assert "linkStyle 0 stroke:red" in text
    assert '"]' not in text.replace('"]\n', "")


def test_graphml_is_well_formed() -> None:
    root = ET.fromstring(render_graph(VIEW, "graphml"))
    space = "{http://graphml.graphdrawing.org/xmlns}"
    assert len(root.findall(f".//{space}node")) == 3
    assert len(root.findall(f".//{space}edge")) == 3


def test_the_page_is_self_contained() -> None:
    text = render_graph(VIEW, "html")
    assert "default-src 'none'" in text
    assert not re.search(r"""(?:src|href)=["']""", text)
    assert text.count("</script>") == 2

    class Data(HTMLParser):
        inside = False
        text = ""

        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            self.inside = tag == "script" and ("id", "data") in attrs

        def handle_data(self, data: str) -> None:
            self.text += data if self.inside else ""

    parser = Data()
    parser.feed(text)
    data = json.loads(parser.text)
    assert len(data["nodes"]) == 3
    places = [tuple(node[6:8]) for node in data["nodes"]]
    assert len(set(places)) == 3


def test_the_page_counts_one_as_one() -> None:
    text = render_graph(VIEW, "html")
    assert "3 modules, 3 edges, 1 cycle, 1 edge that breaks a contract" in text


def test_too_much_for_a_page_says_what_to_do() -> None:
    nodes = tuple(Node(f"n{i:05}", "n", "", "file", 0, 0) for i in range(4_000))
    with pytest.raises(ArchlintError, match="--level components"):
        render_graph(GraphView("modules", nodes, ()), "html")
