"""Commits and releases a month: counted back from the newest commit, no clock involved."""

from __future__ import annotations

from archlint.knowledge.suitability import load_model
from archlint.model.history import History
from archlint.model.suitability import Cadence, Evidence, Hint

MONTH = 2_629_800
"""Seconds in a twelfth of 365.25 days."""

WINDOW = 12
"""Months that are looked at; what is older says little about the roadmap."""

_LEAST = 3
_GUIDE = (16, 160)


def cadence_of(history: History) -> Cadence:
    """The cadence of the last twelve months of a history, of fewer when it holds fewer.

    A history of less than three months is too short to tell, unless it was cut for its bulk.
    """
    if not history.commits:
        return Cadence(unknown=history.unknown or "no commit was read")
    newest = max(history.commits)
    months = min(WINDOW, (newest - min(history.commits)) // MONTH)
    if months < _LEAST and not history.cut:
        return Cadence(unknown="the git history is shorter than three months")
    months = max(1, months)
    first = newest - months * MONTH
    return Cadence(
        months=months,
        commits=_rate(history.commits, first, newest, months),
        releases=_rate(history.releases, first, newest, months),
    )


def _rate(times: tuple[int, ...], first: int, newest: int, months: int) -> float:
    return round(sum(1 for time in times if first < time <= newest) / months, 1)


def cadence_words(cadence: Cadence) -> str:
    """ "38 commits and 2 tagged releases a month over the last 12 months of the history"."""
    if cadence.commits is None or cadence.releases is None:
        return f"commits and releases a month are unknown: {cadence.unknown}"
    span = f"{cadence.months} months" if cadence.months > 1 else "month"
    return (
        f"{_count(cadence.commits, 'commit')} and {_count(cadence.releases, 'tagged release')} "
        f"a month over the last {span} of the history"
    )


def _count(rate: float, noun: str) -> str:
    shown = f"{rate:,.0f}" if rate >= 10 or not rate % 1 else f"{rate:.1f}"
    return f"{shown} {noun}" if shown == "1" else f"{shown} {noun}s"


def cadence_hint(cadence: Cadence) -> Hint | None:
    """Rapid iteration, where commits or releases are frequent, or both are not rare."""
    if cadence.commits is None or cadence.releases is None:
        return None
    scales = load_model().scales
    often, tagged = scales["cadence.commits"], scales["cadence.releases"]
    both = cadence.commits >= often.low and cadence.releases >= tagged.low
    if not (both or cadence.commits >= often.high or cadence.releases >= tagged.high):
        return None
    text = cadence_words(cadence)
    evidence = Evidence(
        signal="growth.cadence", text=text, path="", line=0, leans="node", guide=_GUIDE
    )
    return Hint(question="growth.pattern", value="rapid-iteration", text=text, evidence=(evidence,))
