"""The same small repo, locked by every manager: one model, one answer."""

import json
from contextlib import suppress

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from archlint.discovery.lockfiles import Lockfile, parse_lockfile
from archlint.discovery.lockfiles.model import lines_of
from archlint.discovery.lockfiles.yaml_subset import load_lock_yaml
from archlint.discovery.manifests.structured import load_yaml
from archlint.model.errors import ManifestError
from tests.discovery.lockfiles.samples import FORMATS, SAMPLES


def reach(lock: Lockfile, start: list[str]) -> set[tuple[str, str]]:
    seen: set[str] = set()
    stack = list(start)
    while stack:
        key = stack.pop()
        if key not in seen:
            seen.add(key)
            stack.extend(lock.packages[key].dependencies.values())
    return {(lock.packages[key].name, lock.packages[key].version) for key in seen}


@pytest.mark.parametrize("name", sorted(SAMPLES))
def test_every_format_says_the_same(name: str) -> None:
    path, text = SAMPLES[name]
    lock = parse_lockfile(path, text)
    assert lock.format == FORMATS[name]
    direct = {"app": "^1.0.0", "alias": "npm:real@^2.0.0"}
    keys = {n: lock.resolve("", n, wish) for n, wish in direct.items()}
    assert None not in keys.values()
    assert reach(lock, [key for key in keys.values() if key]) == {
        ("app", "1.0.0"),
        ("@scope/dep", "1.1.0"),
        ("dep_two", "2.0.0"),
        ("real", "2.5.0"),
    }


@pytest.mark.parametrize("name", sorted(SAMPLES))
def test_what_a_format_lacks_is_unknown(name: str) -> None:
    path, text = SAMPLES[name]
    lock = parse_lockfile(path, text)
    third_party = [p for p in lock.packages.values() if p.local is None]
    knows_scripts = name in {"npm-2", "npm-3", "shrinkwrap"}
    knows_deprecated = knows_scripts or name.startswith("pnpm")
    assert {p.install_script is not None for p in third_party} == {knows_scripts}
    assert {p.deprecated is not None for p in third_party} == {knows_deprecated}
    if knows_deprecated:
        notices = {p.name: p.deprecated for p in third_party if p.deprecated}
        assert notices == {"dep_two": "use three"}


def test_npm_skips_optional_peers_that_are_for_development_only() -> None:
    packages = {
        "": {"dependencies": {"a": "1"}, "devDependencies": {"t": "1"}},
        "node_modules/a": {
            "version": "1.0.0",
            "peerDependencies": {"t": "1", "p": "1", "o": "1"},
            "peerDependenciesMeta": {"t": {"optional": True}, "o": {"optional": True}},
        },
        "node_modules/t": {"version": "1.0.0", "dev": True},
        "node_modules/p": {"version": "1.0.0", "peer": True},
        "node_modules/o": {"version": "1.0.0", "optional": True, "peer": True},
    }
    text = json.dumps({"lockfileVersion": 3, "packages": packages})
    lock = parse_lockfile("package-lock.json", text)
    assert set(lock.packages["node_modules/a"].dependencies) == {"p", "o"}


def test_npm_nested_and_linked_workspaces() -> None:
    packages = {
        "": {"workspaces": ["packages/*"], "dependencies": {"own": "*"}},
        "node_modules/own": {"resolved": "packages/own", "link": True},
        "node_modules/@s/x": {"version": "2.0.0"},
        "packages/own": {"name": "own", "version": "1.0.0", "dependencies": {"@s/x": "1"}},
        "packages/own/node_modules/@s/x": {"version": "1.0.0", "dependencies": {"y": "1"}},
        "node_modules/y": {"version": "1.0.0"},
    }
    text = json.dumps({"lockfileVersion": 3, "packages": packages})
    lock = parse_lockfile("package-lock.json", text)
    assert lock.resolve("", "own", "*") == "packages/own"
    assert lock.packages["packages/own"].local == "packages/own"
    nested = lock.resolve("packages/own", "@s/x", "1")
    assert nested == "packages/own/node_modules/@s/x"
    assert lock.packages[nested].dependencies == {"y": "node_modules/y"}


