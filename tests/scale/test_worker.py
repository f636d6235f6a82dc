from __future__ import annotations

import subprocess
import sys

from archlint.scale.worker import CPU, DONE, FAILED, HEADER, JOB, START, TASK

FUNCTION = "tests.scale.jobs:shout"


def frame(kind: bytes, key: int, data: bytes) -> bytes:
    return HEADER.pack(kind, key, len(data)) + data


def frames(data: bytes) -> list[tuple[bytes, int, bytes]]:
    found: list[tuple[bytes, int, bytes]] = []
    while data:
        kind, key, length = HEADER.unpack(data[: HEADER.size])
        found.append((kind, key, data[HEADER.size : HEADER.size + length]))
        data = data[HEADER.size + length :]
    return found


def test_every_answer_is_sent_when_the_input_ends() -> None:
    tasks = [frame(TASK, i, text) for i, text in enumerate((b"a", b"raise", b"c"))]
    told = subprocess.run(
        [sys.executable, "-c", "from archlint.scale.worker import main; main()"],
        input=frame(JOB, 0, b"0\0" + FUNCTION.encode() + b"\0>") + b"".join(tasks),
        capture_output=True,
        check=True,
    )
    said = frames(told.stdout)
    assert [(kind, key) for kind, key, _ in said] == [
        (START, 0),
        (DONE, 0),
        (START, 1),
        (FAILED, 1),
        (START, 2),
        (DONE, 2),
    ]
    assert [data for kind, _, data in said if kind == DONE] == [b">A", b">C"]
    used = [CPU.unpack(data)[0] for kind, _, data in said if kind == START]
    assert 0 < used[0] <= used[1] <= used[2]
