"""Which outside calls give promises: Node.js's own and packages', with lazy ones and hybrids."""

from __future__ import annotations

import json
import re
import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

from archlint.knowledge.frameworks import expand

_NODE = files("archlint.knowledge") / "node"


class PromiseApi:
    """Canonical callee names (``node:fs/promises.readFile``); ``*`` stands for one step's name."""

    def __init__(self, exact: dict[str, str], patterns: list[tuple[re.Pattern[str], str]]) -> None:
        self._exact = exact
        self._patterns = patterns
        self._memo: dict[str, str] = {}

    def kind(self, callee: str) -> str:
        """promise, lazy, hybrid (a promise without a callback), none, or "" when not listed."""
        found = self._memo.get(callee)
        if found is None:
            found = self._exact.get(callee) or next(
                (kind for pattern, kind in self._patterns if pattern.fullmatch(callee)), ""
            )
            self._memo[callee] = found
        return found

    def sort(self, callee: str) -> tuple[bool, bool]:
        """Whether a call gives a lazy thenable, and whether it gives a promise."""
        kind = self.kind(callee)
        return kind == "lazy", kind in {"promise", "hybrid"}

    def is_hybrid(self, callee: str) -> bool:
        """Whether a callback as last argument takes the promise's place."""
        return self.kind(callee) == "hybrid"


def _pattern(name: str) -> re.Pattern[str]:
    """A name with ``*`` (one step's name) and ``**`` (any steps) as a regular expression."""
    parts = re.split(r"(\*\*|\*)", name)
    rules = {"*": r"[^.()]+", "**": r".*"}
    return re.compile("".join(rules.get(part) or re.escape(part) for part in parts))


@cache
def promise_api() -> PromiseApi:
    """The tables, loaded once."""
    exact: dict[str, str] = {}
    patterns: list[tuple[re.Pattern[str], str]] = []
    core: dict[str, Any] = json.loads((_NODE / "core.json").read_text("utf-8"))
    for name in core["promises"]:
        exact[name] = "promise"
    for item in sorted(_NODE.iterdir(), key=lambda path: path.name):
        if not (item.name.startswith("promises") and item.name.endswith(".toml")):
            continue
        table = tomllib.loads(item.read_text("utf-8"))
        for kind in ("none", "lazy", "hybrid", "promise"):
            for pattern in table.get(kind, ()):
                for name in expand(pattern):
                    if "*" in name:
                        patterns.append((_pattern(name), kind))
                    else:
                        exact[name] = kind
    order = ("none", "lazy", "hybrid", "promise")
    patterns.sort(key=lambda entry: order.index(entry[1]))
    return PromiseApi(exact, patterns)
