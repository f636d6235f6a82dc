"""The command line. Each command is a module here with a ``typer.Typer`` called ``app``."""

from __future__ import annotations

import errno
import gc
import io
import os
import sys

_UNWRITABLE = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.EBADF}
"""What the system says where standard output takes no more; files are named by who writes them."""


def main() -> None:
    """Run the command line; exit code 0 clean, 1 findings, 2 what the user or we did wrong."""
    try:
        _open_streams()
        code = _run()
    except KeyboardInterrupt:
        code = 130
    _leave(code)


def _run() -> int:
    """The exit code of the command that the arguments name."""
    from archlint.cli.app import app
    from archlint.model.errors import ArchlintError
    from archlint.scale.start import allow_fork

    allow_fork()
    gc.disable()  # one short run over long-lived records: tracing them finds nothing
    try:
        app()
    except SystemExit as exit_:
        return exit_.code if isinstance(exit_.code, int) else 2
    except ArchlintError as error:
        return _complain(str(error))
    except BrokenPipeError:
        _silence(sys.stdout)
        return 1
    except Exception as error:
        if os.environ.get("ARCHLINT_DEBUG"):
            raise
        if isinstance(error, OSError) and error.errno in _UNWRITABLE:
            _silence(sys.stdout)
        return _complain(_told(error))
    return 0


def _told(error: Exception) -> str:
    """What went wrong, in words; only what the system did not refuse is an error of ours."""
    if isinstance(error, OSError) and error.filename is not None:
        return f"{error.filename}: {error.strerror}"
    if isinstance(error, OSError) and error.errno in _UNWRITABLE:
        return f"the result cannot be written: {error.strerror}"
    if isinstance(error, FileNotFoundError):
        return "the folder archlint runs in is gone"
    return f"internal error: {type(error).__name__}: {error}"


def _open_streams() -> None:
    """Make the streams take whatever is written, also where they are closed or speak ASCII only.

    A closed one leads nowhere; its number is taken, lest a file that is opened later gets it.
    """
    while (null := os.open(os.devnull, os.O_RDWR)) <= 2:
        pass
    os.close(null)
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115 (open to the end)
        elif isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


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
        except OSError as error:
            _silence(stream)
            code = _complain(_told(error))
    os._exit(code)


def _silence(stream: object) -> None:
    """Send what is left to nowhere, so that the interpreter's own flush does not complain."""
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, stream.fileno())  # type: ignore[attr-defined]
