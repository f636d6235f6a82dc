"""The operating systems and architectures of Go's build constraints."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources


@cache
def platforms() -> tuple[frozenset[str], frozenset[str]]:
    """Every GOOS and every GOARCH that Go recognises in a file name."""
    text = (resources.files(__package__) / "platforms.toml").read_text("utf-8")
    table = tomllib.loads(text)
    return frozenset(table["systems"]), frozenset(table["architectures"])
