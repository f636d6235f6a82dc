from __future__ import annotations

import pytest

from archlint.model.facts import FileFacts, FunctionFacts
from archlint.program.dependencies.mentions import Strings


def strings(*texts: str) -> Strings:
    module = FunctionFacts(0, "", "module", 0, 0)
    return Strings([FileFacts("a.js", "javascript", 0, (0,), (module,), strings=texts)])


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("pino-pretty", "pino-pretty"),
        ("pino-pretty/file", "pino-pretty"),
        ("@nestjs/platform-ws", "@nestjs/platform-ws"),
        ("@babel/preset-env/lib", "@babel/preset-env"),
        ("eslint-plugin-", "eslint-plugin-react"),
        ("@scope/", "@scope/any"),
    ],
)
def test_a_string_mentions_a_package(text: str, name: str) -> None:
    assert strings("before", text, "x y").mention(name)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("pino-prettyfier", "pino-pretty"),
        ("my-pino-pretty", "pino-pretty"),
        ("use pino-pretty now", "pino-pretty"),
        ("pino-pretty\0", "pino"),
        ("./pino", "pino"),
        ("a-", "a-b"),
        ("/", "/x"),
        ("@scope/one", "@scope/on"),
        ("aXb", "a.b"),
    ],
)
def test_a_string_mentions_no_other_package(text: str, name: str) -> None:
    assert not strings(text).mention(name)
