"""The ``rule`` decorator and the rules it has collected; a rule is found by import."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache

from archlint.model.finding import Confidence, Report, RuleInfo, Severity
from archlint.program.program import Program

Check = Callable[[Program], Iterator[Report]]

_COLLECTED: dict[str, Rule] = {}
_SECTION = re.compile(r"^(Why it matters|What to do|Guide):\s*", re.MULTILINE)


@dataclass(frozen=True)
class Rule:
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
) -> Callable[[Check], Check]:
    """Register a check under ``name``; its module's docstring is its documentation.

    ``languages`` are javascript, typescript (both: Node.js) and go; ``default`` is False for a rule
    that must be selected by name.
    """

    def register(check: Check) -> Check:
        module = inspect.getmodule(check)
        doc = inspect.cleandoc((module.__doc__ if module else "") or "")
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


@cache
def all_rules() -> tuple[Rule, ...]:
    """Every rule below ``archlint.rules``, sorted by id."""
    package = importlib.import_module("archlint.rules")
    for found in pkgutil.walk_packages(package.__path__, "archlint.rules."):
        if found.name.count(".") >= 3:
            importlib.import_module(found.name)
    return tuple(_COLLECTED[name] for name in sorted(_COLLECTED))
