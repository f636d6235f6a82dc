"""Functions for the executors' tests to run."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable


def shout(setup: bytes) -> Callable[[bytes], bytes]:
    def work(payload: bytes) -> bytes:
        if payload == b"die":
            os.kill(os.getpid(), signal.SIGKILL)
        if payload == b"exit":
            os._exit(3)
        if payload == b"raise":
            raise ValueError("no")
        if payload == b"hang":
            while True:
                pass
        if payload == b"sleep":
            time.sleep(0.05)
        if payload == b"eat":
            return bytes(2_000_000_000)
        return setup + payload.upper()

    return work


def broken(setup: bytes) -> Callable[[bytes], bytes]:
    raise RuntimeError(setup)
