"""The seam between what is computed and where: tasks in, outcomes out, in any order."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple, Protocol

import msgspec

Work = Callable[[bytes], bytes]


class Task(NamedTuple):
    """One item: the caller's number for it and the bytes that the function takes."""

    key: int
    payload: bytes


class Outcome(NamedTuple):
    """What became of a task: its result, or None with the reason."""

    key: int
    result: bytes | None
    reason: str = ""


class Limits(msgspec.Struct, frozen=True):
    """What one task may cost: seconds until its worker is killed, bytes of address space."""

    seconds: float = 15.0
    memory: int = 1_000_000_000


class Job(msgspec.Struct, frozen=True):
    """A function named ``module:function``; called with ``setup`` it returns the work to do.

    Only names and bytes travel, so a job can run in any process or on any machine.
    """

    function: str
    setup: bytes = b""
    limits: Limits = Limits()

    def load(self) -> Work:
        """Import the function and set it up."""
        module, _, name = self.function.partition(":")
        work: Work = getattr(importlib.import_module(module), name)(self.setup)
        return work


class Executor(Protocol):
    """Where a job's tasks run."""

    def run(self, job: Job, tasks: Iterable[Task]) -> Iterator[Outcome]:
        """Exactly one outcome per task, in any order; a failing task costs itself alone."""
