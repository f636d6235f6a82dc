"""Suppression comments: ``archlint-ignore[-next-line|-file|-block] RULE[, RULE]: reason``."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

import msgspec

from archlint.model.facts import Directive, FileFacts
from archlint.model.location import line_of
from archlint.model.pattern import lazy_regex

_TEXT = lazy_regex(
    r"ignore(?P<scope>-next-line|-file|-block)?(?:\s+(?P<rules>[^:]*?))?\s*(?::\s*(?P<reason>.*))?",
    re.DOTALL,
)
_NAME = lazy_regex(r"[a-z][a-z0-9-]*")
_DOCUMENT = lazy_regex(
    r"^(?P<before>.*?)(?:^|(?<=\s))(?:#|//|<!--)\s*archlint-(?P<text>ignore.*?)\s*(?:-->)?$"
)


class Suppression(msgspec.Struct):
    """One comment: the rules it silences on lines ``first`` to ``last`` of its file."""

    path: str
    line: int
    first: int
    last: int
    rules: tuple[str, ...]
    reason: str
    used: set[str] = msgspec.field(default_factory=set)

    def covers(self, first: int, last: int) -> bool:
        """Whether a finding from line ``first`` to ``last`` begins or ends where this holds."""
        return self.first <= first <= self.last or self.first <= last <= self.last


class Problem(msgspec.Struct, frozen=True):
    """A comment that is not applied, and why."""

    path: str
    line: int
    text: str


def of_source(facts: FileFacts) -> Iterator[Suppression | Problem]:
    """The suppressions of a source file."""
    ends = {d.line for d in facts.directives if d.text.strip() == "ignore-end"}
    own = {d.line for d in facts.directives if d.own_line}
    for directive in facts.directives:
        if directive.line in ends or not directive.text.startswith("ignore"):
            continue
        parsed = _parse(facts.path, directive)
        if isinstance(parsed, Problem):
            yield parsed
            continue
        scope, rules, reason = parsed
        lines = _lines(facts, directive, scope, (ends, own))
        if lines is None:
            text = "the block that it covers has no end: add `archlint-ignore-end`"
            yield Problem(facts.path, directive.line, text)
        else:
            yield Suppression(facts.path, directive.line, *lines, rules, reason)


def of_document(path: str, text: str) -> Iterator[Suppression | Problem]:
    """The suppressions of a manifest or other file with ``#`` or ``//`` comments."""
    for number, line in enumerate(text.split("\n"), 1):
        if "archlint-ignore" not in line or not (match := _DOCUMENT.match(line.rstrip())):
            continue
        own_line = not match["before"].strip()
        parsed = _parse(path, Directive(number, match["text"], own_line))
        if isinstance(parsed, Problem):
            yield parsed
            continue
        scope, rules, reason = parsed
        first = number + 1 if own_line or scope == "-next-line" else number
        lines = (1, 1 << 30) if scope == "-file" else (first, first)
        yield Suppression(path, number, *lines, rules, reason)


def _parse(path: str, directive: Directive) -> tuple[str, tuple[str, ...], str] | Problem:
    """Scope, rules and reason, or what is wrong with the comment."""
    match = _TEXT.fullmatch(directive.text.strip())
    if match is None:
        return Problem(path, directive.line, "write `archlint-ignore RULE: reason`")
    names = tuple(name for name in re.split(r"[,\s]+", match["rules"] or "") if name)
    wrong = next((name for name in names if not _NAME.fullmatch(name)), None)
    if not names or wrong is not None:
        return Problem(path, directive.line, "it names no rule: `archlint-ignore RULE: reason`")
    reason = " ".join((match["reason"] or "").split())
    if not reason:
        return Problem(path, directive.line, "it gives no reason: `archlint-ignore RULE: reason`")
    return match["scope"] or "", names, reason


def _lines(
    facts: FileFacts, directive: Directive, scope: str, marks: tuple[set[int], set[int]]
) -> tuple[int, int] | None:
    """First and last line that a suppression covers; None for a block without end."""
    ends, own = marks
    last = max(facts.lines, len(facts.line_starts))
    if scope == "-file":
        return 1, last
    following = directive.line + 1
    while following in own:
        following += 1
    if scope == "-block":
        return _block(facts, directive.line, following, ends)
    target = following if directive.own_line or scope == "-next-line" else directive.line
    return target, target


def _block(
    facts: FileFacts, line: int, following: int, ends: Iterable[int]
) -> tuple[int, int] | None:
    """To ``archlint-ignore-end``, else the function or class that begins on the next line."""
    closed = [end for end in ends if end > line]
    if closed:
        return line, min(closed)
    spans = [(line_of(facts, f.at), line_of(facts, f.end)) for f in facts.functions[1:]]
    spans += [(line_of(facts, c.at), line_of(facts, c.end)) for c in facts.classes]
    found = [end for start, end in spans if start == following]
    return (line, max(found)) if found else None
