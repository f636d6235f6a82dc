"""``archlint report``: does the code fit the runtime it runs on, and what says so."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Any

import msgspec
import typer
from typer.core import TyperGroup

from archlint.cli.options import CacheFolder, ConfigFile, Jobs, NoCache, command_app, day
from archlint.cli.output import outputs, print_notice, write
from archlint.cli.terminal import Progress, print_stages
from archlint.model.errors import ArchlintError
from archlint.model.suitability import Answer, SuitabilityReport, decode_report
from archlint.render.report import FORMATS, render_report
from archlint.session import Options

_MAX_REPORT = 500_000_000


class _WithDefault(TyperGroup):
    """``report PATH`` is ``report show PATH``; only ``diff`` is a command of its own."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Put ``show`` in front of everything that names no command."""
        if not args or args[0] not in self.commands:
            args = ["show", *args]
        return super().parse_args(ctx, args)


app = command_app(cls=_WithDefault)


@app.command("show")
def show(  # noqa: PLR0913 (one per option)
    path: Annotated[Path, typer.Argument(help="The folder to report on.")] = Path(),
    *,
    output: Annotated[
        list[str] | None,
        typer.Option(
            help=f"FORMAT[:FILE], repeatable; formats: {', '.join(FORMATS)}. A file's name alone "
            "will do where its ending names the format."
        ),
    ] = None,
    form: Annotated[
        str | None, typer.Option("--format", help=f"What to print: {', '.join(FORMATS)}.")
    ] = None,
    ask: Annotated[
        bool, typer.Option("--ask", help="Ask what code cannot tell, then print the answers.")
    ] = False,
    answers: Annotated[
        Path | None, typer.Option(help="TOML file with answers, as [context] in archlint.toml.")
    ] = None,
    config: ConfigFile = None,
    cache_dir: CacheFolder = None,
    no_cache: NoCache = False,
    jobs: Jobs = 0,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress on stderr.")] = False,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Timings on stderr.")] = False,
) -> None:
    """Report whether the code fits its runtime, Node.js or Go, component by component.

    `archlint report diff BEFORE.json AFTER.json` shows what moved between two reports. The exit
    code is 0 whatever the verdict, 2 for wrong usage or configuration.
    """
    from archlint.assessment import answers_file, assessment

    wanted = outputs([_named(text) for text in output or []], form, FORMATS, "text")
    given = answers_file(answers) if answers else {}
    options = Options(
        config_file=config, cache=not no_cache, cache_dir=cache_dir, jobs=jobs, today=day()
    )
    progress = Progress(enabled=not quiet)
    try:
        found = assessment(path, options, progress)
    finally:
        progress.close()
    report = found.report(given)
    if ask:
        said = _ask(report)
        report = found.report({**given, **said})
        _show_answers(said)
    for item in wanted:
        write(item, render_report(report, item.form))
    if not quiet:
        print_notice(found.result.notice, wanted)
    if verbose:
        print_stages(found.stages)


@app.command("diff")
def diff(
    before: Annotated[Path, typer.Argument(help="The earlier report (json).")],
    after: Annotated[Path, typer.Argument(help="The later report (json).")],
    form: Annotated[str, typer.Option("--format", help="text or json.")] = "text",
) -> None:
    """Show what moved between two reports: verdicts, leans, practice, findings, the model."""
    from archlint.render.report.delta import render_delta
    from archlint.suitability.diff import compare

    if form not in {"text", "json"}:
        raise ArchlintError(f"no format is called {form!r} (one of text, json)")
    delta = compare(_read(before), _read(after))
    if form == "json":
        typer.echo(msgspec.json.format(msgspec.json.encode(delta), indent=1).decode())
    else:
        typer.echo(render_delta(delta), nl=False)


def _named(text: str) -> str:
    """``page.html`` is ``html:page.html``; everything else stays as it is."""
    endings = {".html": "html", ".json": "json", ".md": "markdown", ".txt": "text"}
    form = endings.get(Path(text).suffix, "")
    return f"{form}:{text}" if form and text.partition(":")[0] not in FORMATS else text


def _read(path: Path) -> SuitabilityReport:
    try:
        if path.stat().st_size > _MAX_REPORT:
            raise ArchlintError(f"{path}: too large for a report")
        return decode_report(path.read_bytes())
    except OSError as error:
        raise ArchlintError(f"{path}: cannot be read: {error.strerror}") from None
    except (msgspec.DecodeError, RecursionError) as error:
        raise ArchlintError(f"{path}: is no report of this version: {error}") from None


def _ask(report: SuitabilityReport) -> dict[str, Answer]:
    """Ask every open question on the terminal; an empty line leaves it open."""
    said: dict[str, Answer] = {}
    for question in report.questions:
        if question.answer is not None:
            continue
        typer.echo(f"\n{question.text}", err=True)
        for number, label in enumerate(question.labels, 1):
            hint = question.hint and question.hint.value == question.values[number - 1]
            note = f"  (suggested: {question.hint.text})" if hint and question.hint else ""
            typer.echo(f"  {number} {label}{note}", err=True)
        chosen = _number(len(question.values))
        if chosen:
            why = typer.prompt("  Why? (may stay empty)", default="", show_default=False, err=True)
            said[question.id] = Answer(
                value=question.values[chosen - 1], rationale=why.strip(), source="asked"
            )
    return said


def _number(most: int) -> int:
    """A choice from 1 to ``most``; 0 for none."""
    while True:
        text = typer.prompt("  Number (empty: not known)", default="", show_default=False, err=True)
        if not text.strip():
            return 0
        if text.strip().isdigit() and 1 <= int(text) <= most:
            return int(text)
        typer.echo(f"  a number from 1 to {most}, please", err=True)


def _show_answers(said: dict[str, Answer]) -> None:
    """The answers as TOML, to keep in archlint.toml."""
    if not said:
        return
    print("\n# to keep these answers, put them into archlint.toml:", file=sys.stderr)
    for name, answer in said.items():
        print(f"[context.{_quoted(name)}]", file=sys.stderr)
        print(f"value = {_quoted(answer.value)}", file=sys.stderr)
        if answer.rationale:
            print(f"rationale = {_quoted(answer.rationale)}", file=sys.stderr)


def _quoted(text: str) -> str:
    """A TOML basic string; JSON's escapes are TOML's."""
    return msgspec.json.encode(text).decode().replace("\x7f", "\\u007f")
