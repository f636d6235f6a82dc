"""What the commands share: how they show their help, and options that mean the same everywhere."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from archlint.model.errors import ArchlintError

ConfigFile = Annotated[
    Path | None, typer.Option(help="Configuration file to use in place of the folder's.")
]
CacheFolder = Annotated[
    Path | None, typer.Option(help="Where facts are cached [the user's cache folder].")
]
NoCache = Annotated[bool, typer.Option("--no-cache", help="Neither read nor write it.")]
Today = Annotated[
    str | None,
    typer.Option(
        metavar="DAY", help="The day by which `until` is judged [SOURCE_DATE_EPOCH, else today]."
    ),
]
Jobs = Annotated[int, typer.Option("--jobs", "-j", min=0, help="Processes; 0: per core.")]

Names = Annotated[
    list[str] | None,
    typer.Option(help="Rules or categories to run in place of the default; repeat or use commas."),
]


def names(option: str, values: list[str] | None) -> tuple[str, ...] | None:
    """The names that an option lists; raises ArchlintError where it was given and lists none."""
    if not values:
        return None
    found = tuple(name.strip() for value in values for name in value.split(",") if name.strip())
    if not found:
        raise ArchlintError(f"{option} names no rule (see `archlint rules`)")
    return found


def command_app(**settings: Any) -> typer.Typer:
    """One command's app: plain help, ``-h`` too, completion left to ``archlint`` itself."""
    return typer.Typer(
        add_completion=False,
        rich_markup_mode=None,
        context_settings={"help_option_names": ["-h", "--help"]},
        **settings,
    )


def day(asked: str | None = None) -> str:
    """The day (ISO) that is asked for, or that SOURCE_DATE_EPOCH says, or today.

    This is the only clock that findings depend on. Raises ArchlintError for what is no day.
    """
    import datetime
    import os

    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    try:
        if asked is not None:
            return datetime.date.fromisoformat(asked).isoformat()
        if epoch:
            return datetime.datetime.fromtimestamp(int(epoch), datetime.UTC).date().isoformat()
    except (ValueError, OverflowError, OSError):
        what, expected = f"--today {asked}", "expected a day such as 2027-06-30"
        if asked is None:
            what, expected = f"SOURCE_DATE_EPOCH={epoch}", "expected seconds since 1970"
        raise ArchlintError(f"{what}: {expected}") from None
    return datetime.datetime.now().astimezone().date().isoformat()
