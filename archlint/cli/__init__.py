"""The command line. Each command is a module here with a ``typer.Typer`` called ``app``."""

from __future__ import annotations

import gc
import os
import sys


def main() -> None:
    """Run the command line; exit code 0 clean, 1 findings, 2 what the user or we did wrong."""
    from archlint.cli.app import app
    from archlint.model.errors import ArchlintError
    from archlint.scale.start import allow_fork

    allow_fork()
    gc.disable()  # one short run over long-lived records: tracing them finds nothing
    code = 0
    try:
        app()
    except SystemExit as exit_:
        code = exit_.code if isinstance(exit_.code, int) else 2
    except ArchlintError as error:
        code = _complain(str(error))
    except KeyboardInterrupt:
        code = 130
    except BrokenPipeError:
        code = 1
        _silence(sys.stdout)
    except Exception as error:
        if os.environ.get("ARCHLINT_DEBUG"):
            raise
        code = _complain(f"internal error: {type(error).__name__}: {error}")
    _leave(code)


def _complain(text: str) -> int:
    """One line on stderr, harmless to the terminal."""
    from archlint.render.escape import one_line

    print(f"archlint: {one_line(text)}", file=sys.stderr)
    return 2


def _leave(code: int) -> None:
    """Flush, then leave at once: freeing a whole program record by record takes seconds.

    A reader that is gone is no error of ours.
    """
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except BrokenPipeError:
            _silence(stream)
    os._exit(code)


def _silence(stream: object) -> None:
    """Send what is left to nowhere, so that the interpreter's own flush does not complain."""
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, stream.fileno())  # type: ignore[attr-defined]
