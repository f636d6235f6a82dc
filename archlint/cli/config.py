"""``archlint config``: show, verify and describe the configuration."""

from __future__ import annotations

import json
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import msgspec
import typer

from archlint.cli.options import command_app
from archlint.config import Config, check_names, complete, load_config
from archlint.config.file import schema
from archlint.discovery import discover
from archlint.discovery.files import WorkTree
from archlint.rules.queries import repo_rules
from archlint.session import checked_root, rule_infos

app = command_app(no_args_is_help=True, help="Show, verify and describe the configuration.")

Root = Annotated[Path, typer.Argument(help="The folder whose configuration is meant.")]
File = Annotated[Path | None, typer.Option("--config", help="Use this file in its place.")]
_INTERNAL = {"globs", "names"}


class OutputFormat(StrEnum):
    """Documents that have a published schema."""

    CHECK = "check"
    REPORT = "report"


@app.command("show")
def show(path: Root = Path(), config: File = None) -> None:
    """Print the configuration as it holds, nested files merged in, as JSON."""
    found = msgspec.to_builtins(verified(path, config))
    shown = {name: value for name, value in found.items() if name not in _INTERNAL}
    typer.echo(json.dumps(shown, indent=2))


@app.command("verify")
def verify(path: Root = Path(), config: File = None) -> None:
    """Check the configuration against the repo: keys, types, globs, rule names."""
    found = verified(path, config)
    files = ", ".join(found.sources) or "no configuration file: the defaults hold"
    typer.echo(f"valid: {files}" if found.sources else files, err=True)


@app.command("schema")
def print_schema(
    output_format: Annotated[
        OutputFormat | None, typer.Option(help="The schema of that command's JSON instead.")
    ] = None,
) -> None:
    """Print the JSON schema of archlint.toml, or of a command's JSON output."""
    typer.echo(json.dumps(_schema(output_format), indent=2))


def verified(path: Path, file: Path | None) -> Config:
    """The complete configuration of a folder; raises ArchlintError at the first mistake."""
    root = checked_root(path)
    config = load_config(root, file)
    workspace = discover(WorkTree(root), config)
    infos = rule_infos(repo_rules(workspace.documents))
    check_names(config, infos)
    config = complete(config, workspace.tree, workspace.documents)
    check_names(config, infos)
    if config.context:
        from archlint.knowledge.suitability import load_model
        from archlint.suitability.context import answers_from

        answers_from(config.context, load_model(), config.sources[0])
    return config


def _schema(output_format: OutputFormat | None) -> dict[str, Any]:
    if output_format is OutputFormat.CHECK:
        from archlint.render.document import schema as check_schema

        return check_schema()
    if output_format is OutputFormat.REPORT:
        from archlint.model.suitability import report_schema

        return report_schema()
    return schema()
