import pytest

from archlint.discovery.manifests.package import parse_package
from archlint.model.errors import ManifestError


def test_wrong_types_count_as_absent() -> None:
    text = '{"name": 3, "dependencies": {"a": 1, "b": "^2"}, "scripts": [], "workspaces": {}}'
    package = parse_package("x/package.json", text)
    assert (package.name, package.root) == ("", "x")
    assert package.dependencies == {"b": "^2"}
    assert package.scripts == {}
    assert package.workspaces == ()


def test_short_bin_and_yarn_workspaces() -> None:
    text = '{"name": "@s/tool", "bin": "cli.js", "workspaces": {"packages": ["a/*"]}}'
    package = parse_package("package.json", text)
    assert package.bin == {"tool": "cli.js"}
    assert package.workspaces == ("a/*",)


@pytest.mark.parametrize("text", ["[]", "1", "", "{"])
def test_no_object_is_an_error(text: str) -> None:
    with pytest.raises(ManifestError):
        parse_package("package.json", text)
