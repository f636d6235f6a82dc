"""A worker process: reads tasks from its standard input, writes what came of them.

Frames both ways are ``kind, key, length`` and then ``length`` bytes. The first frame in is the
job; then tasks. Out: ``START`` as a task begins, with the CPU seconds used so far (``CPU``), then
``DONE`` or ``FAILED`` with its bytes, at one go with the next ``START`` when that task is there.
"""

from __future__ import annotations

import contextlib
import gc
import os
import select
import signal
import struct
import sys
import time

from archlint.scale.executor import Job, Limits
from archlint.scale.inprocess import failure

HEADER = struct.Struct("<cII")
CPU = struct.Struct("<d")
JOB, TASK, START, DONE, FAILED = b"J", b"T", b"S", b"D", b"F"
_COLLECT = (200_000, 20, 100)
"""Thresholds of the garbage collector: most of what a task makes is freed by reference counts."""


def main() -> None:
    """Serve tasks until standard input ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    inbox = _Inbox()
    head = inbox.frame()
    if head is None:
        return
    memory, _, rest = head[1].partition(b"\0")
    function, _, setup = rest.partition(b"\0")
    _limit(int(memory))
    work = Job(function.decode(), setup, Limits()).load()
    gc.freeze()
    gc.set_threshold(*_COLLECT)
    said = b""
    while True:
        if said and not inbox.has_more():
            _send(said)
            said = b""
        frame = inbox.frame()
        if frame is None:
            _send(said)
            return
        key = frame[0]
        _send(said + _packed(START, key, CPU.pack(time.process_time())))
        try:
            answer, kind = work(frame[1]), DONE
        except Exception as error:
            answer, kind = failure(error).encode(), FAILED
        del frame
        said = _packed(kind, key, answer)


class _Inbox:
    """Frames from standard input."""

    def __init__(self) -> None:
        self._source = os.fdopen(0, "rb", buffering=0, closefd=False)

    def has_more(self) -> bool:
        """Whether a frame has begun to arrive, or nothing will arrive any more."""
        return bool(select.select([self._source], [], [], 0)[0])

    def frame(self) -> tuple[int, bytes] | None:
        """The next frame's key and bytes, None at the end."""
        header = self._exactly(HEADER.size)
        if len(header) < HEADER.size:
            return None
        _, key, length = HEADER.unpack(header)
        return key, self._exactly(length)

    def _exactly(self, size: int) -> bytes:
        """So many bytes; fewer at the end."""
        found = self._source.read(size) or b""
        while 0 < len(found) < size:
            more = self._source.read(size - len(found))
            if not more:
                break
            found += more
        return found


def _packed(kind: bytes, key: int, data: bytes) -> bytes:
    return HEADER.pack(kind, key, len(data)) + data


def _send(data: bytes) -> None:
    view = memoryview(data)
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
