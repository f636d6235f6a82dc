"""The guide's checklist and scenarios, filled in from signals and answers."""

from __future__ import annotations

from collections.abc import Mapping

from archlint.knowledge.suitability import Guide, Statement
from archlint.model.suitability import (
    Answer,
    ChecklistItem,
    Hint,
    Scenario,
    Signal,
    Status,
)

HIGH, LOW = 0.5, 0.1
"""A signal's value from HIGH on supports a statement, one up to LOW contradicts it."""


class Filler:
    """Fills statements for one component: from its signals, the answers and the hints."""

    def __init__(
        self,
        signals: Mapping[str, Signal],
        answers: Mapping[str, Answer],
        hints: Mapping[str, Hint],
    ) -> None:
        """Keep what statements are filled from."""
        self._signals = signals
        self._answers = answers
        self._hints = hints

    def item(self, statement: Statement) -> ChecklistItem:
        """One statement with its status, its evidence, or the question that it needs."""
        seen = [self._signals[name] for name in statement.evidence if name in self._signals]
        seen = [signal for signal in seen if signal.applicable]
        status, note = _status(seen)
        evidence = tuple(item for signal in seen for item in signal.evidence)[:4]
        if statement.question:
            status, note = self._asked(statement, status, note)
        if status == "question":
            note = self._suggested(statement, seen)
        return ChecklistItem(
            id=statement.id,
            section=statement.section,
            line=statement.line,
            statement=statement.statement,
            leans=statement.leans,
            status=status,
            note=note,
            question=statement.question if status in {"question", "mixed"} else "",
            evidence=evidence if status != "question" else (),
        )

    def _suggested(self, statement: Statement, seen: list[Signal]) -> str:
        """What the repo says beside an open question; it decides nothing."""
        hint = self._hints.get(statement.question)
        if hint is not None and hint.value in statement.when:
            return f"Suggested by the repo: {hint.text}"
        aside = [s.says or s.why_unknown for s in seen if not s.weight]
        return "; ".join(text[:1].upper() + text[1:] for text in aside if text)

    def _asked(self, statement: Statement, status: Status, note: str) -> tuple[Status, str]:
        """The answer decides; without one, the evidence may still speak."""
        answer = self._answers.get(statement.question)
        if answer is None:
            if status == "supported":
                return "mixed", f"{note}; the question is open"
            return "question", ""
        said = "supported" if answer.value in statement.when else "contradicted"
        why = f"answered: {answer.value}"
        if answer.rationale:
            why = f"{why} ({answer.rationale})"
        if status == "supported" and said == "contradicted":
            return "mixed", f"{note}; {why}"
        return ("supported", why) if said == "supported" else ("contradicted", why)


def _status(signals: list[Signal]) -> tuple[Status, str]:
    if not signals:
        return "unknown", ""
    said = dict.fromkeys(s.says or s.why_unknown for s in signals if s.says or s.why_unknown)
    note = "; ".join(said)
    known = [signal.value for signal in signals if signal.value is not None]
    if not known:
        return "unknown", note
    top = max(known)
    if top >= HIGH:
        return "supported", note
    return ("contradicted", note) if top <= LOW else ("mixed", note)


def fill_checklist(guide: Guide, filler: Filler) -> tuple[ChecklistItem, ...]:
    """The closing checklist, in the guide's order."""
    return tuple(filler.item(statement) for statement in guide.checklist)


def fill_scenarios(
    guide: Guide, filler: Filler, answers: Mapping[str, Answer]
) -> tuple[Scenario, ...]:
    """The five scenarios, in the guide's order; the answered one is marked."""
    chosen = answers["scenario"].value if "scenario" in answers else ""
    return tuple(
        Scenario(
            id=text.id,
            title=text.title,
            lines=text.lines,
            leans=text.leans,
            chosen=text.id == chosen,
            conclusion=text.conclusion,
            items=tuple(filler.item(item) for item in text.items),
        )
        for text in guide.scenarios
    )
