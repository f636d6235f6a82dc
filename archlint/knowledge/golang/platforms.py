"""The operating systems and architectures of Go's build constraints."""

from __future__ import annotations

from functools import cache
from typing import Any

from archlint.knowledge.tables import table


@cache
def platforms() -> tuple[frozenset[str], frozenset[str]]:
    """Every GOOS and every GOARCH that Go recognises in a file name."""
    lists = table("golang/platforms.toml", dict[str, Any])
    return frozenset(lists["systems"]), frozenset(lists["architectures"])


def is_platform(tag: str) -> bool:
    """Whether Go itself sets a tag: a system, an architecture, a compiler or a version."""
    systems, architectures = platforms()
    own = tag in {"unix", "cgo", "gc", "gccgo"} or tag.startswith("go1")
    return own or tag in systems or tag in architectures


def never_built(constraint: str) -> bool:
    """Whether a build constraint asks for a tag that no build of the program sets."""
    terms = constraint.split(" && ") if constraint else ()
    return any(term in _unbuilt() for term in terms)


@cache
def _unbuilt() -> frozenset[str]:
    return frozenset(table("golang/platforms.toml", dict[str, Any])["unbuilt"])
