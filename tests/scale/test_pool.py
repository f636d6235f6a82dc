"""Executors: one outcome per task, whatever the tasks do to their worker."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from archlint.scale import InProcess, Job, Limits, Outcome, PoolBroken, Task, WorkerPool

HERE = str(Path(__file__).parent)


@pytest.fixture(autouse=True, params=["fresh", "fork"])
def _importable(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """The tests' jobs, in fresh interpreters and in forks of this one."""
    monkeypatch.syspath_prepend(HERE)
    monkeypatch.setattr("archlint.scale.start._forking", request.param == "fork")


def run(payloads: list[bytes], jobs: int = 2, seconds: float = 0.3) -> dict[int, Outcome]:
    job = Job("jobs:shout", b"<", Limits(seconds=seconds, memory=1_000_000_000))
    outcomes = list(WorkerPool(jobs).run(job, [Task(i, p) for i, p in enumerate(payloads)]))
    assert len({o.key for o in outcomes}) == len(outcomes) == len(payloads)
    return {o.key: o for o in outcomes}


def test_every_task_has_its_result() -> None:
    outcomes = run([b"a%d" % i for i in range(50)])
    assert [outcomes[i].result for i in range(50)] == [b"<A%d" % i for i in range(50)]


def test_large_payloads_and_results_do_not_block_each_other() -> None:
    outcomes = run([b"x" * 700_000] * 12, seconds=15)
    assert all(o.result == b"<" + b"X" * 700_000 for o in outcomes.values())


@pytest.mark.parametrize(
    ("poison", "reason"),
    [
        (b"die", "ended its worker process (signal 9)"),
        (b"exit", "ended its worker process (exit code 3)"),
        (b"raise", "could not be analysed (ValueError)"),
        (b"hang", "took longer than 0.3 s"),
        (b"eat", "needs too much memory"),
    ],
)
def test_a_bad_task_costs_itself_alone(poison: bytes, reason: str) -> None:
    outcomes = run([b"a", b"b", poison, b"c", b"d", b"e", b"f", b"g", b"h"])
    assert outcomes[2] == Outcome(2, None, reason)
    assert [o.result is None for k, o in sorted(outcomes.items())] == [k == 2 for k in range(9)]


def test_many_dying_tasks_still_leave_the_others_alive() -> None:
    outcomes = run([b"die", b"x"] * 6, jobs=1)
    assert [k for k, o in outcomes.items() if o.result is None] == [0, 2, 4, 6, 8, 10]


def test_workers_that_cannot_start_give_the_tasks_back() -> None:
    job = Job("jobs:broken")
    with pytest.raises(PoolBroken) as caught:
        list(WorkerPool(1).run(job, [Task(0, b"a"), Task(1, b"b"), Task(2, b"c")]))
    assert sorted(task.key for task in caught.value.left) == [0, 1, 2]


def test_no_task_starts_no_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/nonexistent")
    assert list(WorkerPool(2).run(Job("jobs:shout"), [])) == []


def test_in_process_keeps_order_and_survives_errors() -> None:
    job = Job("jobs:shout", b"<")
    outcomes = list(InProcess().run(job, [Task(0, b"a"), Task(1, b"raise"), Task(2, b"b")]))
    assert outcomes == [
        Outcome(0, b"<A"),
        Outcome(1, None, "could not be analysed (ValueError)"),
        Outcome(2, b"<B"),
    ]
