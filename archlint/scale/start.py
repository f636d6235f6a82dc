"""Starting a worker's process: a fresh interpreter, or a fork of this one where that is safe.

A fork spares the interpreter's start and the imports, most of what a worker costs on a small repo.
It copies locks as they are, so only a process that is known to be ours alone may ask for it.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading
from typing import IO, Protocol

from archlint.scale.executor import Job
from archlint.scale.worker import main

_forking = False


def allow_fork() -> None:
    """Say that this process runs our code only: no thread of others holds a lock in it."""
    global _forking  # noqa: PLW0603 (one per process)
    _forking = sys.platform == "linux"


class Process(Protocol):
    """A started worker: its pipes, and how to end it."""

    pid: int
    stdin: IO[bytes] | None
    stdout: IO[bytes] | None

    def kill(self) -> None:
        """End it at once; nothing happens when it is gone."""

    def wait(self) -> int:
        """Wait for its end: the exit code, or the negative number of a signal."""


def start(job: Job) -> Process:
    """A worker process that waits for its job; raises OSError when none can be started."""
    if _forking and threading.active_count() == 1:
        with contextlib.suppress(Exception):  # then each worker says what is wrong with the job
            job.load()
        return _Fork()
    return subprocess.Popen(
        [sys.executable, "-I", "-S", "-c", _bootstrap()],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=os.path.sep,
        close_fds=True,
    )


def _bootstrap() -> str:
    """Code for a fresh interpreter: our import path and nothing of the current folder's."""
    path = [entry for entry in sys.path if os.path.isabs(entry)]
    return f"import sys; sys.path[:] = {path!r}; from archlint.scale.worker import main; main()"


class _Fork:
    """A child that shares this process's modules."""

    def __init__(self) -> None:
        ours, theirs = os.pipe(), os.pipe()  # (read, write): to the worker, from the worker
        try:
            self.pid = os.fork()
        except OSError:
            for end in (*ours, *theirs):
                os.close(end)
            raise
        if self.pid == 0:
            _serve(ours[0], theirs[1])
        os.close(ours[0])
        os.close(theirs[1])
        self.stdin: IO[bytes] | None = os.fdopen(ours[1], "wb", buffering=0)
        self.stdout: IO[bytes] | None = os.fdopen(theirs[0], "rb", buffering=0)
        self._code: int | None = None

    def kill(self) -> None:
        """End it at once."""
        if self._code is None:
            os.kill(self.pid, signal.SIGKILL)

    def wait(self) -> int:
        """Wait for its end."""
        if self._code is None:
            self._code = os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])
        return self._code


def _serve(reader: int, writer: int) -> None:
    """Be the worker, in the child: standard streams in place of ours, no other file open."""
    code = 1
    try:
        null = os.open(os.devnull, os.O_WRONLY)
        for number, end in enumerate((reader, writer, null)):
            os.dup2(end, number)
        os.closerange(3, 4096)
        os.chdir(os.path.sep)
        for caught in (signal.SIGINT, signal.SIGTERM):
            signal.signal(caught, signal.SIG_DFL)
        main()
        code = 0
    finally:
        os._exit(code)
