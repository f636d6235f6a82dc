"""Uses of a package that no import shows: strings, scripts, configuration and other text."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator
from functools import cached_property, lru_cache
from typing import Any

from archlint.config import BASELINE_NAME
from archlint.config.load import OWN_FILES
from archlint.discovery.lockfiles import is_lockfile
from archlint.knowledge.dependencies import implicit
from archlint.model.facts import FileFacts
from archlint.model.ir import Literal
from archlint.model.pattern import lazy_regex
from archlint.model.walk import nodes_of
from archlint.model.workspace import Package
from archlint.program.dependencies.commands import usual_commands
from archlint.program.program import Program

_PREFIX = lazy_regex(r"(?<=\0)[^./\0][^\0]{2,}[-/](?=\0)")
_SHELL_WORD = lazy_regex(r"[^\s;&|()<>\"'`$=]+")
_RUN_SCRIPT = lazy_regex(
    r"(?:pre|post)?(?:start|serve|server|prod|production|worker|cron|migrate\w*|seed|postinstall|preinstall|install"
    r"|prepare|build|compile|bundle|dist|heroku-\w+|gcp-build|vercel-build|release|deploy)(?:[:\-_.]|$)"
)
_NOT_A_USE = frozenset(
    {
        "name",
        "version",
        "description",
        "keywords",
        "author",
        "contributors",
        "license",
        "repository",
        "homepage",
        "bugs",
        "funding",
        "dependencies",
        "devDependencies",
        "optionalDependencies",
        "peerDependencies",
        "peerDependenciesMeta",
        "bundledDependencies",
        "bundleDependencies",
        "trustedDependencies",
        "overrides",
        "resolutions",
        "files",
        "packageManager",
        "pnpm",
        "scripts",
        "engines",
        "workspaces",
    }
)
_UNPARSED = (
    ".vue", ".svelte", ".astro", ".html", ".htm", ".css", ".scss", ".sass", ".less", ".styl",
    ".mdx", ".pug", ".ejs", ".hbs", ".coffee", ".elm", ".graphql", ".prisma",
)  # fmt: skip


class Strings:
    """The string literals of a package's files that could name a package; read when asked for."""

    def __init__(self, files: Iterable[FileFacts]) -> None:
        self._files = tuple(files)

    @cached_property
    def _text(self) -> str:
        """All literals, each between two zero characters."""
        return "\0".join(["", *(text for facts in self._files for text in literals(facts)), ""])

    @cached_property
    def _prefixes(self) -> frozenset[str]:
        """Literals that end in ``-`` or ``/``: the first part of a composed name."""
        return frozenset(_PREFIX.findall(self._text))

    @cached_property
    def _patterns(self) -> list[re.Pattern[str]]:
        """Computed specifiers of imports, their unknown parts open."""
        found = {item.pattern for facts in self._files for item in facts.imports if item.pattern}
        return [
            re.compile("[^/]*".join(re.escape(part) for part in pattern.split("*")))
            for pattern in sorted(found)
            if pattern[0] not in "./*"
        ]

    def mention(self, name: str) -> bool:
        """Whether a literal is the package's name or its first part, or a path into the package."""
        word = re.escape(name)
        for start, found in (
            ("\0", rf"\0{word}(?:/[\w./@-]*[\w.@])?\0"),
            ("node_modules/", rf"\bnode_modules/{word}(?:/|\0)"),
            ("/", rf"//[\w./-]+/{word}@"),  # from a CDN, mostly at the installed version
        ):
            if f"{start}{name}" in self._text and re.search(found, self._text):
                return True
        return any(name.startswith(prefix) for prefix in self._prefixes)

    def loads(self, name: str) -> bool:
        """Whether a computed import may ask for the package."""
        return any(pattern.fullmatch(name) for pattern in self._patterns)


def literals(facts: FileFacts) -> Iterable[str]:
    """Every string literal of 2 to 100 characters; those of Go are looked for in the functions."""
    return _walked(facts) if facts.language == "go" else facts.strings


def _walked(facts: FileFacts) -> Iterator[str]:
    bodies = [node for function in facts.functions for node in function.body or ()]
    for node in nodes_of(Literal, bodies):
        if node.kind == "string" and 1 < len(node.value) <= 100:
            yield node.value


