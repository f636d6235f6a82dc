"""Commands of scripts that nothing known provides."""

from __future__ import annotations

import pytest

from archlint.model.workspace import Package
from archlint.program.dependencies.commands import may_provide, unexplained


def package(*lines: str) -> Package:
    scripts = {f"s{i}": line for i, line in enumerate(lines)}
    return Package(path="package.json", root="", scripts=scripts)


@pytest.mark.parametrize(
    ("line", "commands"),
    [
        ("email dev", {"email"}),
        ("NODE_ENV=x cross-env A=b email dev && node server.js", {"email"}),
        ("npx email dev; rm -rf dist || echo no", {"email"}),
        ("pnpm exec email dev", {"email"}),
        ("npm run build && yarn email", set()),
        ("node_modules/.bin/email dev", {"email"}),
        ("./scripts/email.sh", set()),
        ("tsc -p . && nest start", set()),
        ("s0 && svgr --out x", set()),
        ("listed run", set()),
    ],
)
def test_unexplained(line: str, commands: set[str]) -> None:
    declared = ("typescript", "@nestjs/cli", "@svgr/cli")
    assert unexplained(package(line), declared, ("listed",)) == commands


def test_a_name_that_holds_the_command_may_provide_it() -> None:
    made = package("email dev")
    assert may_provide(made, "react-email", (), ()) == "email"
    assert may_provide(made, "react-dom", (), ()) == ""
    assert may_provide(made, "react-email", ("email",), ()) == ""
