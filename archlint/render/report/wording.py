"""The words that every form of the report uses for the same thing."""

from __future__ import annotations

from archlint.model.suitability import (
    Evidence,
    Lean,
    Outcome,
    Practice,
    Scenario,
    Signal,
    SuitabilityReport,
    Unit,
    Verdict,
)

BANDS = {"node": "leans to Node.js", "either": "either runtime would do", "go": "leans to Go"}
RUNTIMES = {"node": "Node.js", "go": "Go"}
STATUS = {
    "supported": "applies",
    "contradicted": "does not apply",
    "mixed": "partly",
    "unknown": "unknown",
    "question": "needs an answer",
    "not-applicable": "not applicable",
}
MANY = {"supported": "apply", "contradicted": "do not apply", "question": "need an answer"}
"""Where the words for several differ."""
KINDS = {
    "insufficient-evidence": "insufficient evidence",
    "mismatch": "possible mismatch",
    "extract": "extract",
    "isolate": "isolate",
    "fits-with-changes": "fits with changes",
    "fits": "fits",
    "reconsider": "reconsider",
    "not-assessed": "not assessed",
}
NO_COMPONENT = "No component found: no package.json and no Go module or main package here."
SEEN = 0.5
"""Below this coverage the lean's band is not named."""
TONES = {
    "fits": "good",
    "fits-with-changes": "fair",
    "isolate": "fair",
    "extract": "strong",
    "mismatch": "strong",
    "reconsider": "strong",
    "insufficient-evidence": "open",
    "not-assessed": "open",
}
"""How a verdict is coloured; the words say the same."""


def weighed(verdict: Verdict) -> bool:
    """Whether a verdict has a firmness worth naming: one that was withheld has none."""
    return verdict.kind not in {"not-assessed", "insufficient-evidence"}


def share(value: float | None) -> str:
    """A share in percent, ``?`` for unknown."""
    return "?" if value is None else f"{value:.0%}"


def lean_number(value: float | None) -> str:
    """A lean with its sign, ``?`` for unknown."""
    if value is None:
        return "?"
    text = f"{value:+.2f}".replace("-", "−")
    return text if text.strip("+−0.") else "0.00"


COMMAND = "as far as a command has a lean: it serves no load, and its verdict does not rest on it"


def lean_words(lean: Lean, kind: str = "") -> str:
    """A lean, its interval and its band in words; a command's band is not named."""
    place = COMMAND if kind == "cli" else _band_words(lean)
    return (
        f"lean {lean_number(lean.value)}, interval {lean_number(lean.low)} to "
        f"{lean_number(lean.high)} (−1 is Node.js, +1 is Go): {place}"
    )


def _band_words(lean: Lean) -> str:
    return BANDS[lean.band] if lean.coverage >= SEEN else "too little was observed to place it"


def ratio(practice: Practice) -> str:
    """k of n in order, ``?`` where it could not be counted."""
    if practice.n is None or practice.k is None:
        return "?"
    return f"{practice.k} of {practice.n}"


def value_words(signal: Signal) -> str:
    """A signal's value: its count where it has one, else its share, ``?`` for unknown."""
    if not signal.applicable:
        return "n/a"
    if signal.value is None:
        return "?"
    if signal.k is not None and signal.n is not None:
        return f"{signal.k} of {signal.n}"
    return share(signal.value)


def guide_words(lines: tuple[int, ...]) -> str:
    """``guide L62, L94``."""
    return "guide " + ", ".join(f"L{line}" for line in lines) if lines else ""


def place(evidence: Evidence) -> str:
    """``path:line`` of evidence; the line is left out for evidence about a whole file."""
    if not evidence.path:
        return ""
    return f"{evidence.path}:{evidence.line}" if evidence.line else evidence.path


def top_evidence(unit: Unit) -> tuple[Evidence, ...]:
    """The three pieces of evidence that the verdict strip shows."""
    towards = unit.moving if unit.verdict.kind in _AWAY else unit.staying
    other = unit.staying if towards is unit.moving else unit.moving
    return (*towards[:2], *other[:1])[:3] if towards else other[:3]


_AWAY = {"mismatch", "extract", "isolate", "reconsider"}

_ORDER = ("service", "worker", "cli", "library", "tool", "frontend", "test")


def outcome_words(outcome: Outcome) -> str:
    """A verdict of the seeded runs, with its band where it has one."""
    words = KINDS[outcome.verdict]
    return f"{words} ({BANDS[outcome.band]})" if outcome.band else words


def ordered(report: SuitabilityReport) -> list[Unit]:
    """The components, those that matter most first: services, by entry points."""
    return sorted(
        report.units,
        key=lambda u: (
            u.verdict.kind == "not-assessed",
            _ORDER.index(u.component.kind) if u.component.kind in _ORDER else len(_ORDER),
            -u.counted,
            u.component.root,
            u.component.name,
        ),
    )


def sentence(text: str) -> str:
    """The text with a capital first letter."""
    return text[:1].upper() + text[1:]


def scenario_words(scenario: Scenario) -> str:
    """How many of a scenario's statements apply, do not, or are open."""
    states = [str(item.status) for item in scenario.items]
    counts = [
        f"{states.count(state)} {words if states.count(state) == 1 else MANY.get(state, words)}"
        for state, words in STATUS.items()
        if state in states
    ]
    return ", ".join(counts)
