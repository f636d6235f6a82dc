"""``archlint rules``: what archlint looks for."""

from __future__ import annotations

import json
from enum import StrEnum
from typing import Annotated

import msgspec
import typer

from archlint.cli.options import command_app
from archlint.model.finding import RuleInfo
from archlint.rules.registry import all_rules
from archlint.triage import META_RULES

app = command_app()


class Form(StrEnum):
    """How the list is printed."""

    TEXT = "text"
    JSON = "json"
    MARKDOWN = "markdown"


def infos() -> list[RuleInfo]:
    """Every rule, those about archlint's own comments and files included, by category and id."""
    found = [*(rule.info for rule in all_rules()), *META_RULES]
    return sorted(found, key=lambda info: (info.category, info.id))


@app.command()
def rules(
    category: Annotated[str, typer.Option(help="Only this category.")] = "",
    form: Annotated[Form, typer.Option("--format", help="How to print it.")] = Form.TEXT,
) -> None:
    """List the rules."""
    found = [info for info in infos() if category in {"", info.category}]
    if form is Form.JSON:
        typer.echo(json.dumps(msgspec.to_builtins(found), indent=1))
        return
    if form is Form.MARKDOWN:
        typer.echo(markdown(found), nl=False)
        return
    width = max((len(info.id) for info in found), default=0)
    current = ""
    for info in found:
        if info.category != current:
            current = info.category
            typer.echo(f"{current}:")
        off = "" if info.default else " (off by default)"
        typer.echo(f"  {info.id:<{width}}  {info.severity:<7}  {info.summary}{off}")


def markdown(found: list[RuleInfo]) -> str:
    """The rules as a Markdown table."""
    rows = ["| rule | languages | severity | what it finds |", "| --- | --- | --- | --- |"]
    for info in found:
        languages = ", ".join(info.languages)
        severity = info.severity.value if info.default else f"{info.severity} (off by default)"
        rows.append(f"| `{info.id}` | {languages} | {severity} | {info.summary} |")
    return "\n".join(rows) + "\n"
