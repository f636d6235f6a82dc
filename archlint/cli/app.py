"""The group of commands: a command's module is imported when it is called, not before."""

from __future__ import annotations

import importlib
from typing import Any

import typer
from typer.core import TyperGroup

COMMANDS = {
    "check": "Find the risks of a repo, or those that a change brings.",
    "report": "Say which runtime suits each component, with the evidence.",
    "rules": "List the rules.",
    "explain": "Explain a rule.",
    "deps": "Show dependency figures, and why a package is there.",
    "graph": "Draw components, modules and calls.",
    "fix": "Show or apply the fixes that are safe.",
    "init": "Propose a configuration for a repo as it is.",
    "baseline": "Accept today's findings; report only new ones.",
    "config": "Show, verify and describe the configuration.",
    "cache": "Show or clear the cache of facts.",
}
"""Each is ``archlint.cli.<name>`` and holds ``app``, a ``typer.Typer``; with its line of help."""


class LazyGroup(TyperGroup):
    """Commands by name, their modules imported on demand: start-up time counts."""

    def list_commands(self, ctx: Any) -> list[str]:
        """The commands in the order of the help."""
        del ctx
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """The command of that name, None for an unknown one."""
        if cmd_name not in self.list_commands(ctx):
            return None
        module = importlib.import_module(f"archlint.cli.{cmd_name}")
        command = typer.main.get_command(module.app)
        command.name = cmd_name
        return command

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """The commands' lines of help, without importing any of them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, COMMANDS[name]) for name in self.list_commands(ctx)])


app = typer.Typer(
    cls=LazyGroup,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(wanted: bool) -> None:
    if wanted:
        from archlint.model.version import __version__

        typer.echo(f"archlint {__version__}")
        raise typer.Exit


@app.callback()
def _main(
    version: bool = typer.Option(
        False, "--version", "-V", help="Print the version.", callback=_version, is_eager=True
    ),
) -> None:
    """Find the architecture risks of Node.js and Go back ends, on the path of a request."""
    del version
