"""``archlint init``: propose a configuration from the repo as it is."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from archlint.cli.options import CacheFolder, Jobs, NoCache, command_app

app = command_app()

CONFIG_NAME = "archlint.toml"


@app.command()
def init(
    path: Annotated[Path, typer.Argument(help="The folder to look at.")] = Path("."),
    write: Annotated[bool, typer.Option("--write", help=f"Create {CONFIG_NAME} there.")] = False,
    cache_dir: CacheFolder = None,
    no_cache: NoCache = False,
    jobs: Jobs = 0,
) -> None:
    """Propose components and contracts that hold today; print them, or write them with --write."""
    from archlint.config import load_config
    from archlint.discovery.files import WorkTree
    from archlint.model.errors import ArchlintError
    from archlint.program.architecture.proposal import propose
    from archlint.render.proposal import to_toml
    from archlint.session import Options, analyse, checked_root

    root = checked_root(path)
    options = Options(cache=not no_cache, cache_dir=cache_dir, jobs=jobs)
    target = root / CONFIG_NAME
    if write and target.exists():
        raise ArchlintError(f"{CONFIG_NAME} exists already: remove it, or leave --write out")
    program = analyse(WorkTree(root), load_config(root), options, depth="modules").program
    text = to_toml(propose(program))
    if not write:
        typer.echo(text, nl=False)
        return
    try:
        with target.open("x", encoding="utf-8") as file:
            file.write(text)
    except OSError as error:
        raise ArchlintError(f"{CONFIG_NAME}: cannot be written: {error.strerror}") from None
    typer.echo(
        f"{CONFIG_NAME} written; `archlint baseline write` accepts today's findings", err=True
    )
