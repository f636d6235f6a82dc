"""``archlint deps``: what each manifest installs, and why a package is there."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from archlint.cli.options import command_app

app = command_app()


class Format(StrEnum):
    """How to print."""

    TEXT = "text"
    JSON = "json"


@app.command()
def deps(
    words: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[PATH] | why NAME [PATH]",
            help="A folder (default: here), or `why` with a package's name.",
            show_default=False,
        ),
    ] = None,
    form: Annotated[Format, typer.Option("--format", help="How to print.")] = Format.TEXT,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="List everything.")] = False,
) -> None:
    """Show dependency figures per manifest, from lockfiles alone; `why NAME` shows the chains."""
    from archlint.config import load_config
    from archlint.discovery import discover
    from archlint.discovery.files import WorkTree
    from archlint.model.errors import ArchlintError
    from archlint.program.dependencies import LockedRepo, go_figures, node_figures, tree_of, why
    from archlint.render.dependencies import chains_json, chains_text, figures_json, figures_text
    from archlint.session import checked_root

    asked = list(words or [])
    name = ""
    if asked[:1] == ["why"]:
        if len(asked) < 2:
            raise ArchlintError("deps why: which package?")
        name, asked = asked[1], asked[2:]
    if len(asked) > 1:
        raise ArchlintError(f"deps: one folder at a time, not {len(asked)}")
    root = checked_root(Path(asked[0] if asked else "."))
    workspace = discover(WorkTree(root), load_config(root))
    repo = LockedRepo(workspace)
    trees = [tree_of(repo, package) for package in workspace.packages]
    if name:
        chains = [chain for tree in trees for chain in why(tree, name)]
        typer.echo((chains_json if form is Format.JSON else chains_text)(name, chains), nl=False)
        return
    figures = [node_figures(tree) for tree in trees if tree.production or not tree.package.root]
    figures += [go_figures(workspace, module) for module in workspace.go_modules]
    figures.sort(key=lambda item: item.manifest)
    if form is Format.JSON:
        typer.echo(figures_json(figures), nl=False)
    else:
        typer.echo(figures_text(figures, verbose=verbose), nl=False)
