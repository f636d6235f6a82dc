"""Worker processes of which any may be killed at any time for the price of one task.

Every worker says which task it begins. When it dies, or overruns its deadline and is killed, that
task alone is lost; what waited behind it goes to a fresh worker. Nothing is tried twice.
"""

from __future__ import annotations

import selectors
from collections import deque
from collections.abc import Iterable, Iterator

from archlint.scale.executor import Job, Outcome, Task
from archlint.scale.process import WorkerProcess

_WINDOW = 4
"""Tasks in a worker's queue at most, so that it need not wait for us."""
_WINDOW_BYTES = 1_000_000
_MAX_FALSE_STARTS = 3


class PoolBroken(Exception):  # noqa: N818 (told and handled, no mistake)
    """Workers cannot be started here; ``left`` are the tasks that nobody has begun."""

    def __init__(self, left: list[Task]) -> None:
        """Keep the tasks for another executor."""
        super().__init__("workers cannot be started")
        self.left = left


class WorkerPool:
    """An executor of ``jobs`` worker processes, which live as long as a run."""

    def __init__(self, jobs: int) -> None:
        self._jobs = max(1, jobs)

    def run(self, job: Job, tasks: Iterable[Task]) -> Iterator[Outcome]:
        """Outcomes as they come; tasks are drawn as workers become free. Raises PoolBroken."""
        run = _Run(job, iter(tasks), self._jobs)
        try:
            yield from run.outcomes()
        finally:
            run.close()


def _takes(worker: WorkerProcess) -> bool:
    """Whether a worker's queue has room for another task."""
    return len(worker.queue) < _WINDOW and worker.waiting < _WINDOW_BYTES


class _Run:
    """One run of a pool."""

    def __init__(self, job: Job, tasks: Iterator[Task], jobs: int) -> None:
        self._job = job
        self._tasks = tasks
        self._jobs = jobs
        self._returned: deque[Task] = deque()
        self._exhausted = False
        self._workers: list[WorkerProcess] = []
        self._selector = selectors.DefaultSelector()
        self._false_starts = 0

    def outcomes(self) -> Iterator[Outcome]:
        while True:
            self._hand_out()
            busy = [worker for worker in self._workers if worker.queue]
            if not busy:
                return
            for worker in self._wait(busy):
                yield from self._serve(worker)

    def _hand_out(self) -> None:
        """Fill the workers' queues, starting workers while there are tasks for them."""
        while not self._exhausted and self._has_room():
            task = self._returned.popleft() if self._returned else next(self._tasks, None)
            if task is None:
                self._exhausted = True
                return
            worker = self._least_busy()
            if worker is None:
                raise PoolBroken([task, *self._returned, *self._tasks])
            worker.give(task)

    def _has_room(self) -> bool:
        return len(self._workers) < self._jobs or any(_takes(w) for w in self._workers)

    def _least_busy(self) -> WorkerProcess | None:
        """The worker to give a task to; None when there is none and none can be started."""
        if len(self._workers) < self._jobs and all(w.queue for w in self._workers):
            self._start()
        return min(self._workers, key=lambda w: (len(w.queue), w.waiting), default=None)

    def _start(self) -> None:
        """Start a worker; after too many failures the run goes on with those it has."""
        if self._false_starts >= _MAX_FALSE_STARTS:
            self._jobs = len(self._workers)
            return
        try:
            worker = WorkerProcess(self._job)
        except OSError:
            self._jobs = len(self._workers)
            return
        self._workers.append(worker)
        self._selector.register(worker.reader, selectors.EVENT_READ, worker)

    def _wait(self, busy: list[WorkerProcess]) -> list[WorkerProcess]:
        """Sleep until a worker has something to say, has room, or is overdue: those that do."""
        writing = [worker for worker in busy if worker.wants_to_write]
        for worker in writing:
            self._selector.register(worker.writer, selectors.EVENT_WRITE, worker)
        timeout = min(worker.seconds_left() for worker in busy)
        ready = self._selector.select(None if timeout == float("inf") else max(timeout, 0.01))
        for worker in writing:
            self._selector.unregister(worker.writer)
        called = {key.data for key, _ in ready}
        return [worker for worker in busy if worker in called or worker.seconds_left() <= 0]

    def _serve(self, worker: WorkerProcess) -> Iterator[Outcome]:
        worker.write()
        try:
            yield from worker.read()
        except EOFError:
            yield from self._lost(worker, "")
            return
        if worker.seconds_left() <= 0:
            yield from self._lost(worker, f"took longer than {self._job.limits.seconds:g} s")

    def _lost(self, worker: WorkerProcess, reason: str) -> Iterator[Outcome]:
        """Bury a worker: its running task is lost, the others are handed out again."""
        self._selector.unregister(worker.reader)
        self._workers.remove(worker)
        ended = worker.end()
        if worker.at_work and worker.queue:
            task = worker.queue.popleft()
            yield Outcome(task.key, None, reason or f"ended its worker process ({ended})")
        elif not worker.served:
            self._false_starts += 1
        self._returned.extend(worker.queue)
        self._exhausted = self._exhausted and not self._returned

    def close(self) -> None:
        """End every worker."""
        for worker in self._workers:
            worker.end()
        self._workers.clear()
        self._selector.close()
