import json

from archlint.discovery.manifests.gomod import parse_go_mod
from archlint.discovery.manifests.package import parse_package
from archlint.model.workspace import Workspace
from archlint.program.dependencies import LockedRepo, go_figures, node_figures, tree_of, why

LOCK = {
    "lockfileVersion": 3,
    "packages": {
        "": {"workspaces": ["packages/*"], "dependencies": {"a": "^1.0.0", "own": "*"}},
        "node_modules/a": {
            "version": "1.0.0",
            "dependencies": {"shared": "^1.0.0", "native": "^1.0.0"},
        },
        "node_modules/native": {
            "version": "1.0.0",
            "hasInstallScript": True,
            "dependencies": {"node-gyp-build": "^4.0.0"},
        },
        "node_modules/node-gyp-build": {"version": "4.0.0"},
        "node_modules/shared": {"version": "1.5.0", "deprecated": "old"},
        "node_modules/own": {"resolved": "packages/own", "link": True},
        "packages/own": {"version": "1.0.0", "dependencies": {"shared": "^2.0.0"}},
        "packages/own/node_modules/shared": {"version": "2.0.0"},
        "node_modules/dev-only": {"version": "1.0.0", "dev": True},
    },
}


def repo(**documents: str) -> LockedRepo:
    texts = {path.replace("__", "/"): text for path, text in documents.items()}
    packages = [parse_package(p, t) for p, t in texts.items() if p.endswith("package.json")]
    return LockedRepo(Workspace(root="/", packages=tuple(packages), documents=texts))


ROOT = json.dumps(
    {
        "name": "root",
        "workspaces": ["packages/*"],
        "dependencies": {"a": "^1.0.0", "own": "*"},
        "devDependencies": {"dev-only": "1"},
    }
)
OWN = json.dumps({"name": "own", "dependencies": {"shared": "^2.0.0"}})


def locked() -> LockedRepo:
    documents = {
        "package.json": ROOT,
        "packages/own/package.json": OWN,
        "package-lock.json": json.dumps(LOCK),
    }
    return repo(**documents)


def test_figures_follow_production_through_workspaces() -> None:
    made = locked()
    figures = node_figures(tree_of(made, made.packages[""]))
    assert (figures.direct, figures.direct_dev, figures.transitive, figures.depth) == (2, 1, 5, 3)
    assert figures.duplicates is not None
    (duplicate,) = figures.duplicates
    assert duplicate.versions == (("1.5.0", ("a@1.0.0",)), ("2.0.0", ("own@1.0.0",)))
    assert figures.install_scripts == ("native@1.0.0",)
    assert figures.native_addons == ("native@1.0.0",)
    assert figures.deprecated == (("shared@1.5.0", "old"),)


def test_a_member_is_governed_by_the_roots_lockfile() -> None:
    made = locked()
    tree = tree_of(made, made.packages["packages/own"])
    assert tree.lock_path == "package-lock.json"
    assert {p.version for p in tree.installed.values()} == {"2.0.0"}


def test_a_stranger_below_is_not() -> None:
    made = repo(
        **{
            "package.json": ROOT,
            "package-lock.json": json.dumps(LOCK),
            "examples/x/package.json": '{"name": "x", "dependencies": {"a": "1"}}',
        }
    )
    tree = tree_of(made, made.packages["examples/x"])
    assert (tree.lock_path, node_figures(tree).transitive) == ("", None)


def test_a_broken_lockfile_is_a_problem_and_no_figures() -> None:
    made = repo(**{"package.json": ROOT, "package-lock.json": "{"})
    tree = tree_of(made, made.packages[""])
    assert tree.problem
    assert node_figures(tree).transitive is None


def test_the_declared_manager_wins() -> None:
    yarn = 'a@^1.0.0:\n  version "1.0.1"\n'
    manifest = ROOT.replace('"name"', '"packageManager": "yarn@1.22.0", "name"')
    made = repo(
        **{"package.json": manifest, "package-lock.json": json.dumps(LOCK), "yarn.lock": yarn}
    )
    assert tree_of(made, made.packages[""]).lock_path == "yarn.lock"


def test_why_names_the_shortest_chain_to_each_version() -> None:
    made = locked()
    chains = why(tree_of(made, made.packages[""]), "shared")
    assert [chain.steps for chain in chains] == [
        ("a@1.0.0", "shared@1.5.0"),
        ("own@1.0.0", "shared@2.0.0"),
    ]
    assert why(tree_of(made, made.packages[""]), "dev-only") == ()


def test_go_figures() -> None:
    text = "module m\ngo 1.22\nrequire (\n a.com/x v1.0.0\n a.com/x/v2 v2.0.0 // indirect\n)\n"
    figures = go_figures(Workspace(root="/"), parse_go_mod("go.mod", text))
    assert (figures.direct, figures.transitive, figures.depth) == (1, 2, None)
    assert figures.duplicates is not None
    assert [d.name for d in figures.duplicates] == ["a.com/x"]
    old = go_figures(Workspace(root="/"), parse_go_mod("go.mod", text.replace("1.22", "1.16")))
    assert old.transitive is None
