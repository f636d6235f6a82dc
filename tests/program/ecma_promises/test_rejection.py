from __future__ import annotations

import pytest

from archlint.program.ecma_promises.rejection import Rejections
from tests.program.ecma_promises.programs import small

IO = (
    "const fs = require('fs/promises');\n"
    "const PQueue = require('p-queue');\nconst queue = new PQueue();\n"
    "const limit = require('p-limit')(3);\n"
)


@pytest.mark.parametrize(
    "body",
    [
        "await fs.readFile('a');",
        "return fs.readFile('a');",
        "throw new Error('x');",
        "JSON.parse(text);",
        "try { await fs.readFile('a'); } finally { done(); }",
        "try { } catch (e) { throw e; }",
        "for await (const x of rows()) {}",
        "await other();",
        "await fs.readFile('a').then(() => 1);",
        "await Promise.all([fs.readFile('a')]);",
        "await Promise.all(list.map((x) => fs.readFile(x)));",
        "await fs.readFile('a').catch(() => { throw 1; });",
        "await new Promise((resolve, reject) => reject(1));",
        "if (x) { for (const y of z) { await fs.readFile(y); } }",
        "await queue.add(() => fs.readFile('a'));",
        "await queue.add(task);",
    ],
)
def test_rejects(body: str) -> None:
    source = IO + "async function other() { throw 1; }\nasync function f(text) {" + body + "}\n"
    assert small(source, "a.js").rejects("f")


@pytest.mark.parametrize(
    "body",
    [
        "",
        "return 1;",
        "try { await fs.readFile('a'); } catch (e) { console.error(e); }",
        "await fs.readFile('a').catch(() => 0);",
        "await fs.readFile('a').then(() => 1, () => 2);",
        "await Promise.allSettled([fs.readFile('a')]);",
        "await new Promise((resolve) => setTimeout(resolve, 5));",
        "await quiet();",
        "await Promise.all([quiet(), quiet()]);",
        "fs.readFile('a');",
        "log.error(await quiet());",
        "setTimeout(() => { throw 1; }, 1);",
        "await queue.add(async () => { try { await fs.readFile('a'); } catch { log.info(1); } });",
        "await limit(() => quiet());",
    ],
)
def test_cannot_reject(body: str) -> None:
    source = IO + "async function quiet() { return 2; }\nasync function f(log) {" + body + "}\n"
    assert not small(source, "a.js").rejects("f")


@pytest.mark.parametrize(
    ("body", "outright"),
    [
        ("try { await fs.readFile('a'); } catch (e) { await fs.rm('a'); }", False),
        ("try { await fs.readFile('a'); } catch (e) { } finally { await fs.rm('a'); }", False),
        ("try { await fs.readFile('a'); } catch (e) { if (e.code) throw e; }", True),
        ("try { await fs.readFile('a'); } finally { await fs.rm('a'); }", True),
        ("await tidied();", False),
    ],
)
def test_handling_that_fails_takes_two_failures(body: str, outright: bool) -> None:
    source = IO + (
        "async function tidied() { try { fs.readFile('a'); } catch (e) { await fs.rm('a'); } }\n"
        "async function f() {" + body + "}\n"
    )
    program = small(source, "a.js")
    assert program.rejects("f")
    only = Rejections(program.promises, cleaning=False)
    assert only.function(program.function("f")) is outright


def test_recursion_is_no_evidence() -> None:
    program = small(
        "async function f(n) { await g(n - 1); }\nasync function g(n) { await f(n); }\n"
    )
    assert not program.rejects("f")
