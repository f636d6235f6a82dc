"""Configuration files: what they mean, and one clear line for every mistake."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from archlint.config import Config, check_names, complete, load_config
from archlint.config.file import ConfigFile, schema
from archlint.model.errors import ArchlintError
from archlint.model.finding import Confidence, RuleInfo, Severity

TREE = ["src/a/x.js", "pkg/src/y.js", "pkg/src/z.js", "archlint.toml"]


def info(name: str, category: str = "promises", *, default: bool = True) -> RuleInfo:
    return RuleInfo(
        id=name,
        category=category,
        summary="",
        why="",
        remedy="",
        guide="",
        severity=Severity.ERROR,
        confidence=Confidence.HIGH,
        languages=("go",),
        aliases=("former",) if name == "floating" else (),
        default=default,
    )


def load(root: Path, text: str, nested: dict[str, str] | None = None) -> Config:
    (root / "archlint.toml").write_text(text, encoding="utf-8")
    return complete(load_config(root), TREE, nested or {})


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ('selct = ["all"]\n', 1, "unknown key 'selct': did you mean 'select'?"),
        ("\n\nselect = 3\n", 3, "select: expected a list, got a number"),
        ("exclude = [1]\n", 1, "exclude: expected a string, got a number"),
        ('[severity]\n\nx = "eror"\n', 3, "unknown value 'eror': did you mean 'error'?"),
        ('fail_on = "fatal"\n', 1, "one of error, note, warning"),
        ('[[overrides]]\nfiles = ["scr/a/**"]\n', 2, "'scr/a/**' matches no file: did you mean"),
        ('[[overrides]]\nignore = ["x"]\n', 1, "the key 'files' is missing"),
        ('exclude = ["dist/**"]\n', 1, "matches no file"),
        ('[components]\napi = ["srv/**"]\n', 2, "component api: 'srv/**' matches no file"),
        (
            '[components]\napi = ["src/**"]\n[[contracts]]\ntype = "layers"\nlayers = ["apj"]\n',
            5,
            "no component is called 'apj': did you mean 'api'?",
        ),
        ('[[contracts]]\ntype = "layrs"\n', 2, "did you mean 'layers'?"),
        ('[[frameworks]]\nname = "x"\ncals = []\n', 3, "unknown key 'cals': did you mean 'call'?"),
        ("[dependencies]\nmax_depth = true\n", 2, "expected a whole number"),
        ("a = [\n", None, "not valid TOML"),
        ("x = 1\nx = 2\n", 2, "not valid TOML"),
    ],
)
def test_mistakes(tmp_path: Path, text: str, line: int | None, says: str) -> None:
    with pytest.raises(ArchlintError) as caught:
        load(tmp_path, text)
    message = str(caught.value)
    assert message.startswith(f"archlint.toml:{line}: " if line else "archlint.toml")
    assert says in message
    assert "\n" not in message


def test_defaults() -> None:
    assert Config().fail_on is Severity.ERROR
    assert Config().min_confidence is Confidence.MEDIUM
    assert Config().selects(info("x"))
    assert not Config().selects(info("x", default=False))


def test_selection_by_rule_category_and_negation(tmp_path: Path) -> None:
    config = load(tmp_path, 'select = ["all", "!promises", "floating"]\nignore = ["noisy"]\n')
    assert config.selects(info("floating"))
    assert not config.selects(info("misused"))
    assert config.selects(info("cycle", "architecture", default=False))
    assert not config.selects(info("noisy", "architecture"))
    assert load(tmp_path, 'select = ["!promises"]\n').selects(info("x", "architecture"))
    assert not load(tmp_path, 'select = ["!promises"]\n').selects(info("x"))
    assert load(tmp_path, 'extend_select = ["x"]\n').selects(info("x", default=False))
    assert load(tmp_path, 'ignore = ["promises", "!floating"]\n').selects(info("floating"))
    assert not load(tmp_path, 'ignore = ["former"]\n').selects(info("floating"))


def test_overrides_hold_for_their_files(tmp_path: Path) -> None:
    text = """
