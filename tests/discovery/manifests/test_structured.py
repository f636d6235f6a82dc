import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archlint.discovery.manifests.structured import (
    MAX_ALIASES,
    decode_json,
    decode_jsonc,
    load_yaml,
    strip_comments,
)
from archlint.model.errors import ManifestError

HOSTILE_JSON = [
    "[" * 100_000,
    "[" * 500 + "]" * 500,
    "1" * 5_000,
    '{"a": ',
    '"\\ud800"',
    "NaN",
    "",
    "{'a': 1}",
    "/*" * 50_000,
]
HOSTILE_YAML = [
    "!!python/object/apply:os.system [id]",
    "[" * 5_000,
    "- " * 1_000 + "a",
    "\n".join(" " * i + "a:" for i in range(700)),
    "a: &a 1\nb:\n" + "  - *a\n" * (MAX_ALIASES + 1),
    "a: b: c",
    "\t- x",
    "a: '",
]


@pytest.mark.parametrize("text", HOSTILE_JSON)
def test_hostile_json_is_one_error(text: str) -> None:
    with pytest.raises(ManifestError) as caught:
        decode_jsonc("x.json", text)
    assert caught.value.path == "x.json"
    assert "\n" not in caught.value.reason


@pytest.mark.parametrize("text", HOSTILE_YAML)
def test_hostile_yaml_is_one_error(text: str) -> None:
    with pytest.raises(ManifestError):
        load_yaml("x.yaml", text)


def test_yaml_aliases_cannot_multiply() -> None:
    lines = ["a0: &a0 [x, x]"]
    lines += [f"a{i}: &a{i} [*a{i - 1}, *a{i - 1}]" for i in range(1, 40)]
    with pytest.raises(ManifestError):
        load_yaml("bomb.yaml", "\n".join(lines))


def test_yaml_scalars_stay_strings() -> None:
    (document,) = load_yaml("x.yaml", "a: 1.10\nb: no\nc: 2024-01-01\nd: ~\n")
    assert document == {"a": "1.10", "b": "no", "c": "2024-01-01", "d": "~"}


def test_comments_and_trailing_commas() -> None:
    text = '{\n // one\n "a": "http://x", /* two\n */ "b": [1, 2,],\n}'
    assert decode_jsonc("t.json", text) == {"a": "http://x", "b": [1, 2]}
    assert strip_comments(text).count("\n") == text.count("\n")


def test_a_byte_order_mark_is_no_content() -> None:
    assert decode_json("x.json", '\ufeff{"a": 1}') == {"a": 1}


json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.text(st.characters(codec="utf-8")),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text(st.characters(codec="utf-8")), inner, max_size=4)
    ),
    max_leaves=15,
)


@given(json_values, st.booleans())
def test_plain_json_survives_the_comment_stripper(value: object, indented: bool) -> None:
    text = json.dumps(value, indent=2 if indented else None, ensure_ascii=False)
    assert decode_jsonc("x.json", text) == value


@given(st.text(alphabet='"\\/*,]}[{: \n', max_size=200))
def test_the_comment_stripper_keeps_every_line(text: str) -> None:
    assert strip_comments(text).count("\n") == text.count("\n")
