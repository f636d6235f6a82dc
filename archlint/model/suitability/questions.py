"""What code cannot tell: questions about the context, and hints at their answers."""

from __future__ import annotations

from archlint.model.suitability.evidence import Answer, Evidence, Record


class Hint(Record, frozen=True, kw_only=True):
    """A suggested answer to a question, from the code; never applied by itself."""

    question: str
    value: str
    text: str
    evidence: tuple[Evidence, ...] = ()


class Cadence(Record, frozen=True, kw_only=True):
    """Commits and tagged releases a month, over the last ``months`` months of the git history.

    Counted back from the newest commit; ``unknown`` says why there is no number.
    """

    months: int = 0
    commits: float | None = None
    releases: float | None = None
    unknown: str = ""


class Question(Record, frozen=True, kw_only=True):
    """An open or answered question about what code cannot tell."""

    id: str
    text: str
    values: tuple[str, ...]
    labels: tuple[str, ...]
    guide: tuple[int, ...]
    answer: Answer | None = None
    hint: Hint | None = None
