"""Running one function over many items: in this process, or in workers that may die."""

from archlint.scale.executor import Executor, Job, Limits, Outcome, Task
from archlint.scale.inprocess import InProcess
from archlint.scale.pool import PoolBroken, WorkerPool
from archlint.scale.start import allow_fork

__all__ = [
    "Executor",
    "InProcess",
    "Job",
    "Limits",
    "Outcome",
    "PoolBroken",
    "Task",
    "WorkerPool",
    "allow_fork",
]
