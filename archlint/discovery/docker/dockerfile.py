"""Dockerfiles: the grammar of BuildKit's parser, stages and build arguments resolved."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import msgspec

from archlint.model.errors import ManifestError
from archlint.model.pattern import lazy_regex

_DIRECTIVE = lazy_regex(r"^#\s*(escape)\s*=\s*(\S)\s*$", re.IGNORECASE)
_FLAG = lazy_regex(r"--([a-z-]+)(?:=(\"[^\"]*\"|\S+))?\s+")
_HEREDOC = lazy_regex(r"<<-?\s*([\"']?)([A-Za-z_][\w.]*)\1")
_VARIABLE = lazy_regex(r"\\\$|\$(?:\{(\w+)(?:(:?[-+])([^{}]*))?\}|(\w+))")
_FROM = lazy_regex(r"^(\S+)(?:\s+as\s+(\S+))?\s*$", re.IGNORECASE)
_ASSIGNMENT = lazy_regex(r"([\w.-]+)=(\"(?:[^\"\\]|\\.)*\"|'[^']*'|(?:[^\s\\]|\\.)*)")
_WITH_HEREDOC = frozenset({"RUN", "COPY", "ADD"})
MAX_INSTRUCTIONS = 5_000


class Instruction(msgspec.Struct, frozen=True):
    """One instruction: ``text`` is all after the keyword and its flags, continuations joined.

    ``words`` is the JSON (exec) form, None for the shell form. ``heredoc`` is the inline text.
    """

    keyword: str
    text: str
    line: int
    flags: tuple[tuple[str, str], ...] = ()
    words: tuple[str, ...] | None = None
    heredoc: str = ""

    def flag(self, name: str) -> str:
        """A flag's value, "" without it."""
        return next((value for key, value in self.flags if key == name), "")


class Stage(msgspec.Struct, frozen=True, kw_only=True):
    """A build stage: ``base`` is its image after build arguments' defaults, as far as known.

    ``parent`` is the index of the stage it starts from (-1 for an image); ``environment`` holds
    what ENV and ARG set in this stage, last value first wins.
    """

    index: int
    name: str
    base: str
    line: int
    parent: int = -1
    instructions: tuple[Instruction, ...] = ()
    environment: dict[str, str] = {}


class Dockerfile(msgspec.Struct, frozen=True, kw_only=True):
    """A Dockerfile; ``arguments`` are the defaults of build arguments before the first FROM."""

    path: str
    stages: tuple[Stage, ...]
    arguments: dict[str, str] = {}

    def stage(self, name: str) -> Stage | None:
        """A stage by name or number."""
        for stage in self.stages:
            if stage.name.lower() == name.lower() or str(stage.index) == name:
                return stage
        return None

    def lineage(self, stage: Stage) -> tuple[Stage, ...]:
        """The stage and those that it starts from, itself first."""
        found = [stage]
        while found[-1].parent >= 0:
            found.append(self.stages[found[-1].parent])
        return tuple(found)


def parse_dockerfile(path: str, text: str) -> Dockerfile:
    """Read a Dockerfile; raises ManifestError when it has no FROM or is no Dockerfile."""
    arguments: dict[str, str] = {}
    stages: list[Stage] = []
    body: list[Instruction] = []
    for count, item in enumerate(_instructions(text)):
        if count > MAX_INSTRUCTIONS:
            raise ManifestError(path, "has too many instructions")
        if item.keyword == "FROM":
            _close(stages, body, arguments)
            stages.append(_stage(path, item, arguments, stages))
        elif stages:
            body.append(item)
        elif item.keyword == "ARG":
            arguments.update(_assignments(item, arguments))
    _close(stages, body, arguments)
    if not stages:
        raise ManifestError(path, "has no FROM")
    return Dockerfile(path=path, stages=tuple(stages), arguments=arguments)


def _stage(path: str, item: Instruction, arguments: dict[str, str], earlier: list[Stage]) -> Stage:
    match = _FROM.match(item.text)
    if match is None:
        raise ManifestError(path, f"has a malformed FROM on line {item.line}")
    base, name = expand(match[1], arguments), match[2] or ""
    parent = next(
        (s.index for s in reversed(earlier) if s.name.lower() == base.lower() and base), -1
    )
    return Stage(index=len(earlier), name=name, base=base, line=item.line, parent=parent)


