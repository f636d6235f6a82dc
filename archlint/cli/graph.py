"""``archlint graph``: draw components, modules or calls."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from archlint.cli.options import CacheFolder, ConfigFile, Jobs, NoCache, command_app, day

app = command_app()


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
def graph(  # noqa: PLR0913, PLR0917 (one per option)
    path: Annotated[Path, typer.Argument(help="The folder to draw.")] = Path("."),
    form: Annotated[Format, typer.Option("--format", help="What to write.")] = Format.MERMAID,
    level: Annotated[Level, typer.Option(help="What the nodes are.")] = Level.COMPONENTS,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="A file in place of standard output.")
    ] = None,
    config: ConfigFile = None,
    cache_dir: CacheFolder = None,
    no_cache: NoCache = False,
    jobs: Jobs = 0,
) -> None:
    """Draw the module or call graph; cycles and broken contracts are marked."""
    from archlint.cli.output import print_notice
    from archlint.config import load_config
    from archlint.discovery.files import WorkTree
    from archlint.model.errors import ArchlintError
    from archlint.model.finding import Depth
    from archlint.program.architecture.view import graph_view
    from archlint.render.graph import render_graph
    from archlint.session import Options, analyse, checked_root, notice

    root = checked_root(path)
    options = Options(cache=not no_cache, cache_dir=cache_dir, jobs=jobs, today=day())
    depth: Depth = "calls" if level is Level.CALLS else "modules"
    analysis = analyse(WorkTree(root), load_config(root, config), options, depth=depth)
    print_notice(notice(analysis.program.workspace))
    text = render_graph(graph_view(analysis.program, level.value), form.value)
    if output is None:
        typer.echo(text, nl=False)
        return
    try:
        output.write_text(text, encoding="utf-8")
    except OSError as error:
        raise ArchlintError(f"{output}: cannot be written: {error.strerror}") from None
