import json

import pytest

from archlint.discovery.manifests.tsconfig import load_tsconfigs
from archlint.model.errors import ManifestError
from archlint.model.finding import Skip


def test_paths_are_relative_to_the_config_that_holds_them() -> None:
    documents = {
        "tsconfig.base.json": json.dumps(
            {"compilerOptions": {"paths": {"@lib/*": ["lib/*"]}, "strict": True}}
        ),
        "apps/web/tsconfig.json": '{"extends": "../../tsconfig.base"}',
        "apps/api/tsconfig.json": json.dumps(
            {"extends": ["../../tsconfig.base.json"], "compilerOptions": {"baseUrl": "./src"}}
        ),
    }
    found = {c.path: c for c in load_tsconfigs(documents)}
    web, api = found["apps/web/tsconfig.json"], found["apps/api/tsconfig.json"]
    assert (web.base_url, web.paths, web.strict) == (None, {"@lib/*": ("lib/*",)}, True)
    assert (api.base_url, api.paths) == ("apps/api/src", {"@lib/*": ("lib/*",)})


def test_extends_finds_a_workspace_package_and_survives_circles() -> None:
    documents = {
        "config/package.json": '{"name": "@shop/tsconfig"}',
        "config/base.json": '{"compilerOptions": {"baseUrl": "."}, "extends": "./base.json"}',
        "api/tsconfig.json": '{"extends": "@shop/tsconfig/base.json"}',
        "web/tsconfig.json": '{"extends": "@tsconfig/node20/tsconfig.json"}',
    }
    found = {c.path: c for c in load_tsconfigs(documents)}
    assert found["api/tsconfig.json"].base_url == "config"
    assert found["web/tsconfig.json"].base_url is None


def test_a_bad_one_leaves_the_others_alone() -> None:
    documents = {"a/tsconfig.json": "{", "b/tsconfig.json": "{}"}
    problems: list[Skip] = []
    assert [c.path for c in load_tsconfigs(documents, problems)] == ["b/tsconfig.json"]
    assert [p.path for p in problems] == ["a/tsconfig.json"]
    with pytest.raises(ManifestError):
        load_tsconfigs(documents)