def test_yarn_resolutions_rewrite_ranges() -> None:
    text = 'a@^1.0.0:\n  version "1.0.0"\n  dependencies:\n    b "^1.0.0"\n\n'
    text += 'b@2.0.0:\n  version "2.0.0"\n'
    lock = parse_lockfile("yarn.lock", text)
    assert lock.packages["a@1.0.0"].dependencies == {"b": "b@2.0.0"}
    assert lock.resolve("", "b", "^9.9.9") == "b@2.0.0"


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("package-lock.json", "[]"),
        ("package-lock.json", '{"lockfileVersion": 7}'),
        ("package-lock.json", '{"packages": ' + "[" * 50_000),
        ("yarn.lock", "not a lockfile"),
        ("yarn.lock", "__metadata:\n  version: 6\n"),
        ("pnpm-lock.yaml", "a: b"),
        ("pnpm-lock.yaml", "lockfileVersion: [" * 5_000),
        ("bun.lock", "{}"),
        ("Cargo.lock", ""),
    ],
)
def test_bad_input_is_one_error(path: str, text: str) -> None:
    with pytest.raises(ManifestError) as caught:
        parse_lockfile(path, text)
    assert caught.value.path == path


NAMES = ("package-lock.json", "yarn.lock", "pnpm-lock.yaml", "bun.lock")


@given(st.sampled_from(NAMES), st.text(max_size=200), st.integers(0, 8))
def test_anything_is_a_lockfile_or_an_error(path: str, junk: str, which: int) -> None:
    sample = sorted(SAMPLES.values())[which % len(SAMPLES)][1]
    middle = len(sample) // 2
    with suppress(ManifestError):
        parse_lockfile(path, sample[:middle] + junk + sample[middle:])


@pytest.mark.parametrize("name", [n for n in sorted(SAMPLES) if n.startswith(("pnpm", "berry"))])
def test_the_line_reader_agrees_with_the_yaml_parser(name: str) -> None:
    path, text = SAMPLES[name]
    whole = [document for document in load_yaml(path, text) if document]
    assert load_lock_yaml(path, text) == whole[-1]


scalars = st.text(alphabet="ab1.-: '\"#[]{},@&*|", max_size=12)


@given(st.lists(st.tuples(scalars, scalars), max_size=4))
@example([("1 ", "")])
def test_the_line_reader_never_reads_something_else(pairs: list[tuple[str, str]]) -> None:
    text = "packages:\n" + "".join(f"  {key}: {value}\n" for key, value in pairs) + "x: y\n"
    try:
        reference = load_yaml("p.yaml", text)[-1]
    except ManifestError:
        return
    try:
        mine = load_lock_yaml("p.yaml", text)
    except ManifestError:
        return
    assert mine == reference


def test_lines_are_those_of_the_whole_text(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("archlint.discovery.lockfiles.model._CHUNK", 4)
    for text in ("", "a", "a\n", "a\nbb\n\nccc", "aaaa\r\nb\r\n", "ab\x0bcdefgh\n\n\nx"):
        assert list(lines_of(text)) == text.splitlines()


def test_pnpm_keeps_one_string_for_a_name_and_no_digests() -> None:
    text = SAMPLES["pnpm-9"][1]
    held: list[tuple[str, dict[str, object]]] = []

    def keep(key: str, item: dict[str, object]) -> str:
        held.append((key, item))
        return "small"

    read = load_lock_yaml("pnpm-lock.yaml", text, {"packages": keep})
    assert set(read["packages"].values()) <= {"small", ""}
    assert all("integrity" not in str(item) for _, item in held)
    packages = parse_lockfile("pnpm-lock.yaml", text).packages
    keys = {key: key for key in packages}
    assert all(keys[k] is k for p in packages.values() for k in p.dependencies.values())
