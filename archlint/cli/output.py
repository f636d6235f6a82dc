"""Where results go: ``--output FORMAT[:FILE]``, any number of them."""

from __future__ import annotations

import sys
from pathlib import Path

import msgspec

from archlint.model.errors import ArchlintError


class Output(msgspec.Struct, frozen=True):
    """A format and the file it is written to (None: stdout)."""

    form: str
    file: Path | None = None


def outputs(
    wanted: list[str], form: str | None, known: tuple[str, ...], default: str
) -> tuple[Output, ...]:
    """Read the options; raises ArchlintError for an unknown format or two on stdout."""
    found = [_output(text, known) for text in wanted]
    if form is not None:
        found.insert(0, _output(form, known))
    if not found:
        found = [Output(default)]
    to_stdout = [output.form for output in found if output.file is None]
    if len(to_stdout) > 1:
        names = " and ".join(to_stdout)
        raise ArchlintError(
            f"{names} cannot share stdout: give a file, as in --output sarif:x.sarif"
        )
    return tuple(found)


def _output(text: str, known: tuple[str, ...]) -> Output:
    form, colon, file = text.partition(":")
    if form not in known:
        raise ArchlintError(f"no format is called {form!r} (one of {', '.join(known)})")
    if colon and not file:
        raise ArchlintError(f"{text!r} names no file")
    return Output(form, Path(file) if file and file != "-" else None)


def print_notice(notice: str, wanted: tuple[Output, ...] = ()) -> None:
    """Say on stderr what a reader must know, unless the text on stdout says it already."""
    if notice and Output("text") not in wanted:
        print(f"archlint: {notice}", file=sys.stderr)


def write(output: Output, text: str) -> None:
    """Write a rendered result; raises ArchlintError when the file cannot be written."""
    data = text.encode("utf-8", "backslashreplace")
    if output.file is None:
        sys.stdout.flush()
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
        return
    try:
        output.file.write_bytes(data)
    except OSError as error:
        raise ArchlintError(f"{output.file}: cannot be written: {error.strerror}") from None
