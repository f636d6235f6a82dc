"""Rules that a repo brings itself: queries in ``.archlint/rules``, judged on the whole program.

A query's matches are found when files are read; its predicates about the program are decided here:
``(#on-request-path? @x)``, ``(#resolves-to? @callee "node:fs" ...)``,
``(#in-component? @x "api")``, each also as ``#not-...?``. They hold for every match of the file
that has the capture.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from archlint.extract.queries import header, user_queries
from archlint.model.errors import ArchlintError
from archlint.model.facts import FileFacts, Match
from archlint.model.finding import Confidence, Context, Report, RuleInfo, Severity
from archlint.model.ir import Call
from archlint.model.pattern import lazy_regex
from archlint.model.walk import walk
from archlint.program.program import FunctionId, Program
from archlint.rules.registry import Rule
from archlint.rules.reporting import Extra, Site, site_report

_PREDICATE = lazy_regex(
    r"\(#(not-)?(on-request-path|resolves-to|in-component)\?\s+@([\w.-]+)((?:\s+\"[^\"]*\")*)\s*\)"
)
_SLOT = lazy_regex(r"\{([\w.-]+)\}")
_LANGUAGES = {"tsx": "typescript"}


class _Predicate(NamedTuple):
    """A question about a capture, and the answer that a match must give."""

    name: str
    capture: str
    values: tuple[str, ...]
    wanted: bool


def repo_rules(documents: Mapping[str, str]) -> tuple[Rule, ...]:
    """The rules of the repo's own query files, sorted by id; raises ArchlintError."""
    languages: dict[str, list[str]] = {}
    for query in user_queries(documents):
        name = _LANGUAGES.get(query.language, query.language)
        languages.setdefault(query.rule, []).append(name)
    return tuple(
        _rule(name, documents[f".archlint/rules/{name}.scm"], tuple(dict.fromkeys(spoken)))
        for name, spoken in sorted(languages.items())
    )


def _rule(name: str, text: str, languages: tuple[str, ...]) -> Rule:
    head = header(text)
    try:
        severity = Severity(head.get("severity", "warning"))
        confidence = Confidence(head.get("confidence", "high"))
    except ValueError as error:
        raise ArchlintError(f".archlint/rules/{name}.scm: {error}") from None
    message = head.get("message", name)
    predicates = tuple(_predicates(text))

    def check(program: Program) -> Iterator[Report]:
        for facts in program.files.values():
            for match in facts.matches:
                if match.rule == name and _holds(program, facts, match, predicates):
                    report = _report(program, facts, match, message, severity)
                    if report is not None:
                        yield report

    info = RuleInfo(
        id=name,
        category="repo",
        summary=message,
        why=head.get("why", ""),
        remedy=head.get("remedy", ""),
        guide="",
        severity=severity,
        confidence=confidence,
        languages=languages,
    )
    return Rule(info, check)


def _predicates(text: str) -> Iterator[_Predicate]:
    for negated, name, capture, values in _PREDICATE.findall(text):
        yield _Predicate(name, capture, tuple(re.findall(r"\"([^\"]*)\"", values)), not negated)


def _holds(
    program: Program, facts: FileFacts, match: Match, predicates: tuple[_Predicate, ...]
) -> bool:
    """Whether every predicate answers as it should for each of its captures."""
    return all(
        _ask(program, facts, at, predicate) is predicate.wanted
        for predicate in predicates
        for name, at, _, _ in match.captures
        if name == predicate.capture
    )


def _ask(program: Program, facts: FileFacts, at: int, predicate: _Predicate) -> bool:
    function = holding(facts, at)
    if predicate.name == "on-request-path":
        return program.context(function) is Context.REQUEST
    if predicate.name == "in-component":
        component = program.component(facts.path)
        return component is not None and component.name in predicate.values
    return any(
        name == value or name.startswith((f"{value}.", f"{value}("))
        for name in _called(program, function, at)
        for value in predicate.values
    )


def _called(program: Program, function: FunctionId, at: int) -> tuple[str, ...]:
    """The canonical names of the call, or the callee, at a byte of a file."""
    if program.files[function[0]].language == "go":
        return _called_go(program, function, at)
    for call in program.ecma.calls(function):
        if at in {call.at, call.callee.at}:
            names = program.ecma.resolve_call(function, call).externals
            if names:
                return names
    return ()


def _called_go(program: Program, function: FunctionId, at: int) -> tuple[str, ...]:
    body = program.function(function).body or ()
    for node in walk(body):
        if isinstance(node, Call) and at in {node.at, node.callee.at}:
            name = program.golang.callee(function, node).canonical
            if name:
                return (name,)
    return ()


def holding(facts: FileFacts, at: int) -> FunctionId:
    """The innermost function around a byte of a file."""
    around = [f for f in facts.functions if f.index and f.at <= at < f.end]
    return facts.path, (max(around, key=lambda f: (f.at, f.index)).index if around else 0)


def _report(
    program: Program, facts: FileFacts, match: Match, message: str, severity: Severity
) -> Report | None:
    texts = {name: text for name, _, _, text in match.captures}
    name, at, end, text = next(
        (c for c in match.captures if c[0] in {"report", "match"}), match.captures[0]
    )
    shown = _SLOT.sub(lambda slot: texts.get(slot.group(1), slot.group(0)), message)
    scale: Mapping[Context, Severity | None] = dict.fromkeys(Context, severity)
    site = Site(function=holding(facts, at), at=at, end=end, label=name)
    return site_report(program, site, shown, text[:80], Extra(scale=scale))
