"""``archlint baseline``: accept what is there today, and let it only shrink."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from archlint.api import run
from archlint.cli.options import command_app, day
from archlint.config import BASELINE_NAME, load_config
from archlint.model.errors import ArchlintError
from archlint.model.finding import Confidence
from archlint.session import Options, checked_root
from archlint.triage import of_findings, read_baseline, write_baseline

app = command_app(no_args_is_help=True, help="Accept today's findings; report only new ones.")

Root = Annotated[Path, typer.Argument(help="The folder to lint.")]
File = Annotated[Path | None, typer.Option(help=f"The baseline file [{BASELINE_NAME}].")]


@app.command("write")
def write(
    path: Root = Path(),
    file: File = None,
    force: Annotated[bool, typer.Option("--force", help="Accept new findings, too.")] = False,
) -> None:
    """Accept every finding of today.

    An existing baseline is a ratchet: it is replaced only if nothing is added, or with --force.
    """
    target = baseline_file(path, file)
    done = run(path, Options(use_baseline=False, today=day()))
    if target.is_file() and not force:
        flagged, _ = read_baseline(target, target.name).apply(
            done.result.findings, done.tree, done.result.rules
        )
        added = sum(e.count for e in of_findings([f for f in flagged if not f.baselined]).entries)
        if added:
            raise ArchlintError(
                f"{target.name} would grow by {added} findings: fix them, or use --force"
            )
    fresh = of_findings(done.result.findings)
    write_baseline(target, fresh)
    typer.echo(f"{target.name}: {fresh.total} findings accepted", err=True)


@app.command("prune")
def prune(path: Root = Path(), file: File = None) -> None:
    """Remove entries whose findings are gone, follow those that moved; never adds any."""
    target = baseline_file(path, file)
    before = read_baseline(target, target.name)
    done = run(path, Options(use_baseline=False, min_confidence=Confidence.LOW, today=day()))
    left = before.pruned(done.result.findings, done.tree, done.result.rules)
    write_baseline(target, left)
    typer.echo(f"{target.name}: {before.total - left.total} findings removed", err=True)


def baseline_file(path: Path, file: Path | None) -> Path:
    """The file that the option, the configuration or the usual name says."""
    root = checked_root(path)
    return file or root / (load_config(root).baseline or BASELINE_NAME)
