"""The executor for little work: this process, one task after the other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from archlint.scale.executor import Job, Outcome, Task


class InProcess:
    """Runs tasks here; a task that raises has no result. Deadlines are the work's own affair."""

    def run(self, job: Job, tasks: Iterable[Task]) -> Iterator[Outcome]:
        """Outcomes in the order of the tasks."""
        work = job.load()
        for task in tasks:
            try:
                yield Outcome(task.key, work(task.payload))
            except Exception as error:
                yield Outcome(task.key, None, failure(error))


def failure(error: Exception) -> str:
    """Why a task failed, without anything that differs from run to run."""
    if isinstance(error, MemoryError):
        return "needs too much memory"
    return f"could not be analysed ({type(error).__name__})"
