"""Which rules are on, and how grave and how sure their findings must be, layer by layer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple, Protocol

from archlint.model.finding import Confidence, RuleInfo, Severity


class Layer(Protocol):
    """One level of configuration: the top, or an override."""

    @property
    def select(self) -> tuple[str, ...] | None:
        """Replaces what was selected before (None: leaves it)."""

    @property
    def extend_select(self) -> tuple[str, ...]:
        """Adds to what is selected."""

    @property
    def ignore(self) -> tuple[str, ...]:
        """Takes away from what is selected."""

    @property
    def severity(self) -> Mapping[str, str]:
        """Severity (or ``off``) by rule, category or ``all``."""

    @property
    def confidence(self) -> Mapping[str, str]:
        """Least confidence to show, by rule, category or ``all``."""


class Setting(NamedTuple):
    """How a rule is set for a file; None leaves the rule's severity and the run's confidence."""

    enabled: bool
    severity: Severity | None = None
    confidence: Confidence | None = None


def setting(layer: Layer, info: RuleInfo) -> Setting:
    """The settings of the topmost layer."""
    return _apply(Setting(info.default), layer, info)


def evaluate(start: Setting, layers: Iterable[Layer], info: RuleInfo) -> Setting:
    """The settings after further layers, each with the last word over those before."""
    for layer in layers:
        start = _apply(start, layer, info)
    return start


def _apply(before: Setting, layer: Layer, info: RuleInfo) -> Setting:
    enabled = before.enabled
    if layer.select is not None:
        enabled = _listed(layer.select, info, info.default)
    enabled = _listed(layer.extend_select, info, enabled, start=enabled)
    if _listed(layer.ignore, info, False):
        enabled = False
    severity, confidence = before.severity, before.confidence
    named = _named(layer.severity, info)
    if named == "off":
        enabled = False
    elif named is not None:
        severity = Severity(named)
    sure = _named(layer.confidence, info)
    return Setting(enabled, severity, Confidence(sure) if sure else confidence)


def _listed(
    names: tuple[str, ...], info: RuleInfo, otherwise: bool, *, start: bool | None = None
) -> bool:
    """The last name that speaks of the rule decides.

    A list that opens with ``!`` starts from ``otherwise``, any other from nothing (or ``start``).
    """
    opens_negated = bool(names) and names[0].startswith("!")
    held = otherwise if opens_negated else bool(start)
    for name in names:
        if speaks_of(name.removeprefix("!"), info):
            held = not name.startswith("!")
    return held


def speaks_of(name: str, info: RuleInfo) -> bool:
    """Whether a rule id, alias, category, ``all`` or ``default`` names the rule."""
    if name == "default":
        return info.default
    return name in {"all", info.id, info.category, *info.aliases}


def _named(table: Mapping[str, str], info: RuleInfo) -> str | None:
    """The most specific entry: the rule's id, an alias, its category, ``all``."""
    for name in (info.id, *info.aliases, info.category, "all"):
        if name in table:
            return table[name]
    return None


def known_names(rules: Iterable[RuleInfo]) -> tuple[str, ...]:
    """Every name that a selection may use, sorted."""
    names = {"all", "default"}
    for info in rules:
        names |= {info.id, info.category, *info.aliases}
    return tuple(sorted(names))