def runs(package: Package, name: str, bins: Iterable[str] | None) -> str:
    """The script that runs a package's command: the first of production, else any, else ""."""
    commands = {*implicit().binaries.get(name, usual_commands(name)), *(bins or ())}
    found = ""
    for script, line in package.scripts.items():
        words = {posixpath.basename(word) for word in _SHELL_WORD.findall(line[:10_000])}
        named = name in line and mentioned(line, name)
        if words & commands or named:
            if _RUN_SCRIPT.match(script):
                return script
            found = found or script
    return found


def is_run_script(script: str) -> bool:
    """Whether a script runs where production dependencies are all there is."""
    return _RUN_SCRIPT.match(script) is not None


def manifest_mention(package: Package, name: str) -> bool:
    """Whether package.json itself names the package in a tool's configuration."""
    stack: list[Any] = [value for key, value in package.raw.items() if key not in _NOT_A_USE]
    while stack:
        item = stack.pop()
        if isinstance(item, dict):
            stack.extend(item.values())
            stack.extend(item)
        elif isinstance(item, list):
            stack.extend(item)
        elif isinstance(item, str) and _names(item, name):
            return True
    return False


def _names(text: str, name: str) -> bool:
    return (name in text and mentioned(text, name)) or text in shorthands(name)


@lru_cache(maxsize=4_096)
def shorthands(name: str) -> frozenset[str]:
    """What configuration files may write for a package: ``react`` for ``eslint-plugin-react``."""
    found: set[str] = set()
    scope, _, bare = name.rpartition("/")
    for fix in implicit().shorthands:
        if fix.startswith("-") and bare.endswith(fix):
            found.add(bare[: -len(fix)])
        elif name.startswith(fix) and len(name) > len(fix):
            found.add(name[len(fix) :])
        elif scope and bare.startswith(fix):
            rest = bare[len(fix) :]
            found.add(f"{scope}/{rest}" if rest else scope)
    if scope and bare in {"eslint-config", "eslint-plugin", "babel-preset", "prettier-config"}:
        found.add(scope)
    return frozenset(found)


def mentioned(text: str, name: str) -> bool:
    """Whether a text holds the name as a word of its own, not as a part of another package's."""
    at = text.find(name)
    while at >= 0:
        end = at + len(name)
        before, after = text[at - 1 : at], text[end : end + 1]
        if not (before.isalnum() or before in {"-", "_", "@"} or _in_scope(text, at)) and not (
            after.isalnum() or after in {"-", "_"}
        ):
            return True
        at = text.find(name, at + 1)
    return False


def _in_scope(text: str, at: int) -> bool:
    """Whether the word at ``at`` follows ``@scope/``."""
    if text[at - 1 : at] != "/":
        return False
    head = text[max(at - 60, 0) : at - 1]
    word = re.search(r"@?[\w.-]*$", head)
    return word is not None and word[0].startswith("@")


def documents(program: Program, package: Package) -> list[str]:
    """The documents in which a package's tools are configured: its own and the repo root's.

    What archlint itself was told of a package is no use of it.
    """
    own = {program.config.baseline or BASELINE_NAME, *OWN_FILES}
    prefix = f"{package.root}/" if package.root else ""
    found: list[str] = []
    for path in program.workspace.documents:
        if (
            path in own
            or is_lockfile(path)
            or path.endswith(("package.json", "go.sum", "modules.txt"))
        ):
            continue
        if path.startswith(prefix) or "/" not in path or path.startswith("."):
            found.append(path)
    return sorted(found)


def document_mention(program: Program, paths: Iterable[str], name: str) -> str:
    """The first document that names the package, or its short form in a quoted string."""
    short = [f"{quote}{word}{quote}" for word in shorthands(name) for quote in "\"'"]
    for path in paths:
        text = program.workspace.documents[path]
        if name in text and mentioned(text, name):
            return path
        if any(word in text for word in short):
            return path
    return ""


def has_unread_text(program: Program, package: Package) -> bool:
    """Whether files in formats that are not parsed were not read as text either."""
    prefix = f"{package.root}/" if package.root else ""
    return any(
        path.endswith(_UNPARSED) and path.startswith(prefix)
        for path in program.workspace.tree - program.workspace.documents.keys()
    )
