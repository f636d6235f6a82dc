"""The tables of Node.js and its packages, and how names are looked up in them."""

from __future__ import annotations

import pytest

from archlint.knowledge.node import _blocking as table
from archlint.knowledge.node import (
    blocking,
    bounds_concurrency,
    cannot_reject,
    core,
    is_hybrid,
    is_lazy,
    packages,
    plain_name,
    returns_promise,
)

COSTS = {
    "cheap-stat", "file-read", "file-write", "process-spawn", "key-derivation", "compression",
    "computation", "database", "wait", "harmless",
}  # fmt: skip


def test_every_synchronous_function_of_node_has_a_cost() -> None:
    assert [name for name in core().sync if name not in table()] == []


def test_costs_are_known_classes_and_tables_name_their_source() -> None:
    assert {entry.cost for entry in table().values()} <= COSTS
    assert len(packages()) >= 60
    assert all(p.version and p.source.startswith("https://") for p in packages())
    assert len({p.name for p in packages()}) == len(packages())
    assert core().version
    assert core().date


@pytest.mark.parametrize(
    ("name", "cost", "twin"),
    [
        ("node:fs.readFileSync", "file-read", "node:fs/promises.readFile"),
        ("node:fs.existsSync", "cheap-stat", "node:fs.exists"),
        ("node:child_process.execSync", "process-spawn", "node:child_process.exec"),
        ("node:crypto.pbkdf2Sync", "key-derivation", "node:crypto.pbkdf2"),
        ("node:zlib.gzipSync", "compression", "node:zlib.gzip"),
        ("global:Atomics.wait", "wait", ""),
        ("npm:bcrypt.hashSync", "key-derivation", "bcrypt.hash"),
        ("npm:better-sqlite3.Database().prepare().all", "database", ""),
    ],
)
def test_blocking_calls(name: str, cost: str, twin: str) -> None:
    found = blocking(name)
    assert found is not None
    assert (found.cost, found.twin) == (cost, twin)


@pytest.mark.parametrize(
    "name",
    ["node:fs.readFile", "node:crypto.hkdfSync", "npm:csrf-sync.csrfSync", "npm:bcrypt.hash"],
)
def test_calls_that_do_not_block(name: str) -> None:
    assert blocking(name) is None


@pytest.mark.parametrize(
    "name",
    [
        "node:fs/promises.readFile",
        "node:fs.promises.readFile",
        "node:timers/promises.setTimeout",
        "node:events.once",
        "node:stream/promises.pipeline",
        "npm:axios.get",
        "npm:ioredis.Redis().get",
        "npm:ioredis.default().hgetall",
        "npm:mongodb.MongoClient.connect()~.db().collection().insertOne",
        "npm:stripe.Stripe().customers.create",
    ],
)
def test_promises(name: str) -> None:
    assert returns_promise(name)


@pytest.mark.parametrize("name", ["node:fs.readFile", "npm:ioredis().on", "npm:axios.isAxiosError"])
def test_no_promises(name: str) -> None:
    assert not returns_promise(name)


def test_lazy_hybrid_settled_bounded() -> None:
    assert is_lazy("npm:knex.knex().select()")
    assert is_lazy("npm:mongoose.Model().findOne()")
    assert not is_lazy("npm:mongoose.Model().create()")
    assert is_hybrid("npm:pg.Pool().query")
    assert not is_hybrid("npm:axios.get")
    assert cannot_reject("node:timers/promises.setTimeout")
    assert not cannot_reject("npm:axios.get")
    assert bounds_concurrency("npm:p-limit()")


def test_aliases_end_where_a_step_ends() -> None:
    assert plain_name("npm:ioredis.RedisX().get") == "npm:ioredis.RedisX().get"
