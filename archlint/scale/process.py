"""One worker process as its owner sees it: a queue of tasks, non-blocking pipes, a clock."""

from __future__ import annotations

import contextlib
import os
import time
from collections import deque
from collections.abc import Iterator

from archlint.scale.executor import Job, Outcome, Task
from archlint.scale.start import start
from archlint.scale.worker import CPU, DONE, HEADER, JOB, START, TASK

_CHUNK = 1 << 16
"""Bytes that a pipe holds; a larger buffer would be mapped and unmapped at every read."""
_TICKS = os.sysconf("SC_CLK_TCK") if hasattr(os, "sysconf") else 100


class WorkerProcess:
    """A worker with the tasks it was given; the first of ``queue`` is the one it works on.

    ``waiting`` are the bytes of the tasks in its queue.
    """

    def __init__(self, job: Job) -> None:
        self._process = start(job)
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self.writer = self._process.stdin.fileno()
        self.reader = self._process.stdout.fileno()
        os.set_blocking(self.writer, False)
        os.set_blocking(self.reader, False)
        self.queue: deque[Task] = deque()
        self.waiting = 0
        self.served = 0
        self._incoming = bytearray()
        self._outgoing = bytearray()
        self._began: tuple[float, float] | None = None
        self._seconds = job.limits.seconds
        setup = b"%d\0%s\0%s" % (job.limits.memory, job.function.encode(), job.setup)
        self._put(JOB, 0, setup)

    @property
    def wants_to_write(self) -> bool:
        """Whether something is left to be sent."""
        return bool(self._outgoing)

    def give(self, task: Task) -> None:
        """Add a task to its queue; it is sent as the pipe has room."""
        self.queue.append(task)
        self.waiting += len(task.payload)
        self._put(TASK, task.key, task.payload)

    def _put(self, kind: bytes, key: int, data: bytes) -> None:
        self._outgoing += HEADER.pack(kind, key, len(data)) + data
        self.write()

    def write(self) -> None:
        """Send what the pipe takes."""
        with contextlib.suppress(BlockingIOError, BrokenPipeError):
            while self._outgoing:
                sent = os.write(self.writer, memoryview(self._outgoing)[:_CHUNK])
                del self._outgoing[:sent]

    def read(self) -> Iterator[Outcome]:
        """Outcomes that have arrived; raises EOFError when the worker is gone."""
        ended = False
        try:
            while chunk := os.read(self.reader, _CHUNK):
                self._incoming += chunk
                if len(chunk) < _CHUNK:
                    break
            ended = not chunk
        except BlockingIOError:
            pass
        yield from self._frames()
        if ended:
            raise EOFError

    def _frames(self) -> Iterator[Outcome]:
        at = 0
        while len(self._incoming) - at >= HEADER.size:
            kind, key, length = HEADER.unpack_from(self._incoming, at)
            end = at + HEADER.size + length
            if len(self._incoming) < end:
                break
            data = bytes(self._incoming[at + HEADER.size : end])
            at = end
            if kind == START:
                self._began = (time.monotonic(), CPU.unpack(data)[0])
            elif self.queue and self.queue[0].key == key:
                self.waiting -= len(self.queue.popleft().payload)
                self._began = None
                self.served += 1
                yield Outcome(key, data) if kind == DONE else Outcome(key, None, data.decode())
        del self._incoming[:at]

    @property
    def at_work(self) -> bool:
        """Whether the first task of the queue has begun."""
        return self._began is not None

    def seconds_left(self) -> float:
        """Seconds until the running task is overdue (infinite without one).

        A task is overdue after its CPU time, or four times that on the clock: a busy machine costs
        no file.
        """
        if self._began is None:
            return float("inf")
        wall, cpu = self._began
        elapsed = time.monotonic() - wall
        if elapsed < self._seconds:
            return self._seconds - elapsed
        used = self._cpu()
        spent = elapsed if used is None else used - cpu
        return min(self._seconds - spent, 4 * self._seconds - elapsed)

    def _cpu(self) -> float | None:
        """CPU seconds it has used; None where the system does not say."""
        try:
            with open(f"/proc/{self._process.pid}/stat", "rb") as stat:
                fields = stat.read().rpartition(b")")[2].split()
            return (int(fields[11]) + int(fields[12])) / _TICKS
        except (OSError, IndexError, ValueError):
            return None

    def end(self) -> str:
        """Make sure that it is gone; returns how it ended."""
        with contextlib.suppress(OSError):
            self._process.kill()
        code = self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()
        return f"signal {-code}" if code < 0 else f"exit code {code}"
