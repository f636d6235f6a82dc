"""Entry points: where frameworks, timers, queues and the system call into the repo."""

from archlint.program.ecma.entries.collect import Entries

__all__ = ["Entries"]
