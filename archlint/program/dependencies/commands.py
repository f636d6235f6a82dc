"""The commands in a package's scripts that nothing known provides."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable

from archlint.knowledge.dependencies import implicit
from archlint.model.pattern import lazy_regex
from archlint.model.workspace import Package

_PART = lazy_regex(r"&&|\|\||[;|&\n()]")
_ASSIGNED = lazy_regex(r"^[A-Za-z_]\w*=")
_COMMAND = lazy_regex(r"^@?[\w][\w./@-]*$")
_PREFIXES = frozenset(
    {"npx", "pnpx", "bunx", "exec", "time", "env", "sudo", "cross-env", "command"}
)
_RUNNERS = frozenset({"npm", "yarn", "pnpm", "bun"})


def may_provide(package: Package, name: str, declared: Iterable[str], bins: Iterable[str]) -> str:
    """A command of the scripts that only ``name`` seems able to provide, "" for none.

    ``react-email`` is taken for the source of ``email`` where nothing else explains that command;
    ``bins`` are the commands that are known to be installed.
    """
    parts = set(re.split(r"[-/@.]", name)) - {""}
    return min((c for c in unexplained(package, declared, bins) if c in parts), default="")


def unexplained(package: Package, declared: Iterable[str], bins: Iterable[str]) -> frozenset[str]:
    """The first words of scripts' commands that are no program of the system or of a dependency."""
    table = implicit()
    known = {*table.system_commands, *package.scripts, *bins}
    for name in declared:
        known.update(table.binaries.get(name, ()), usual_commands(name))
    found: set[str] = set()
    for line in package.scripts.values():
        for part in _PART.split(line[:10_000]):
            word = _command(part.split())
            if word and word not in known:
                found.add(word)
    return frozenset(found)


def _command(words: list[str]) -> str:
    """The program that a simple command runs, "" where it is a file or cannot be told."""
    rest = iter(words)
    for word in rest:
        if _ASSIGNED.match(word) or word in _PREFIXES or word.startswith("-"):
            continue
        if word in _RUNNERS:
            inner = next(rest, "")
            if inner not in {"exec", "dlx", "x"}:
                return ""
            continue
        bare = posixpath.basename(word) if "node_modules/.bin/" in word else word
        return bare if _COMMAND.match(bare) and "/" not in bare and "." not in bare else ""
    return ""


def usual_commands(name: str) -> tuple[str, ...]:
    """What a package that is in no table calls its command: ``svgr`` for ``@svgr/cli``."""
    scope, _, bare = name.rpartition("/")
    short = bare.removesuffix("-cli") if bare != "cli" else scope.removeprefix("@")
    return (bare, short) if short != bare else (bare,)
