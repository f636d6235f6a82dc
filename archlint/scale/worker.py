"""A worker process: reads tasks from its standard input, writes what came of them.

Frames both ways are ``kind, key, length`` and then ``length`` bytes. The first frame in is the
job; then tasks. Out: ``START`` as a task begins, then ``DONE`` or ``FAILED`` with its bytes.
"""

from __future__ import annotations

import contextlib
import gc
import os
import signal
import struct
import sys

from archlint.scale.executor import Job, Limits
from archlint.scale.inprocess import failure

HEADER = struct.Struct("<cII")
JOB, TASK, START, DONE, FAILED = b"J", b"T", b"S", b"D", b"F"
_COLLECT = (200_000, 20, 100)
"""Thresholds of the garbage collector: most of what a task makes is freed by reference counts."""


def main() -> None:
    """Serve tasks until standard input ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    source = os.fdopen(0, "rb", closefd=False)
    head = _frame(source.read)
    if head is None:
        return
    memory, _, rest = head[2].partition(b"\0")
    function, _, setup = rest.partition(b"\0")
    _limit(int(memory))
    work = Job(function.decode(), setup, Limits()).load()
    gc.freeze()
    gc.set_threshold(*_COLLECT)
    while (frame := _frame(source.read)) is not None:
        key = frame[1]
        _send(START, key, b"")
        try:
            answer, kind = work(frame[2]), DONE
        except Exception as error:
            answer, kind = failure(error).encode(), FAILED
        del frame
        _send(kind, key, answer)


def _frame(read: object) -> tuple[bytes, int, bytes] | None:
    assert callable(read)
    header = read(HEADER.size)
    if len(header) < HEADER.size:
        return None
    kind, key, length = HEADER.unpack(header)
    return kind, key, read(length)


def _send(kind: bytes, key: int, data: bytes) -> None:
    view = memoryview(HEADER.pack(kind, key, len(data)) + data)
    while view:
        view = view[os.write(1, view) :]


def _limit(memory: int) -> None:
    """Cap the address space; where the system has no such limit, there is none."""
    if sys.platform == "win32" or not memory:
        return
    import resource

    with contextlib.suppress(ValueError, OSError):
        memory += _inherited()
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _inherited() -> int:
    """Bytes of address space that are taken before the first task (a fork has its parent's)."""
    try:
        with open("/proc/self/statm", "rb") as sizes:
            return int(sizes.read().split()[0]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError, IndexError):
        return 0
