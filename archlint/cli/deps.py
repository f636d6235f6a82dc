"""``archlint deps``: what each manifest installs, and why a package is there."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from archlint.cli.options import command_app

if TYPE_CHECKING:
    from archlint.discovery.source import Source
    from archlint.model.workspace import Workspace
    from archlint.program.dependencies.tree import Tree

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
    source = WorkTree(root)
    workspace = discover(source, load_config(root))
    if name:
        typer.echo(_why(source, workspace, name, form), nl=False)
    else:
        typer.echo(_figures(workspace, form, verbose=verbose), nl=False)


def _figures(workspace: Workspace, form: Format, *, verbose: bool) -> str:
    from archlint.program.dependencies import LockedRepo, go_figures, node_figures, tree_of
    from archlint.render.dependencies import figures_json, figures_text

    repo = LockedRepo(workspace)
    trees = [tree_of(repo, package) for package in workspace.packages]
    figures = [node_figures(tree) for tree in trees if tree.production or not tree.package.root]
    figures += [go_figures(workspace, module) for module in workspace.go_modules]
    figures.sort(key=lambda item: item.manifest)
    return figures_json(figures) if form is Format.JSON else figures_text(figures, verbose=verbose)


def _why(source: Source, workspace: Workspace, name: str, form: Format) -> str:
    from archlint.model.errors import ArchlintError
    from archlint.program.dependencies import (
        LockedRepo,
        go_chains,
        is_standard,
        needs,
        own_module,
        tree_of,
        why,
    )
    from archlint.render.dependencies import chains_json, chains_text
    from archlint.session import go_files

    repo = LockedRepo(workspace)
    trees = [tree_of(repo, package) for package in workspace.packages]
    chains = [chain for tree in trees for chain in why(tree, name)]
    modules = () if chains else needs(workspace, name)
    if modules:
        chains = list(go_chains(workspace, go_files(source, workspace), name, modules))
    elif not chains and workspace.go_modules and is_standard(name):
        raise ArchlintError(f"{name} is a package of Go's standard library: no module brings it")
    elif not chains and (own := own_module(workspace, name)):
        raise ArchlintError(f"{name} is in the repo's own module {own}, which no go.mod requires")
    elif not chains:
        raise ArchlintError(_absent(trees, name))
    if form is Format.JSON:
        return chains_json(name, chains, modules)
    return chains_text(chains, modules)


def _absent(trees: list[Tree], name: str) -> str:
    """Why a package is not found: nobody asks for it, or nothing tells what was installed."""
    for tree in trees:
        package = tree.package
        declared = {*package.dependencies, *package.dev_dependencies}
        if tree.lockfile is None and name in declared:
            return f"{name} is declared in {package.path}, but no lockfile says what is installed"
    return f"{name} is not installed"
