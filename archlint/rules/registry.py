"""The ``rule`` decorator and the rules it has collected.

A rule is found by its file. What it says of itself stands in ``index.jsonl`` too, so that a rule is
imported when it is asked to check; ``scripts/compile_data.py`` writes the index, and a rule whose
docstring or metadata differ from it, or that it does not have, is imported at once.
"""

from __future__ import annotations

import importlib
import inspect
import re
import sys
from collections.abc import Callable, Iterator
from functools import cache
from typing import NamedTuple

import msgspec

from archlint.knowledge.compiled import beside, compiled, sources
from archlint.model.finding import Confidence, Depth, Report, RuleInfo, Severity
from archlint.model.pattern import lazy_regex
from archlint.program.program import Program

Check = Callable[[Program], Iterator[Report]]

INDEX = beside(__file__, "index.jsonl")

_COLLECTED: dict[str, Rule] = {}
_SECTION = lazy_regex(r"^(Why it matters|What to do|Guide):\s*", re.MULTILINE)


class Rule(NamedTuple):
    """A rule: its metadata and the pure function that yields its reports."""

    info: RuleInfo
    check: Check


def rule(  # noqa: PLR0913 (a rule's metadata, named one by one)
    name: str,
    *,
    severity: Severity,
    confidence: Confidence = Confidence.HIGH,
    languages: tuple[str, ...],
    aliases: tuple[str, ...] = (),
    default: bool = True,
    needs: Depth = "calls",
) -> Callable[[Check], Check]:
    """Register a check under ``name``; its module's docstring is its documentation.

    ``languages`` are javascript, typescript (both: Node.js) and go; ``default`` is False for a rule
    that must be selected by name. ``needs`` is the depth of linking without which the check does
    not work: ``manifests`` (no source file), ``modules`` (imports, not calls) or ``calls``.
    """

    def register(check: Check) -> Check:
        doc = inspect.cleandoc(sys.modules[check.__module__].__doc__ or "")
        texts = _sections(doc)
        _COLLECTED[name] = Rule(
            RuleInfo(
                id=name,
                category=check.__module__.split(".")[2],
                summary=texts[""],
                why=texts.get("Why it matters", ""),
                remedy=texts.get("What to do", ""),
                guide=texts.get("Guide", ""),
                severity=severity,
                confidence=confidence,
                languages=languages,
                aliases=aliases,
                default=default,
                needs=needs,
            ),
            check,
        )
        return check

    return register


def _sections(doc: str) -> dict[str, str]:
    """Split a rule's docstring into its summary ("") and its named sections."""
    parts = _SECTION.split(doc)
    texts = {"": " ".join(parts[0].split())}
    for title, text in zip(parts[1::2], parts[2::2], strict=True):
        texts[title] = text.strip()
    return texts


class _Deferred:
    """The check of a rule that is imported when it is first called."""

    def __init__(self, module: str, name: str) -> None:
        self.__module__ = module
        self._name = name

    def __call__(self, program: Program) -> Iterator[Report]:
        importlib.import_module(self.__module__)
        return _COLLECTED[self._name].check(program)


@cache
def all_rules() -> tuple[Rule, ...]:
    """Every rule below ``archlint.rules``, sorted by id."""
    return tuple(sorted(map(_known, _sources()), key=lambda rule: rule.info.id))


def imported_rules() -> dict[str, Rule]:
    """Every rule by its file (``<category>/<rule_id>.py``), imported whatever the index says."""
    return {name: _imported(_module(name)) for name, _ in _sources()}


def _known(source: tuple[str, bytes]) -> Rule:
    """A rule as the index has it, else imported."""
    name, head = source
    made = compiled(INDEX, name, head)
    if made is None:
        return _imported(_module(name))
    info = msgspec.json.decode(made, type=RuleInfo)
    return Rule(info, _Deferred(_module(name), info.id))


def _sources() -> Iterator[tuple[str, bytes]]:
    """The files that hold a rule, with what in them says what the rule is."""
    for name, source in sources(INDEX.parent, ".py"):
        head = module_head(source) if "/" in name else b""
        if head:
            yield name, head


def module_head(source: bytes) -> bytes:
    """A module's docstring and the arguments of its ``@rule``; empty for one without a rule."""
    at = source.find(b"\n@rule(")
    if at < 0:
        return b""
    return source[: source.find(b'"""', 3)] + source[at : source.find(b"\ndef ", at)]


def _module(name: str) -> str:
    return "archlint.rules." + name.removesuffix(".py").replace("/", ".")


def _imported(module: str) -> Rule:
    importlib.import_module(module)
    return next(rule for rule in _COLLECTED.values() if rule.check.__module__ == module)
