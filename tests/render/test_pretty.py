"""The fast way to write JSON gives the same bytes as the standard library's."""

from __future__ import annotations

import json

import pytest

from archlint.render.json import pretty

VALUES = (
    {"a": [], "b": {}, "c": [1, 0.95, 0.0001, None, True], "d": {"e": [{"f": ""}]}},
    {"quotes": 'a"b\\c/d</script>', "controls": "\x00\x01\b\f\n\r\t\x1f\x7f"},
    {"beyond": "naïve \u2028 日本 \U0001f600"},
    {"numbers": [0.1, 100.0, 1234567.891, -3, 2**53]},
    {"last": "\x7f"},
    {"half a pair": "\ud800"},
)


@pytest.mark.parametrize("value", VALUES)
def test_the_same_as_json_dumps(value: object) -> None:
    assert pretty(value) == json.dumps(value, indent=1)


@pytest.mark.parametrize("code", range(0x80))
def test_every_ascii_character(code: int) -> None:
    assert pretty([chr(code)]) == json.dumps([chr(code)], indent=1)
