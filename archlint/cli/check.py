"""``archlint check``: lint a tree, or judge a change of it."""

from __future__ import annotations

import os
import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import msgspec
import typer

from archlint.api import Run, run
from archlint.cli.options import (
    CacheFolder,
    ConfigFile,
    Jobs,
    Names,
    NoCache,
    Today,
    command_app,
    day,
    names,
)
from archlint.cli.output import outputs, print_notice, write
from archlint.cli.terminal import Colour, Progress, coloured, print_stages, width
from archlint.model.errors import ArchlintError
from archlint.model.finding import Confidence, Severity
from archlint.render import FORMATS, RenderOptions, Sources, render
from archlint.session import Options

app = command_app()


class FailOn(StrEnum):
    """The least grave finding that makes the exit code 1."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"
    NEVER = "never"


Paths = Annotated[
    list[Path] | None,
    typer.Argument(
        help="The folder to lint (default: here); files after it limit what is shown, not what is "
        "analysed.",
        show_default=False,
    ),
]


@app.command()
def check(  # noqa: PLR0913 (one per option)
    paths: Paths = None,
    *,
    select: Names = None,
    ignore: Annotated[
        list[str] | None, typer.Option(help="Rules or categories to leave out.")
    ] = None,
    form: Annotated[
        str | None, typer.Option("--format", help=f"What to print: {', '.join(FORMATS)}.")
    ] = None,
    output: Annotated[
        list[str] | None,
        typer.Option(help="FORMAT[:FILE]; repeatable, to stdout without a file."),
    ] = None,
    fail_on: Annotated[
        FailOn | None, typer.Option(help="Least grave finding that fails the run [error].")
    ] = None,
    min_confidence: Annotated[
        Confidence | None, typer.Option(help="Least sure finding that is shown [medium].")
    ] = None,
    since: Annotated[
        str, typer.Option(help="Report what changed since the work tree parted from this commit.")
    ] = "",
    until: Annotated[
        str, typer.Option(help="With --since: judge this commit, not the work tree.")
    ] = "",
    staged: Annotated[
        bool, typer.Option("--staged", help="Report what the staged change brings.")
    ] = False,
    verdicts: Annotated[
        bool,
        typer.Option("--verdicts", help="With a comparison: say whose suitability verdict moves."),
    ] = False,
    config: ConfigFile = None,
    baseline: Annotated[
        Path | None, typer.Option(help="Baseline file [archlint-baseline.json if there is one].")
    ] = None,
    no_baseline: Annotated[
        bool, typer.Option("--no-baseline", help="Report what the baseline accepts, too.")
    ] = False,
    cache_dir: CacheFolder = None,
    no_cache: NoCache = False,
    jobs: Jobs = 0,
    quiet: Annotated[
        bool, typer.Option("--quiet", "-q", help="Print only what fails the run.")
    ] = False,
    verbose: Annotated[
        bool, typer.Option("--verbose", "-v", help="Timings and skipped files, on stderr.")
    ] = False,
    statistics: Annotated[bool, typer.Option("--statistics", help="Count by rule.")] = False,
    today: Today = None,
    colour: Annotated[Colour, typer.Option("--color", help="When to colour.")] = Colour.AUTO,
) -> None:
    """Find the risks of a repo, with the path from an entry point that leads to each.

    Exit code: 0 nothing at or above --fail-on, 1 something, 2 wrong usage or configuration.
    """
    wanted = outputs(output or [], form, FORMATS, "text")
    root, files = split_paths(paths or [])
    options = Options(
        select=names("--select", select),
        ignore=names("--ignore", ignore) or (),
        min_confidence=min_confidence,
        cache=not no_cache,
        cache_dir=cache_dir,
        jobs=jobs,
        paths=files,
        config_file=config,
        baseline=baseline,
        use_baseline=not no_baseline,
        since=since,
        until=until,
        staged=staged,
        verdicts=verdicts,
        today=day(today),
    )
    progress = Progress(enabled=not quiet)
    try:
        done = run(root, compared(options), progress)
    finally:
        progress.close()
    limit = _limit(fail_on, done)
    sources = Sources(done.source)
    for item in wanted:
        to_screen = item.file is None and item.form == "text"
        how = RenderOptions(
            width=width(sys.stdout) if to_screen else 0,
            colour=to_screen and coloured(colour, sys.stdout),
            quiet=quiet,
            statistics=statistics,
            fail_on=limit or Severity.ERROR,
            prefix=done.prefix,
        )
        write(item, render(item.form, done.result, sources, how))
    if not quiet:
        print_notice(done.result.notice, wanted)
    if verbose:
        for skip in done.result.skipped:
            part = " (in part)" if skip.partial else ""
            print(f"skipped{part}: {skip.path}: {skip.reason}", file=sys.stderr)
        print_stages(done.stages)
    raise typer.Exit(exit_code(done, limit))


def split_paths(paths: list[Path]) -> tuple[Path, tuple[str, ...]]:
    """The folder to analyse and the files to show, relative to it.

    A first path that is a folder is the root; where only files are named, the root is here.
    """
    for path in paths:
        if not path.exists() and not path.is_symlink():
            raise ArchlintError(f"{path}: no such file or folder")
    root, files = Path(), paths
    if paths and paths[0].is_dir():
        root, files = paths[0], paths[1:]
    base = os.path.realpath(root)
    shown = []
    for file in files:
        folder = os.path.realpath(file.parent)
        relative = os.path.relpath(os.path.join(folder, file.name), base)
        if relative.startswith(".."):
            where = "the folder archlint runs in" if root == Path() else str(root)
            raise ArchlintError(f"{file}: not below {where}, which is what is analysed")
        shown.append(Path(relative).as_posix())
    return root, tuple(shown)


def compared(options: Options) -> Options:
    """The options checked; pre-commit's --from-ref and --to-ref take the place of the index."""
    if options.since and options.staged:
        raise ArchlintError("--since and --staged exclude each other")
    if options.verdicts and not options.since and not options.staged:
        raise ArchlintError("--verdicts needs --since or --staged")
    if options.until and not options.since:
        raise ArchlintError("--until needs --since")
    names = ("PRE_COMMIT_FROM_REF", "PRE_COMMIT_TO_REF")
    start, end = (os.environ.get(name, "") for name in names)
    if options.staged and start and end:
        return msgspec.structs.replace(options, staged=False, since=start, until=end)
    return options


def _limit(fail_on: FailOn | None, done: Run) -> Severity | None:
    """The least grave severity that fails the run, None when nothing does."""
    if fail_on is None:
        return done.config.fail_on
    return None if fail_on is FailOn.NEVER else Severity(fail_on.value)


def exit_code(done: Run, limit: Severity | None) -> int:
    """1 when an open finding is at least as grave as the limit, else 0."""
    found = (f for f in done.result.findings if not f.suppressed and not f.baselined)
    return int(limit is not None and any(f.severity.rank <= limit.rank for f in found))
