"""How deep a run links: no deeper than its rules say they need, with the same findings."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from archlint.config import Config
from archlint.discovery.files import WorkTree
from archlint.model.finding import Depth, Report
from archlint.model.workspace import Component
from archlint.program.ownership import kinds_decide
from archlint.program.program import NotLinkedError
from archlint.rules.registry import Rule, all_rules
from archlint.session import Options, analyse, check, load_config
from tests.conftest import FIXTURES
from tests.gitrepo import Repo

SHALLOW = [rule for rule in all_rules() if rule.info.needs != "calls"]
OPTIONS = Options(cache=False, jobs=1)


def reports(rule: Rule, case: Path, depth: Depth) -> list[Report]:
    analysis = analyse(WorkTree(case), load_config(case), OPTIONS, depth=depth)
    return list(rule.check(analysis.program))


@pytest.mark.parametrize("rule", SHALLOW, ids=lambda rule: rule.info.id)
def test_what_a_rule_says_it_needs_is_enough(rule: Rule) -> None:
    """A program without calls has no call graph to touch, and gives the same reports."""
    cases = sorted(case for case in (FIXTURES / "rules" / rule.info.id).iterdir() if case.is_dir())
    cases.append(FIXTURES / "repos" / "shop-api")
    assert [reports(rule, case, rule.info.needs) for case in cases] == [
        reports(rule, case, "calls") for case in cases
    ]


def test_asking_for_calls_that_are_not_linked_is_a_defect() -> None:
    shop = FIXTURES / "repos" / "shop-api"
    for depth in ("manifests", "modules"):
        program = analyse(WorkTree(shop), Config(), OPTIONS, depth=depth).program  # type: ignore[arg-type]
        for ask in (
            lambda program=program: program.call_graph,
            lambda program=program: program.ecma,
            lambda program=program: program.golang,
            lambda program=program: program.context(("src/server.ts", 0)),
        ):
            with pytest.raises(NotLinkedError):
                ask()


@pytest.mark.parametrize(
    ("select", "depth"),
    [
        (("missing-lockfile", "fat-image"), "manifests"),
        (("import-cycle", "missing-lockfile"), "modules"),
        (("import-cycle", "blocking-call"), "calls"),
        (("missing-lockfile", "unused-suppression"), "modules"),
        (None, "calls"),
    ],
)
def test_the_selected_rules_decide(select: tuple[str, ...] | None, depth: str) -> None:
    shop = FIXTURES / "repos" / "shop-api"
    coverage = check(shop, msgspec_replace(OPTIONS, select)).coverage
    assert coverage.depth == depth
    assert (coverage.parsed > 0) is (depth != "manifests")
    assert (coverage.calls > 0) is (depth == "calls")


def msgspec_replace(options: Options, select: tuple[str, ...] | None) -> Options:
    return Options(cache=options.cache, jobs=options.jobs, select=select)


def test_commands_that_share_packages_need_their_entry_points() -> None:
    def command(name: str, kind: str) -> Component:
        return Component(name=name, root=f"cmd/{name}", runtime="go", kind=kind)

    assert kinds_decide([command("a", "cli"), command("b", "service")])
    assert not kinds_decide([command("a", "service"), command("b", "worker")])
    assert not kinds_decide([command("a", "cli"), command("b", "library")])
    node = msgspec.structs.replace(command("c", "cli"), runtime="node")
    assert not kinds_decide([node, command("a", "cli")])


def test_changes_are_judged_at_the_same_depth(tmp_path: Path) -> None:
    repo = Repo(tmp_path / "app")
    manifest = '{"name": "app", "scripts": {"start": "node a.js"}, "dependencies": {}}'
    repo.commit({"package.json": manifest, "a.js": "exports.a = 1;\n", "b.js": "require('./a');\n"})
    repo.write({"a.js": "require('./b');\nexports.a = 1;\n"})
    options = Options(cache=False, jobs=1, select=("import-cycle",), since="HEAD")
    from archlint.api import run

    done = run(repo.root, options)
    assert [f.rule for f in done.result.findings] == ["import-cycle"]
    assert done.result.coverage.depth == "modules"
    lock = Options(cache=False, jobs=1, select=("missing-lockfile",), since="HEAD")
    assert run(repo.root, lock).result.findings == ()
