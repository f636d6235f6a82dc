"""``archlint cache``: where facts are kept, how much, and how to forget them."""

from __future__ import annotations

import shutil
from pathlib import Path

import typer

from archlint.cli.options import command_app
from archlint.extract.cache import default_folder
from archlint.model.errors import ArchlintError

app = command_app(no_args_is_help=True, help="Show or clear the cache of facts.")


@app.command("dir")
def folder() -> None:
    """Print the cache folder."""
    typer.echo(str(_folder()))


@app.command("size")
def size() -> None:
    """Print how many bytes the cache takes."""
    typer.echo(str(sum(file.lstat().st_size for file in _files())))


@app.command("clear")
def clear() -> None:
    """Remove the cached facts; the next run computes them anew."""
    facts = _folder() / "facts"
    count = len(_files())
    if facts.is_dir() and not facts.is_symlink():
        shutil.rmtree(facts, ignore_errors=True)
    typer.echo(f"{count} files removed", err=True)


def _folder() -> Path:
    found = default_folder()
    if found is None:
        raise ArchlintError("there is no cache folder: set ARCHLINT_CACHE_DIR")
    return found


def _files() -> list[Path]:
    return [file for file in (_folder() / "facts").rglob("*") if file.is_file()]
