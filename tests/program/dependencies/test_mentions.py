import pytest

from archlint.discovery.manifests.package import parse_package
from archlint.knowledge.dependencies import is_native_addon, package_of
from archlint.program.dependencies.mentions import (
    manifest_mention,
    mentioned,
    runs,
    shorthands,
)


@pytest.mark.parametrize(
    ("text", "name", "found"),
    [
        ("plugins: [foo]", "foo", True),
        ("foo-bar", "foo", False),
        ("my_foo", "foo", False),
        ("node_modules/foo/dist/x.css", "foo", True),
        ("@scope/foo", "foo", False),
        ("@scope/foo", "@scope/foo", True),
        ("a @scope/foo/sub b", "@scope/foo", True),
        ("foobar foo", "foo", True),
        ("", "foo", False),
    ],
)
def test_a_mention_is_a_word_of_its_own(text: str, name: str, found: bool) -> None:
    assert mentioned(text, name) is found


def test_short_forms_of_configuration() -> None:
    assert "react" in shorthands("eslint-plugin-react")
    assert "@scope" in shorthands("@scope/eslint-plugin")
    assert "@scope/x" in shorthands("@scope/eslint-plugin-x")
    assert "css" in shorthands("css-loader")


def test_scripts_run_binaries() -> None:
    package = parse_package(
        "package.json",
        '{"scripts": {"test": "mocha && tsc", "start": "NODE_ENV=x runner --flag", "x": "a/cpx"}}',
    )
    assert runs(package, "typescript", ()) == "test"
    assert runs(package, "some-tool", ("runner",)) == "start"
    assert runs(package, "cpx", ()) == "x"
    assert runs(package, "nothing", ()) == ""
    assert runs(package, "@runner/cli", ()) == "start"
    assert runs(package, "mocha-cli", ()) == "test"


def test_only_configuration_in_package_json_is_a_mention() -> None:
    package = parse_package(
        "package.json",
        '{"keywords": ["jest"], "dependencies": {"jest": "1"}, "babel": {"presets": ["env"]}}',
    )
    assert not manifest_mention(package, "jest")
    assert manifest_mention(package, "babel-preset-env")


@pytest.mark.parametrize(
    ("specifier", "name"),
    [
        ("a/b", "a"),
        ("@a/b/c", "@a/b"),
        ("./a", ""),
        ("/a", ""),
        ("#a", ""),
        ("@", ""),
        ("@/a", ""),
        ("node:fs", ""),
        ("punycode/", "punycode"),
        ("style-loader!./x.css", "style-loader"),
        ("a?raw", "a"),
        ("", ""),
    ],
)
def test_package_of(specifier: str, name: str) -> None:
    assert package_of(specifier) == name


def test_native_addons() -> None:
    assert is_native_addon("x", ["bindings"])
    assert is_native_addon("x", ["x-linux-x64-gnu", "x-darwin-arm64"])
    assert not is_native_addon("bindings", ["nan"])
    assert not is_native_addon("esbuild", ["@esbuild/linux-x64", "@esbuild/darwin-arm64"])