[severity]
promises = "warning"
[[overrides]]
files = ["pkg/**", "!pkg/src/z.js"]
ignore = ["floating"]
confidence = { all = "high" }
[[overrides]]
files = ["src/**"]
severity = { floating = "note", misused = "off" }
"""
    config = load(tmp_path, text)
    rule = info("floating")
    assert not config.at(rule, "pkg/src/y.js").enabled
    assert config.at(rule, "pkg/src/z.js") == (True, Severity.WARNING, None)
    assert config.at(rule, "src/a/x.js") == (True, Severity.NOTE, None)
    assert config.at(info("misused"), "pkg/src/y.js").confidence is Confidence.HIGH
    assert not config.at(info("misused"), "src/a/x.js").enabled
    assert config.selects(rule), "on somewhere, so it has to run"


def test_nested_files(tmp_path: Path) -> None:
    nested = {
        "pkg/archlint.toml": 'ignore = ["floating"]\nexclude = ["src/y.js"]\n',
        "lib/package.json": '{"name": "lib"}',
    }
    config = load(tmp_path, 'select = ["all"]\n', nested)
    assert config.sources == ("archlint.toml", "pkg/archlint.toml")
    assert not config.at(info("floating"), "pkg/src/z.js").enabled
    assert config.at(info("floating"), "src/a/x.js").enabled
    assert config.excludes("pkg/src/y.js")
    assert not config.excludes("src/y.js")


def test_nested_files_cannot_set_what_is_the_roots(tmp_path: Path) -> None:
    with pytest.raises(ArchlintError, match=r"pkg/archlint.toml:2: 'contracts' belongs into"):
        load(tmp_path, "", {"pkg/archlint.toml": "\ncontracts = []\n"})


def test_nested_files_of_excluded_folders_do_not_count(tmp_path: Path) -> None:
    broken = {"pkg/archlint.toml": "nonsense = ["}
    assert load(tmp_path, 'exclude = ["pkg/**"]\n', broken).sources == ("archlint.toml",)


def test_pyproject_and_package_json(tmp_path: Path) -> None:
    package = {"name": "x", "archlint": {"ignore": ["floating"]}}
    (tmp_path / "package.json").write_text(json.dumps(package))
    assert load_config(tmp_path).sources == ("package.json",)
    (tmp_path / "pyproject.toml").write_text('[tool.archlint]\nfail_on = "note"\n')
    assert load_config(tmp_path).fail_on is Severity.NOTE
    (tmp_path / "archlint.toml").write_text("")
    assert load_config(tmp_path).fail_on is Severity.ERROR


def test_other_peoples_files_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "archlint-user"\n')
    (tmp_path / "package.json").write_text('{"devDependencies": {"x": "1"}')
    assert load_config(tmp_path) == Config()


def test_package_json_mistakes_name_their_line(tmp_path: Path) -> None:
    (tmp_path / "package.json").write_text('{\n "archlint": {\n  "ignor": []\n }\n}\n')
    with pytest.raises(ArchlintError, match=r"package.json:3: unknown key 'ignor'"):
        load_config(tmp_path)


def test_unknown_rule_names(tmp_path: Path) -> None:
    config = load(tmp_path, 'select = [\n "all",\n "!floatin",\n]\n')
    with pytest.raises(ArchlintError, match=r"archlint.toml:3: .*did you mean 'floating'"):
        check_names(config, [info("floating")])
    check_names(load(tmp_path, 'ignore = ["promises", "former"]\n'), [info("floating")])


def test_optional_globs_may_match_nothing(tmp_path: Path) -> None:
    text = """
exclude = { globs = ["dist/**"], optional = true }
[components]
ui = { globs = ["web/**"], optional = true }
[[overrides]]
files = ["x/**"]
optional = true
"""
    assert load(tmp_path, text).components == {"ui": ("web/**",)}


def test_contracts_as_documented(tmp_path: Path) -> None:
    text = """
[components]
api = ["src/**"]
domain = ["pkg/**"]
[[contracts]]
name = "layers"
type = "layers"
layers = ["api", "domain"]
ignore = [{from = "api", to = "domain", reason = "later", until = 2027-06-30}]
[[contracts]]
type = "forbidden"
from = ["domain"]
to = ["npm:express", "go:database/sql"]
indirect = false
[dependencies]
max_transitive_prod = 600
deny = [{module = "npm:request", use = ["node:fetch"], reason = "old"}]
[context]
team.hiring = "js-pool"
"""
    config = load(tmp_path, text)
    layers, forbidden = config.contracts
    assert layers.ignore[0].until == "2027-06-30"
    assert forbidden.to == ("npm:express", "go:database/sql")
    assert config.dependencies.deny[0].module == "npm:request"
    assert config.context == {"team": {"hiring": "js-pool"}}


@pytest.mark.parametrize(
    "text",
    [
        ".".join(["a"] * 50_000) + " = 1\n",
        "[" + ".".join(["a"] * 50_000) + "]\n",
        "a = " + "[" * 50_000,
        "a = " + "{a=" * 5_000,
        "x = '" + "a" * 300_000 + "'\n",
    ],
    ids=["dotted key", "dotted header", "arrays", "inline tables", "large"],
)
def test_hostile_files_end_at_once(tmp_path: Path, text: str) -> None:
    with pytest.raises(ArchlintError):
        load(tmp_path, text)


def test_binary_and_unreadable(tmp_path: Path) -> None:
    (tmp_path / "archlint.toml").write_bytes(b"a = 1\n\xff\xfe")
    with pytest.raises(ArchlintError, match=r"archlint.toml:2: not valid UTF-8"):
        load_config(tmp_path)
    with pytest.raises(ArchlintError, match="cannot be read"):
        load_config(tmp_path, tmp_path / "none.toml")


def test_the_schema_knows_every_key() -> None:
    found = schema()
    top = found["$defs"]["ConfigFile"]
    assert set(top["properties"]) == set(ConfigFile.__struct_encode_fields__)
    assert top["additionalProperties"] is False


@pytest.mark.parametrize("day", ['"soon"', '"2027-6-30"', '"20270630"', "true"])
def test_until_is_a_day(tmp_path: Path, day: str) -> None:
    text = f"""[[contracts]]
type = "forbidden"
from = ["a/**"]
to = ["npm:x"]
ignore = [{{from = "a", to = "npm:x", until = {day}}}]
"""
    with pytest.raises(
        ArchlintError, match=r"archlint\.toml:\d+: .*until: expected a (day|string)"
    ):
        load(tmp_path, text)
