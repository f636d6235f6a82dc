"""``archlint graph``: draw components, modules or calls."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer()


class Format(StrEnum):
    """What to write."""

    JSON = "json"
    DOT = "dot"
    MERMAID = "mermaid"
    GRAPHML = "graphml"
    HTML = "html"


class Level(StrEnum):
    """What the nodes are."""

    COMPONENTS = "components"
    MODULES = "modules"
    CALLS = "calls"


@app.command()
def graph(
    path: Annotated[Path, typer.Argument(help="The folder to draw.")] = Path("."),
    form: Annotated[Format, typer.Option("--format", help="What to write.")] = Format.MERMAID,
    level: Annotated[Level, typer.Option(help="What the nodes are.")] = Level.COMPONENTS,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="A file in place of standard output.")
    ] = None,
) -> None:
    """Draw the module or call graph; cycles and broken contracts are marked."""
    from archlint.config import load_config
    from archlint.discovery.files import WorkTree
    from archlint.model.errors import ArchlintError
    from archlint.program.architecture.view import graph_view
    from archlint.render.graph import render_graph
    from archlint.session import Options, analyse, checked_root

    root = checked_root(path)
    analysis = analyse(WorkTree(root), load_config(root), Options())
    text = render_graph(graph_view(analysis.program, level.value), form.value)
    if output is None:
        typer.echo(text, nl=False)
        return
    try:
        output.write_text(text, encoding="utf-8")
    except OSError as error:
        raise ArchlintError(f"{output}: {error.strerror}") from None