def _close(stages: list[Stage], body: list[Instruction], arguments: dict[str, str]) -> None:
    """Give the last stage its instructions, with variables known by then."""
    if not stages:
        return
    environment: dict[str, str] = {}
    if stages[-1].parent >= 0:
        environment.update(stages[stages[-1].parent].environment)
    for item in body:
        if item.keyword in {"ARG", "ENV"}:
            environment.update(_assignments(item, {**arguments, **environment}))
    stages[-1] = msgspec.structs.replace(
        stages[-1], instructions=tuple(body), environment=environment
    )
    body.clear()


def _assignments(item: Instruction, known: dict[str, str]) -> dict[str, str]:
    found = {
        name: expand(value.strip("\"'"), known) for name, value in _ASSIGNMENT.findall(item.text)
    }
    if not found:
        name, _, value = item.text.strip().partition(" ")
        if item.keyword == "ENV" and name:
            return {name: expand(value.strip().strip("\"'"), known)}
        return {name: known[name]} if name in known else {}
    return found


def expand(text: str, known: dict[str, str]) -> str:
    """Replace ``$x``, ``${x}``, ``${x:-y}`` and ``${x:+y}``; an unknown one becomes ""."""

    def value(match: re.Match[str]) -> str:
        if match[0] == "\\$":
            return "$"
        name = match[1] or match[4]
        have = known.get(name, "")
        if match[2] and match[2].endswith("-"):
            return have or match[3]
        if match[2]:
            return match[3] if have else ""
        return have

    return _VARIABLE.sub(value, text[:4_000])


def _instructions(text: str) -> Iterator[Instruction]:
    lines = text.splitlines()
    escape = _escape(lines)
    at = 0
    while at < len(lines):
        start = at
        stripped = lines[at].strip()
        at += 1
        if not stripped or stripped.startswith("#"):
            continue
        parts = [stripped]
        while parts[-1].endswith(escape) and at < len(lines):
            following = lines[at].strip()
            at += 1
            parts[-1] = parts[-1][: -len(escape)].rstrip()
            parts.append("" if following.startswith("#") else following)
            if not parts[-1]:  # comments and empty lines do not end a continuation
                parts[-1] = escape
        joined = " ".join(part for part in parts if part != escape)
        keyword, _, rest = joined.replace("\t", " ").partition(" ")
        heredoc, at = _heredocs(keyword.upper(), rest, lines, at)
        yield _instruction(keyword.upper(), rest.strip(), start + 1, heredoc)


def _escape(lines: list[str]) -> str:
    """The continuation character: a backslash unless a directive at the very top says else."""
    for line in lines:
        match = _DIRECTIVE.match(line)
        if match:
            return match[2]
        if not line.startswith("#"):
            break
    return "\\"


def _heredocs(keyword: str, rest: str, lines: list[str], at: int) -> tuple[str, int]:
    """The text of an instruction's here-documents and the line after them."""
    if keyword not in _WITH_HEREDOC or "<<" not in rest:
        return "", at
    found: list[str] = []
    for match in _HEREDOC.finditer(rest):
        start = at
        while at < len(lines) and lines[at].strip() != match[2]:
            at += 1
        found.extend(lines[start:at])
        at += 1
    return "\n".join(found), at


def _instruction(keyword: str, rest: str, line: int, heredoc: str) -> Instruction:
    flags: list[tuple[str, str]] = []
    while True:
        match = _FLAG.match(rest)
        if match is None:
            break
        flags.append((match[1], (match[2] or "").strip('"')))
        rest = rest[match.end() :]
    words: tuple[str, ...] | None = None
    if rest.startswith("["):
        try:
            loaded = json.loads(rest)
        except (ValueError, RecursionError):
            loaded = None
        if isinstance(loaded, list) and all(isinstance(word, str) for word in loaded):
            words = tuple(loaded)
    return Instruction(keyword, rest, line, tuple(flags), words, heredoc)
