"""Running one function over many items: in this process, or in workers that may die."""

from archlint.scale.executor import Executor, Job, Limits, Outcome, Task
from archlint.scale.inprocess import InProcess
from archlint.scale.pool import PoolBroken, WorkerPool

__all__ = [
    "Executor",
    "InProcess",
    "Job",
    "Limits",
    "Outcome",
    "PoolBroken",
    "Task",
    "WorkerPool",
]
