"""``archlint fix``: show, or write, the fixes that hold."""

from __future__ import annotations

import difflib
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from archlint.cli.options import (
    CacheFolder,
    ConfigFile,
    Jobs,
    Names,
    NoCache,
    command_app,
    day,
    names,
)
from archlint.config import load_config
from archlint.discovery.files import WorkTree
from archlint.fixes import Fixed, fix
from archlint.model.errors import ArchlintError
from archlint.render.escape import printable
from archlint.session import Options, analyse, checked_root

app = command_app()


@app.command()
def fix_command(  # noqa: PLR0913, PLR0917 (one per option)
    path: Annotated[Path, typer.Argument(help="The folder to fix.")] = Path(),
    select: Names = None,
    write: Annotated[
        bool, typer.Option("--write/--diff", help="Change the files, or print the difference.")
    ] = False,
    config: ConfigFile = None,
    cache_dir: CacheFolder = None,
    no_cache: NoCache = False,
    jobs: Jobs = 0,
) -> None:
    """Show the fixes that are safe as a diff; with --write, make them.

    Each fix is analysed with the whole program first: it is kept only if the file still parses, its
    finding is gone and no other has come.
    """
    root = checked_root(path)
    options = Options(
        select=names("--select", select),
        cache=not no_cache,
        cache_dir=cache_dir,
        jobs=jobs,
        today=day(),
    )
    source = WorkTree(root)
    found = fix(source, analyse(source, load_config(root, config), options), options)
    for name, data in found.files.items():
        old = source.read(name, len(data) + 10_000_000)
        if write:
            _write(root / name, name, data)
        else:
            sys.stdout.writelines(_diff(name, old, data))
    verb = "made" if write else "possible (--write makes them)"
    typer.echo(f"{_count(found)} {verb}", err=True)


def _count(found: Fixed) -> str:
    number, files = len(found.fixes), len(found.files)
    return f"{number} fix{'' if number == 1 else 'es'} in {files} file{'' if files == 1 else 's'}"


def _write(file: Path, name: str, data: bytes) -> None:
    try:
        file.write_bytes(data)
    except OSError as error:
        raise ArchlintError(f"{name}: cannot be written: {error.strerror}") from None


def _diff(name: str, old: bytes, new: bytes) -> Iterator[str]:
    """A unified diff that ``patch -p1`` takes, harmless to the terminal."""
    before, after = (d.decode("utf-8", "replace").splitlines(keepends=True) for d in (old, new))
    for line in difflib.unified_diff(before, after, f"a/{name}", f"b/{name}"):
        body = line.rstrip("\r\n")
        yield "\t".join(printable(part) for part in body.split("\t")) + "\n"
