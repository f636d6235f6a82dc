"""``archlint explain RULE``: what a rule finds, why it matters, what to do."""

from __future__ import annotations

import difflib
import textwrap
from typing import Annotated

import typer

from archlint.cli.options import command_app
from archlint.cli.rules import infos
from archlint.model.errors import ArchlintError
from archlint.model.finding import RuleInfo

app = command_app()


def _complete(incomplete: str) -> list[str]:
    return [info.id for info in infos() if info.id.startswith(incomplete)]


@app.command()
def explain(
    rule: Annotated[str, typer.Argument(help="The rule's id.", autocompletion=_complete)],
) -> None:
    """Explain a rule."""
    typer.echo(text(named(rule)), nl=False)


def named(name: str) -> RuleInfo:
    """The rule of that id or alias; raises ArchlintError with the nearest name."""
    found = {alias: info for info in infos() for alias in (info.id, *info.aliases)}
    if name not in found:
        near = difflib.get_close_matches(name, found, 1)
        hint = f"did you mean {near[0]!r}?" if near else "see `archlint rules`"
        raise ArchlintError(f"no rule is called {name!r}: {hint}")
    return found[name]


def text(info: RuleInfo) -> str:
    """The rule's documentation as plain text."""
    state = "" if info.default else ", off by default"
    head = (
        f"{info.id} ({info.category}; {', '.join(info.languages)}; {info.severity}, "
        f"{info.confidence} confidence{state})"
    )
    parts = [head, _filled(info.summary)]
    for title, body in (
        ("Why it matters", info.why),
        ("What to do", info.remedy),
        ("Guide", info.guide),
    ):
        if body:
            parts.append(f"{title}: {_filled(body)}" if "\n\n" not in body else f"{title}:\n{body}")
    comment = f"// archlint-ignore {info.id}: reason"
    parts.append(f"To silence one finding, write beside it or on the line above: {comment}")
    return "\n\n".join(parts) + "\n"


def _filled(body: str) -> str:
    return textwrap.fill(" ".join(body.split()), 96)
